/**
 * Where two sequences go on alike after a difference: the place that leaves out the fewest steps.
 *
 * A place counts when the next `ALIKE` steps agree there, or when both end. The search is bounded, so that a task that
 * does something else altogether costs no more than its window in each step.
 */

/** Steps of either sequence that may be left out at once. */
export const WINDOW = 96;
/** Steps that must agree. */
const ALIKE = 3;

/** How many steps each sequence leaves out. */
export interface Skipped {
  readonly a: number;
  readonly b: number;
}

/** How much to leave out after `atA` and `atB` until both go on alike; undefined: they do not within the window. */
export function resume(
  a: readonly number[],
  atA: number,
  b: readonly number[],
  atB: number,
): Skipped | undefined {
  for (let left = 1; left <= 2 * WINDOW; left += 1) {
    for (let skip = Math.max(0, left - WINDOW); skip <= Math.min(left, WINDOW); skip += 1) {
      const [nextA, nextB] = [atA + skip, atB + left - skip];
      if (nextA > a.length || nextB > b.length) continue;
      if (goesOn(a, nextA, b, nextB)) return { a: skip, b: left - skip };
    }
  }
  return undefined;
}

/** Whether the next steps agree. */
export function goesOn(
  a: readonly number[],
  atA: number,
  b: readonly number[],
  atB: number,
): boolean {
  if (atA === a.length || atB === b.length) return a.length - atA === b.length - atB;
  for (let step = 0; step < ALIKE; step += 1) {
    const [one, other] = [a[atA + step], b[atB + step]];
    if (one !== other) return false;
    if (one === undefined) return true;
  }
  return true;
}
