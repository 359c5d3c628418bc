/**
 * The space of a scenario, ready to be searched.
 *
 * For partial-order reduction schedules are drawn without it first, to learn who looks at what. Which is
 * fixed, so every search of a scenario, on any machine, reduces it in the same way.
 */
import type { Mark, ModelChange, NamedScenario } from "@mmreplay/core";
import { randomWalk } from "./draw-random.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { atOnce, DEFAULT_BOUNDS, type Search } from "./search.ts";
import { Space } from "./space.ts";

/** Schedules from which is learned; they reach every depth, as the first states do not. */
const LEARNING_RUNS = 1_000;

/** In so many batches: after one in which every step had been run before, there is nothing left to learn. */
const LEARNING_BATCHES = 4;

/** Steps of one; a task that retries for ever has shown by then what it looks at. */
const LEARNING_STEPS = 500;

/** A scenario, and the change to the model that it is searched with: a bug, or a driver. */
export interface Subject {
  readonly named: NamedScenario;
  readonly mutant?: ModelChange | undefined;
}

/** What is done with a space. */
export interface SpaceUse {
  /** Eager steps are made at once. */
  readonly reduced?: boolean;
  /** Schedules are drawn and no state is stored, so a task may have as many of its own as it comes to. */
  readonly drawn?: boolean;
  /** Marks to look out for; none are in a search. */
  readonly marks?: readonly Mark[];
}

/** The space of a scenario. */
export function spaceOf(
  { named, mutant }: Subject,
  { reduced = false, drawn = false, marks = [] }: SpaceUse = {},
): Space {
  const { scenario, model, state, points } = new ScenarioRun(named, mutant, []);
  const { rules } = named;
  const space = new Space({ scenario, points, rules, model, marks, drawn }, state, reduced);
  if (!reduced) return space;
  let known = -1;
  for (let batch = 0; batch < LEARNING_BATCHES && space.memory.size > known; batch++) {
    known = space.memory.size;
    atOnce(randomWalk(learning(space, batch)));
  }
  space.reduce();
  return space;
}

function learning(space: Space, batch: number): Search {
  const bounds = { ...DEFAULT_BOUNDS, runs: LEARNING_RUNS, maxSteps: LEARNING_STEPS };
  const shard = { index: batch, of: LEARNING_BATCHES };
  return { space, symmetry: false, bounds, seed: 0, pctDepth: 1, shard };
}
