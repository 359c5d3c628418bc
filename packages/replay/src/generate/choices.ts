/**
 * Choices from a seed: the same ones on every machine and in every run.
 *
 * The generator is mulberry32 (Tommy Ettinger, public domain): 32 bits of state, one addition and a
 * few multiplications a number. It only has to reach many different schedules.
 */

/** A source of choices: each call answers a number from 0 to `count - 1`. */
export type Choices = (count: number) => number;

/** The choices of a seed. */
export function choicesOf(seed: number): Choices {
  let state = seed >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
}
