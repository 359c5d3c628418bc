/**
 * Where lanes lie below each other.
 */
import type { Lane } from "../model/lanes.ts";

/** Width of the column with the lanes' names. */
export const GUTTER = 168;
/** Height of the ruler above the lanes. */
export const RULER = 24;
/** Height of one row of spans. */
export const ROW = 15;
/** Height of the row of event ticks below them. */
export const TICKS = 10;
/** Space above the rows. */
export const PADDING = 5;

/** A lane with its place. */
export interface PlacedLane {
  readonly lane: Lane;
  readonly top: number;
  readonly height: number;
}

/** The height of a lane. */
export function heightOf(lane: Lane): number {
  return Math.max(lane.rows.length, 1) * ROW + TICKS + 2 * PADDING;
}

/** All lanes with their places, from the ruler on, scrolled by so many pixels. */
export function placed(lanes: readonly Lane[], scroll: number): PlacedLane[] {
  let top = RULER - scroll;
  return lanes.map((lane) => {
    const height = heightOf(lane);
    const one = { lane, top, height };
    top += height;
    return one;
  });
}

/** The height of all lanes. */
export function totalHeight(lanes: readonly Lane[]): number {
  return lanes.reduce((sum, lane) => sum + heightOf(lane), 0);
}
