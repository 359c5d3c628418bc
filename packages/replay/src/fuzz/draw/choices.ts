/**
 * Choices: what a generator of workloads is given instead of entropy.
 *
 * A generator asks for one number after the other; whoever answers decides where they come from: a seed, a list
 * that fast-check shrinks, a recorded draw.
 */

/** A source of choices: each call answers a whole number from 0, less than `end`. */
export interface Choices {
  below(end: number): number;
}

/** One element of a list that is not empty. */
export function pick<T>(choices: Choices, list: readonly T[]): T {
  return list[choices.below(list.length)] as T;
}

/** True in `times` of `outOf` cases. */
export function chance(choices: Choices, times: number, outOf: number): boolean {
  return choices.below(outOf) < times;
}

/** A whole number from `least` to `most`, both included. */
export function between(choices: Choices, least: number, most: number): number {
  return least + choices.below(Math.max(1, most - least + 1));
}

/** So many lists, one after the other. */
export function times<T>(count: number, make: () => readonly T[]): T[] {
  return Array.from({ length: count }).flatMap(make);
}
