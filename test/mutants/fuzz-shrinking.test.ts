/**
 * Failures of drawn workloads get small: few tasks, few operations, few context switches, and still the same
 * rule, found again from the name of what was drawn and the path of what was cut.
 */
import { type Mutant, ZOO } from "@mmreplay/core";
import { drawnWorkload, namedWorkload } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { anyMove } from "../../packages/replay/src/explore/draw-random.ts";
import { createGenerator } from "../../packages/replay/src/explore/generator.ts";
import { spaceOf } from "../../packages/replay/src/explore/prepare.ts";
import type { Choice } from "../../packages/replay/src/explore/schedule.ts";
import { Walk } from "../../packages/replay/src/explore/walk.ts";
import { pathOfDrawn } from "../../packages/replay/src/fuzz/drawn.ts";
import { failsFirst } from "../../packages/replay/src/fuzz/shrink/failing.ts";
import { switchesIn } from "../../packages/replay/src/fuzz/shrink/fewer-switches.ts";
import {
  shrinkFailure,
  shrinkSchedule,
} from "../../packages/replay/src/fuzz/shrink/shrink-failure.ts";
import { peerMutant } from "../support/explored.ts";
import { WHOLE } from "../support/sample.ts";
import { operationsOf, tasksOf } from "../support/workloads.ts";

const SEED = 7;
const ROUNDS = 80;
const SCHEDULES = 8;
const STEPS_MAX = 2_000;

interface Found {
  readonly rule: string;
  readonly choices: readonly Choice[];
}

/** A failing random schedule of this subject, if some are enough. */
function found(subject: Parameters<typeof spaceOf>[0], schedules: number): Found | undefined {
  const space = spaceOf(subject);
  const [walk, picker] = [new Walk(space), anyMove(space)];
  for (let run = 0; run < schedules; run++) {
    picker.begin(createGenerator(1, run));
    walk.begin();
    while (walk.step(picker) && walk.path.length < STEPS_MAX);
    const { finding, path } = walk;
    if (finding !== undefined) return { rule: finding.rule, choices: space.choices(path, false) };
  }
  return undefined;
}

/** The first round whose workload fails. */
function firstFailing(mutant: Mutant): Found & { readonly round: number } {
  for (let round = 0; round < ROUNDS; round++) {
    const named = drawnWorkload(SEED, pathOfDrawn(round));
    const failure = found({ named, mutant }, SCHEDULES);
    if (failure !== undefined) return { ...failure, round };
  }
  throw new Error(`no round fails under ${mutant.id}`);
}

/** Those behind the first line are of the same rules, or take longer: MMREPLAY_WHOLE has them. */
const MUTANTS = [
  ...["peer-1", "peer-7", "core-end-wakes-nobody", "driver-retry-reuses-seq", "K-Z3"],
  ...(WHOLE ? ["peer-3", "peer-4", "peer-6", "peer-8", "K-S14"] : []),
];

describe("a failure of a drawn workload", () => {
  it.each(MUTANTS)("gets small, and fails in the same rule: %s", (id) => {
    const mutant = ZOO.find((one) => one.id === id) as Mutant;
    const { round, rule, choices } = firstFailing(mutant);
    const workload = drawnWorkload(SEED, pathOfDrawn(round));
    const small = shrinkFailure({ workload, mutant, rule, choices, seed: 1 });
    expect(tasksOf(small.workload.scenario)).toBeLessThanOrEqual(2);
    expect(operationsOf(small.workload.scenario).length).toBeLessThanOrEqual(7);
    expect(switchesIn(small.choices)).toBeLessThanOrEqual(Math.min(4, switchesIn(choices)));
    const named = drawnWorkload(SEED, pathOfDrawn(round, small.path));
    expect(named.scenario).toEqual(small.workload.scenario);
    expect(failsFirst(named, { mutant, rule }, small.choices)).toBe(true);
    expect(shrinkFailure({ workload, mutant, rule, choices, seed: 1 })).toEqual(small);
  });

  it("is made no smaller than its tries allow", () => {
    const mutant = ZOO.find(({ id }) => id === "peer-8") as Mutant;
    const { round, rule, choices } = firstFailing(mutant);
    const workload = drawnWorkload(SEED, pathOfDrawn(round));
    const small = shrinkFailure({ workload, mutant, rule, choices, seed: 1, maxTries: 0 });
    expect(small.path).toEqual([]);
    const named = namedWorkload("same", small.workload);
    expect(failsFirst(named, { mutant, rule }, small.choices)).toBe(true);
  });
});

describe("a failure of a named scenario", () => {
  it.each(["peer-1", "peer-4", "peer-6", "peer-8"])("keeps its scenario: %s", (id) => {
    const { named, mutant } = peerMutant(id);
    const { rule, choices } = found({ named, mutant }, 20_000) as Found;
    const { choices: fewer } = shrinkSchedule({ named, mutant, rule, choices, seed: 1 });
    expect(failsFirst(named, { mutant, rule }, fewer)).toBe(true);
    expect(switchesIn(fewer)).toBeLessThanOrEqual(switchesIn(choices));
    expect(switchesIn(fewer)).toBeLessThanOrEqual(4);
  });
});
