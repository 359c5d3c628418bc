/**
 * From the axis to pixels and back, for one drawing.
 */
import type { Axis, Window } from "../model/axis.ts";

/** Places of events in pixels. */
export interface Scale {
  readonly left: number;
  readonly right: number;
  /** First event in the window. */
  readonly first: number;
  /** One beyond the last event in the window. */
  readonly end: number;
  /** The pixel of an event. */
  x(index: number): number;
  /** The place on the axis of a pixel. */
  place(x: number): number;
  /** The first event that lies at a pixel or right of it. */
  indexAtPixel(x: number): number;
}

/** The scale of a window between two pixels. */
export function scaleOf(axis: Axis, { from, to }: Window, left: number, right: number): Scale {
  const perUnit = (right - left) / (to - from);
  const place = (x: number): number => from + (x - left) / perUnit;
  return {
    left,
    right,
    first: axis.indexAt(from),
    end: axis.indexAt(to),
    x: (index) => left + (axis.position(index) - from) * perUnit,
    place,
    indexAtPixel: (x) => axis.indexAt(place(x)),
  };
}
