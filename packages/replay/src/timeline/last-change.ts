/**
 * Who last changed this? The last event at or before a moment after which a value was another one.
 *
 * The stretches between checkpoints are walked from the last to the first; a stretch at whose ends the value is
 * the same may still have changed it twice, so it is walked, too.
 */
import { atOnce, type Searching } from "../explore/search.ts";
import { momentIndex } from "./moment-index.ts";
import { stepsOf, textOf, valueAt } from "./path.ts";
import type { Timeline } from "./timeline.ts";

/** A change of one value. */
export interface ValueChange {
  /** The event that changed it. */
  readonly index: number;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * The last change of the value at a path; undefined: it was always so.
 *
 * @throws SimError `E_PATH` when it is no path, `E_INDEX` when the moment is no whole number.
 */
export function lastChange(
  timeline: Timeline,
  path: string,
  at: number = timeline.moment.index,
): ValueChange | undefined {
  return atOnce(seekingChange(timeline, path, at));
}

/** The same, with pauses. */
export function* seekingChange(
  timeline: Timeline,
  path: string,
  at: number,
): Searching<ValueChange | undefined> {
  const steps = stepsOf(path);
  for (let end = momentIndex(at); end >= 0; ) {
    const start = timeline.stretchBefore(end - 1);
    const found = changeIn(timeline, steps, start, end);
    if (found !== undefined) return found;
    end = start - 1;
    yield;
  }
  return undefined;
}

function changeIn(
  timeline: Timeline,
  steps: readonly string[],
  start: number,
  end: number,
): ValueChange | undefined {
  let found: { index: number; before: string; after: string } | undefined;
  let before = textOf(valueAt(timeline.stateAt(start - 1), steps));
  timeline.walk(start, end, {
    after: (event, state) => {
      const after = textOf(valueAt(state, steps));
      if (after !== before) found = { index: event.index, before, after };
      before = after;
      return false;
    },
  });
  if (found === undefined) return undefined;
  const value = (text: string): unknown => (text === "absent" ? undefined : JSON.parse(text));
  return { index: found.index, before: value(found.before), after: value(found.after) };
}
