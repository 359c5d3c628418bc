/**
 * The arrows in a window, and whether they are too many to be told apart: then none is drawn, and the page says so.
 */
import { firstWhere } from "./column.ts";
import type { Arrow } from "./span.ts";
import type { Store } from "./store.ts";

/** More in a window could not be told apart. */
const ARROWS_MAX = 200;

/** Arrows whose retries are among the events `[first, end)`. */
export function arrowsIn(arrows: readonly Arrow[], first: number, end: number): readonly Arrow[] {
  const toOf = (place: number): number => arrows[place]?.to ?? 0;
  const from = firstWhere(0, arrows.length, (place) => toOf(place) >= first);
  return arrows.slice(
    from,
    firstWhere(from, arrows.length, (place) => toOf(place) > end),
  );
}

/** Whether so many arrows are not drawn. */
export function isTooMany(arrows: readonly Arrow[]): boolean {
  return arrows.length > ARROWS_MAX;
}

/** How many arrows of the window are not drawn. */
export function hiddenArrows({ axis, shown, loaded }: Store): number {
  const [first, end] = [axis.indexAt(shown.window.from), axis.indexAt(shown.window.to)];
  const arrows = arrowsIn(loaded.recorded.sections.arrows, first, end);
  return isTooMany(arrows) ? arrows.length : 0;
}
