/**
 * Whether two samples may be of one rate: Newcombe's interval for the difference of two proportions
 * (Statistics in Medicine 17, 1998, method 10), made of Wilson's score intervals.
 *
 * Both behave where the normal approximation does not, at rates near 0.
 */

/** So many hits in so many runs. */
export interface Sample {
  readonly hits: number;
  readonly runs: number;
}

/** The lowest and the highest value. */
export type Interval = readonly [low: number, high: number];

/** The rates that a sample may be of, `z` standard deviations to either side. */
export function rateInterval({ hits, runs }: Sample, z: number): Interval {
  const rate = hits / runs;
  const weight = z ** 2 / runs;
  const middle = (rate + weight / 2) / (1 + weight);
  const half = (z * Math.sqrt((rate * (1 - rate)) / runs + weight / (4 * runs))) / (1 + weight);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** What the rate of the first may be above that of the second. */
export function differenceInterval(first: Sample, second: Sample, z: number): Interval {
  const [a, b] = [first.hits / first.runs, second.hits / second.runs];
  const [lowA, highA] = rateInterval(first, z);
  const [lowB, highB] = rateInterval(second, z);
  return [a - b - Math.hypot(a - lowA, highB - b), a - b + Math.hypot(highA - a, b - lowB)];
}
