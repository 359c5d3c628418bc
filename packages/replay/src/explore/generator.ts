/**
 * Random numbers from a seed: the same on every machine (sfc32, Doty-Humphrey).
 */

/** A source of random numbers. */
export interface Generator {
  /** A whole number from 0, less than `end`. */
  below(end: number): number;
}

/** The generator of one schedule (of one round): each has its own, so that any of them can be drawn alone. */
export function createGenerator(seed: number, run: number, round = 0): Generator {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = run | 0;
  let counter = (1 + round) | 0;
  const draw = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let i = 0; i < 12; i++) draw();
  return { below: (end) => Math.floor((draw() * end) / 2 ** 32) };
}
