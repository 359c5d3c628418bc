import { checkDriver, type DriverFinding, replayDriver } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { FAULT_MISTAKES, INVALIDATE_MISTAKES, RIGHT } from "../support/driver-mistakes.ts";

const MISTAKES = [...FAULT_MISTAKES, ...INVALIDATE_MISTAKES].map((mistake) => ({
  ...mistake,
  name: mistake.driver.name,
}));

describe("a driver that makes a classical mistake", () => {
  it("there are more than twelve", () => {
    expect(MISTAKES.length).toBeGreaterThan(12);
    expect(new Set(MISTAKES.map(({ name }) => name)).size).toBe(MISTAKES.length);
  });

  it.each(MISTAKES)("$name breaks $rule in $scenario", ({ driver, rule, scenario, length }) => {
    const report = checkDriver(driver, { stopAtFirst: true });
    const finding = report.rules.find((one) => one.rule === rule)?.finding as DriverFinding;
    expect(report.ok).toBe(false);
    expect(finding).toMatchObject({ rule, scenario, length });
    // Who goes round for ever has no shortest run: the loop is found, not measured.
    expect(finding.certified).toBe(rule !== "no-progress");
    if (rule === "no-progress") return;
    const again = replayDriver(driver, finding.schedule);
    expect(again.findings.map((one) => one.rule)).toContain(rule);
  });

  it("and the driver without one breaks nothing in these scenarios", () => {
    const scenarios = [...new Set(MISTAKES.map(({ scenario }) => scenario))];
    const report = checkDriver(RIGHT, { scenarios });
    expect(report.ok).toBe(true);
    expect(report.whole).toBe(scenarios.length);
  });
});
