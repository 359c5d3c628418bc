/**
 * Arbitrary runs for fast-check: one list of choices makes the scenario and then the schedule, so a
 * failure shrinks to few choices, and to the first possibility wherever it does not matter.
 */
import fc from "fast-check";
import { type Choices, listedChoices } from "./random.ts";
import { type Run, type RunOptions, startRun } from "./run.ts";
import { runFreely } from "./schedule.ts";
import { SHAPES, type Shape } from "./shapes.ts";

/** A run that has not been run. */
export interface ArbitraryRun {
  readonly shape: Shape;
  readonly list: readonly number[];
}

/** Any run of any shape. */
export const anyRun: fc.Arbitrary<ArbitraryRun> = fc.record({
  shape: fc.constantFrom(...SHAPES),
  list: fc.array(fc.nat({ max: 9_999 }), { minLength: 60, maxLength: 300, size: "max" }),
});

/** The run at its beginning, and the choices that are left for its schedule. */
export function begin(one: ArbitraryRun, options: RunOptions = {}): { run: Run; choices: Choices } {
  const choices = listedChoices(one.list);
  return { run: startRun(one.shape.build(choices), options), choices };
}

/** The run at its end. */
export function played(one: ArbitraryRun): Run {
  const { run, choices } = begin(one);
  runFreely(run, choices);
  return run;
}

/** Every property is checked with these; at night with others. */
export const FIXED = { seed: 20_261, numRuns: 60 } as const;
