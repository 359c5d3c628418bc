/**
 * The portfolio finds what the peers' models find, whatever the seed.
 *
 * Rounds are prefixes of each other, so a short one is asked first: most seeds need less than a hundred schedules.
 */
import { ZOO } from "@mmreplay/core";
import { fuzz } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { scenarioNamed } from "../../packages/replay/src/explore/named.ts";
import { Rounds } from "../../packages/replay/src/fuzz/round.ts";
import { peerMutant, SHORTEST } from "../support/explored.ts";

const SEEDS = 100;
/** Schedules in which each seed has to find it. */
const BUDGET = 2_000;
const LENGTHS = [32, 128, 512, BUDGET];

const PEER_MUTANTS = ZOO.filter(({ id }) => /^peer-\d$/.test(id));

describe("the portfolio, within 2,000 schedules on each of 100 seeds", () => {
  it("is asked for all nine bugs of the peers", () => {
    expect(PEER_MUTANTS.map(({ id }) => id)).toEqual(
      Array.from({ length: 9 }, (_, i) => `peer-${i + 1}`),
    );
  });

  it.each(PEER_MUTANTS.map((mutant) => [mutant.id, mutant.title, mutant] as const))(
    "finds %s: %s",
    (_, __, mutant) => {
      const rounds = new Rounds({ named: scenarioNamed(mutant.scenario), mutant });
      const missed: number[] = [];
      for (let seed = 1; seed <= SEEDS; seed++) {
        const found = LENGTHS.some((schedules) => {
          const { failures } = rounds.run({ seed, round: 0, schedules, maxSteps: 1_000 });
          return failures.some(({ rule }) => rule === mutant.rule);
        });
        if (!found) missed.push(seed);
      }
      expect(missed).toEqual([]);
    },
  );
});

describe("a campaign", () => {
  it.each(SHORTEST)("brings %s to %i steps, which a search certifies", async (id, length) => {
    const { findings } = await fuzz({ seed: 1, ...peerMutant(id) }, { runs: BUDGET });
    const { rule } = peerMutant(id).mutant;
    const found = findings.filter((finding) => finding.rule === rule);
    expect(found).toMatchObject([{ length, certified: true }]);
  });
});
