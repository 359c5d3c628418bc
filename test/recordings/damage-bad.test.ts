/**
 * Damaged recordings of a driver with a bug: violated still, or undecided, never held (support/damaged.ts).
 */
import { describe, expect, test } from "vitest";
import { ALL, damagedReport, VARIANTS_OF_EACH } from "../support/damaged.ts";

const BAD = ["noretry_dropped-stress_delay", "noseq-stress_nodelay", "skiptrylock-mrelease"].map(
  (name) => `cust61-BUG_${name}.txt.gz`,
);

describe.each(ALL ? BAD : BAD.slice(2))("%s, of a driver with a bug", (file) => {
  test("is violated or undecided, however it is damaged", { timeout: 3_600_000 }, async () => {
    const cleared: string[] = [];
    for (const { seed, damage } of VARIANTS_OF_EACH) {
      const { verdict } = await damagedReport(file, seed, damage);
      if (verdict !== "held") continue;
      cleared.push(`seed ${seed}, ${damage.name}`);
    }
    expect(cleared).toEqual([]);
  });
});
