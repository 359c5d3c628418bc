/**
 * A check that asked nothing, or less than it seems to, does not pass.
 */
import { assertDriver, type CheckDriverOptions, checkDriver, textOfDriver } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { listed } from "../../../fixtures/drivers/listed.ts";
import { RIGHT } from "../../../support/driver-mistakes.ts";

const WRONG: readonly (readonly [object, string])[] = [
  [{ schedules: -1 }, "found schedules = -1, expected an integer from 0."],
  [{ schedules: "x" }, 'found schedules = "x", expected an integer from 0.'],
  [{ maxStates: Number.NaN }, "found maxStates = NaN, expected an integer from 1."],
  [{ maxSteps: 0 }, "found maxSteps = 0, expected an integer from 1."],
  [{ seed: 1.5 }, "found seed = 1.5, expected an integer from 0."],
  [{ stopAtFirst: "no" }, 'found stopAtFirst = "no", expected true or false.'],
  [{ scenarios: "driver/clear" }, 'found scenarios = "driver/clear", expected a list of names.'],
  [{ scenario: [] }, 'found the option "scenario", expected one of maxStates'],
  [{ maxstates: 5 }, 'Did you mean "maxStates"?'],
];

describe("options of a driver's check", () => {
  it.each(WRONG)("%j are refused", (options, message) => {
    const check = () => checkDriver(RIGHT, options as CheckDriverOptions);
    expect(check).toThrow("E_OPTION: ");
    expect(check).toThrow(message);
  });

  it("that ask no scenario leave everything undecided, and the assertion throws", () => {
    const report = checkDriver(RIGHT, { scenarios: [] });
    expect(report).toMatchObject({ ok: false, searched: 0, large: 0, stopped: false });
    expect(report.rules.map(({ outcome }) => outcome)).toContain("undecided");
    expect(() => assertDriver(RIGHT, { scenarios: [] })).toThrow(
      "undecided, as no scenario was asked:",
    );
  });

  it("that draw no schedule leave the rules of that scenario undecided", () => {
    const options = { scenarios: ["driver/clear", "driver/crowd"], schedules: 0 };
    const report = checkDriver(RIGHT, options);
    expect(report.ok).toBe(false);
    expect(textOfDriver(report)).toContain("undecided, as no schedule of driver/crowd was drawn");
  });
});

describe("a schedule that maxSteps cuts", () => {
  it("leaves the rules of its scenario undecided", () => {
    const options = { scenarios: ["driver/crowd"], schedules: 50, maxSteps: 20 };
    const report = checkDriver(RIGHT, options);
    expect(report).toMatchObject({ ok: false, schedules: 50, cutSchedules: 50 });
    expect(textOfDriver(report).replaceAll(/\s+/g, " ")).toMatch(
      /undecided, as \d+ of 50 schedules of driver\/crowd did not end in 20 steps \(maxSteps\)/,
    );
    expect(() => assertDriver(RIGHT, options)).toThrow("(maxSteps)");
  });

  it("by priorities, which starve who is waited for, is only told", () => {
    const report = checkDriver(listed, { scenarios: ["driver/crowd"], schedules: 300 });
    expect(report.cutSchedules).toBeGreaterThan(0);
    expect(report.ok).toBe(true);
    expect(textOfDriver(report).replaceAll(/\s+/g, " ")).toContain(
      `; ${report.cutSchedules} cut for their length)`,
    );
  });

  it("is none in a report of what ended: it says in how many scenarios schedules were drawn", () => {
    const report = checkDriver(RIGHT, {
      scenarios: ["driver/clear", "driver/crowd"],
      schedules: 50,
    });
    expect(report).toMatchObject({ ok: true, whole: 1, large: 1, cutSchedules: 0 });
    expect(report.rules.find(({ rule }) => rule === "K-I14")).toMatchObject({ held: 1, drawn: 1 });
    expect(textOfDriver(report)).toMatch(/K-I14 +held: \d+ states of 1 scenario; drawn in 1\n/);
  });
});
