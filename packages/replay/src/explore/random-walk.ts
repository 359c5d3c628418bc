/**
 * A run whose choices come from a seed: at each step one of those that can be made, all alike.
 *
 * The generator is mulberry32 (Tommy Ettinger, public domain): small, and the same on every machine.
 */
import type { ScenarioRun } from "./scenario-run.ts";
import type { Choice } from "./schedule.ts";

/** A bound for runs that a mutant keeps from ending. */
export const WALK_STEPS_MAX = 10_000;

/** Runs to the end, or until nobody can move; the choices that were made. */
export function randomWalk(run: ScenarioRun, seed: number): Choice[] {
  const below = numbers(seed);
  const made: Choice[] = [];
  while (made.length < WALK_STEPS_MAX) {
    const open = run.choices();
    const choice = open[below(open.length)];
    if (choice === undefined) return made;
    run.step(choice);
    made.push(choice);
  }
  return made;
}

/** Numbers from 0 to below a count. */
function numbers(seed: number): (count: number) => number {
  let state = seed >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(count, 1);
  };
}
