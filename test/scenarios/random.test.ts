/**
 * Every scenario of memory under random schedules: it breaks no rule, large or small.
 *
 * A usual run draws a few of each; MMREPLAY_RANDOM=12000, as in CI, makes it more than a million in all.
 */
import { SCENARIOS } from "@mmreplay/core";
import { explore } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";

const RANDOM = process.env["MMREPLAY_RANDOM"];
const RUNS = Number(RANDOM ?? 40);
const MEMORY = SCENARIOS.filter(({ scenario, shows }) => scenario.memory && shows === undefined);

describe(`${RUNS} random schedules`, () => {
  it.each(MEMORY.map((named) => [named.name, named] as const))(
    "break no rule in %s",
    (_, named) => {
      const bounds = { runs: RUNS, maxSteps: 2_000 };
      const { runs, findings } = explore({ named }, { strategy: "random", seed: 12, bounds });
      expect(runs).toBe(RUNS);
      expect(findings).toEqual([]);
    },
  );

  it.runIf(RANDOM !== undefined)("are more than a million in all", () => {
    expect(MEMORY.length * RUNS).toBeGreaterThan(1_000_000);
  });
});
