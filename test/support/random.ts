/**
 * Choices from a seed, for runs that look random and are the same each time.
 *
 * The generator is mulberry32 (Tommy Ettinger, public domain): 32 bits of state, one addition and a
 * few multiplications a number. It is not for statistics or secrets; it only has to reach many
 * different schedules and to give the same ones on every machine.
 */

/** A source of choices: each call answers a number from 0 to `count - 1`. */
export interface Choices {
  below(count: number): number;
}

/** The choices of a seed. */
export function seededChoices(seed: number): Choices {
  let state = seed >>> 0;
  return {
    below(count) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
    },
  };
}

/** Choices from a list; where the list is at its end, the first possibility. */
export function listedChoices(list: readonly number[]): Choices {
  let at = 0;
  return { below: (count) => (list[at++] ?? 0) % count };
}

/** One element of a list that is not empty. */
export function pick<T>(choices: Choices, list: readonly T[]): T {
  return list[choices.below(list.length)] as T;
}

/** True in `times` of `outOf` cases. */
export function chance(choices: Choices, times: number, outOf: number): boolean {
  return choices.below(outOf) < times;
}
