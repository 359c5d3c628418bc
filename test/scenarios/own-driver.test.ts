import type { Driver } from "@mmreplay/core";
import { assertDriver, checkDriver } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { amdkfd } from "../fixtures/drivers/amdkfd.ts";
import { listed } from "../fixtures/drivers/listed.ts";
import { mlx5 } from "../fixtures/drivers/mlx5.ts";
import { myDriver } from "../fixtures/drivers/my-driver-4.ts";
import { nouveau } from "../fixtures/drivers/nouveau.ts";

const DRIVERS: readonly Driver[] = [nouveau, amdkfd, mlx5, listed, myDriver];

describe("a driver that is right breaks no rule", () => {
  it.each(DRIVERS)(
    "$name: every small scenario whole, and schedules of the large ones",
    (driver) => {
      const report = checkDriver(driver, { schedules: 100 });
      expect(report.rules.filter(({ outcome }) => outcome !== "held")).toEqual([]);
      expect(report).toMatchObject({ ok: true, stopped: false, large: 2, schedules: 200 });
      expect(report.whole).toBe(report.searched);
      expect(report.states).toBeGreaterThan(20_000);
    },
  );

  it("and the assertion is silent about it", () => {
    expect(assertDriver(mlx5, { scenarios: ["driver/clear", "driver/nonblock"] }).ok).toBe(true);
  });
});
