/**
 * The two horizontal axes: time, or one step for each event. A recording has both; a run has only events.
 */
import type { Recorded } from "./recorded.ts";

/** What the horizontal axis counts. */
export type AxisKind = "time" | "event";

/** A window onto the axis, in its unit. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** One axis over the events. */
export interface Axis {
  readonly kind: AxisKind;
  /** Where the first and the last event lie. */
  readonly whole: Window;
  /** The narrowest window. */
  readonly least: number;
  /** Where an event lies. */
  position(index: number): number;
  /** The first event at or after a place; one beyond the last when there is none. */
  indexAt(position: number): number;
}

/** The axis of a kind. */
export function axisOf(recorded: Recorded, kind: AxisKind): Axis {
  const last = Math.max(recorded.length - 1, 1);
  if (kind === "event") {
    return {
      kind,
      whole: { from: 0, to: last },
      least: 8,
      position: (index) => index,
      indexAt: (position) => Math.min(Math.max(Math.ceil(position), 0), recorded.length),
    };
  }
  const { times } = recorded;
  return {
    kind,
    whole: { from: times.at(0) || 0, to: Math.max(times.at(recorded.length - 1) || 0, 1) },
    least: 2000,
    position: (index) => times.at(Math.max(0, Math.min(index, recorded.length - 1))),
    indexAt: (position) => times.firstAtLeast(position),
  };
}

/** A window of at least the narrowest width, inside the whole axis with a margin. */
export function fitted({ whole, least }: Axis, { from, to }: Window): Window {
  const margin = (whole.to - whole.from) * 0.02;
  const [first, last] = [whole.from - margin, whole.to + margin];
  const width = Math.min(Math.max(to - from, least), Math.max(last - first, least));
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - width / 2, first), Math.max(last - width, first));
  return { from: start, to: start + width };
}

/** A window scaled around a place that stays where it is. */
export function zoomed({ from, to }: Window, factor: number, around: number): Window {
  return { from: around - (around - from) * factor, to: around + (to - around) * factor };
}

/** The window of some events with room around them. */
export function around(axis: Axis, first: number, last: number): Window {
  const [from, to] = [axis.position(first), axis.position(last)];
  const room = Math.max((to - from) * 0.2, axis.least / 2);
  return fitted(axis, { from: from - room, to: to + room });
}
