/**
 * Every mutant by fuzzing: in its scenario, asked for its rule, within a stated number of schedules.
 *
 * What a mutant breaks is an endless run, or nothing at all, in the lists below: schedules that end cannot show it.
 */
import { type Mutant, ZOO } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { scenarioNamed } from "../../packages/replay/src/explore/named.ts";
import { Rounds } from "../../packages/replay/src/fuzz/round.ts";

/** Schedules of a round, and rounds. */
const [SCHEDULES, ROUNDS] = [2_000, 10];

const broken = ZOO.filter(({ rule }) => rule !== null);
const endless = broken.filter(({ rule }) => rule === "no-progress");
const wanted = broken.filter(({ rule }) => rule !== "no-progress");

describe(`within ${SCHEDULES * ROUNDS} schedules the portfolio finds`, () => {
  it.each(wanted.map((mutant) => [mutant.id, mutant.rule, mutant] as const))(
    "%s, which breaks %s",
    (_, rule, mutant) => {
      const named = scenarioNamed(mutant.scenario);
      const rules = named.rules.filter(({ id }) => id === rule);
      const rounds = new Rounds({ named: { ...named, rules }, mutant });
      const found = Array.from({ length: ROUNDS }, (_, round) => round).some((round) => {
        const bounds = { seed: 1, round, maxSteps: 1_000 };
        // A short beginning of the round is enough for most.
        return [100, SCHEDULES].some((schedules) =>
          rounds.run({ ...bounds, schedules }).failures.some((failure) => failure.rule === rule),
        );
      });
      expect(found).toBe(true);
    },
  );
});

/** Steps at which an endless schedule is cut. */
const STEPS_ENDLESS = 500;

/**
 * K-Z21's tasks take 17 steps to get nowhere, and must take turns all the way round: a drawn schedule soon leaves the
 * cycle. Of 2,000 some 80 go on for 100 steps, none of 10,000 for 500; those of the unchanged model end within 50.
 */
const STEPS_LEAVING: Readonly<Record<string, number>> = { "K-Z21": 100 };

const cutOf = ({ scenario }: Mutant, mutant: Mutant | undefined, maxSteps: number) => {
  const named = scenarioNamed(scenario);
  const rounds = new Rounds({ named: { ...named, rules: [] }, mutant });
  return rounds.run({ seed: 1, round: 0, schedules: 200, maxSteps });
};

describe("a run that goes round for ever", () => {
  it.each(endless.map((mutant) => [mutant.id, mutant] as const))(
    "is not told from a long one: %s has schedules that are cut, and none that fails",
    (id, mutant) => {
      const { cut, failures } = cutOf(mutant, mutant, STEPS_LEAVING[id] ?? STEPS_ENDLESS);
      expect(failures).toEqual([]);
      expect(cut).toBeGreaterThan(0);
    },
  );

  it.each(
    endless.filter(({ id }) => id in STEPS_LEAVING).map((mutant) => [mutant.id, mutant] as const),
  )(
    "is left by schedules of %s, none of which is endless; the unchanged model's are much shorter",
    (id, mutant) => {
      expect(cutOf(mutant, mutant, STEPS_ENDLESS).cut).toBe(0);
      expect(cutOf(mutant, undefined, (STEPS_LEAVING[id] as number) / 2).cut).toBe(0);
    },
  );
});
