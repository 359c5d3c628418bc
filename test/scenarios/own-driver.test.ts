import { changeOfDriver, DRIVER_SCENARIOS, type Driver, type NamedScenario } from "@mmreplay/core";
import { assertDriver, checkDriver } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import {
  observablyEqual,
  observedGraph,
} from "../../packages/replay/src/explore/observed-graph.ts";
import { amdkfd } from "../fixtures/drivers/amdkfd.ts";
import { listed } from "../fixtures/drivers/listed.ts";
import { mlx5 } from "../fixtures/drivers/mlx5.ts";
import { myDriver } from "../fixtures/drivers/my-driver-4.ts";
import { nouveau } from "../fixtures/drivers/nouveau.ts";
import { INVALIDATE_MISTAKES, RIGHT } from "../support/driver-mistakes.ts";
import { WHOLE } from "../support/sample.ts";

const DRIVERS: readonly Driver[] = [nouveau, amdkfd, mlx5, listed, myDriver];

/** Of each large scenario. */
const SCHEDULES = WHOLE ? 100 : 25;

describe("a driver that is right breaks no rule", () => {
  it.each(DRIVERS)(
    "$name: every small scenario whole, and schedules of the large ones",
    (driver) => {
      const report = checkDriver(driver, { schedules: SCHEDULES });
      expect(report.rules.filter(({ outcome }) => outcome !== "held")).toEqual([]);
      expect(report).toMatchObject({
        ok: true,
        stopped: false,
        large: 2,
        schedules: 2 * SCHEDULES,
      });
      expect(report.whole).toBe(report.searched);
      expect(report.states).toBeGreaterThan(20_000);
    },
  );

  it("and the assertion is silent about it", () => {
    expect(assertDriver(mlx5, { scenarios: ["driver/clear", "driver/nonblock"] }).ok).toBe(true);
  });
});

const scenario = (name: string): NamedScenario =>
  DRIVER_SCENARIOS.find(({ named }) => named.name === name)?.named as NamedScenario;

describe("the built-in driver, written as a driver of one's own", () => {
  it.each([
    "driver/clear",
    "driver/nonblock",
    "driver/two-faults",
    "driver/two-clears",
    "driver/insert",
  ])("can do whatever it does in %s, and nothing else that anybody could notice", (name) => {
    const model = observedGraph(scenario(name));
    const own = observedGraph(scenario(name), changeOfDriver(RIGHT));
    expect(observablyEqual(model, own)).toBe(true);
  });

  it("with a mistake it can be told from it", () => {
    const model = observedGraph(scenario("driver/clear"));
    const [nothing] = INVALIDATE_MISTAKES.filter(({ driver }) => driver.name === "clears-nothing");
    const change = changeOfDriver(nothing?.driver as Driver);
    expect(observablyEqual(model, observedGraph(scenario("driver/clear"), change))).toBe(false);
  });
});
