/**
 * Run to the next or the previous event that meets a condition.
 *
 * A search through a million events takes its time, so it is one that pauses; whoever need not be interrupted has it
 * at once.
 */
import type { Searching } from "../explore/search.ts";
import type { Condition } from "./condition.ts";
import { momentIndex } from "./moment-index.ts";
import type { Timeline } from "./timeline.ts";

/** Events that are walked between two pauses. */
const STRIDE = 65_536;

/**
 * The first event after a moment that meets a condition; undefined: none does, or it was stopped.
 *
 * @throws SimError `E_INDEX` when the moment is no whole number.
 */
export function findNext(
  timeline: Timeline,
  condition: Condition,
  from: number = timeline.moment.index,
  stopped: () => boolean = () => false,
): number | undefined {
  return unlessStopped(seekingNext(timeline, condition, from), stopped);
}

/** The last event before a moment's that meets a condition. */
export function findPrevious(
  timeline: Timeline,
  condition: Condition,
  from: number = timeline.moment.index,
  stopped: () => boolean = () => false,
): number | undefined {
  return unlessStopped(seekingPrevious(timeline, condition, from), stopped);
}

/** `findNext`, with pauses. */
export function* seekingNext(
  timeline: Timeline,
  condition: Condition,
  from: number,
): Searching<number | undefined> {
  const visitor = condition();
  let found: number | undefined;
  for (let start = Math.max(momentIndex(from), -1) + 1; start < timeline.length; start += STRIDE) {
    timeline.walk(start, start + STRIDE - 1, {
      ...visitor,
      after: (event, state) => {
        if (visitor.after(event, state)) found = event.index;
        return found !== undefined;
      },
    });
    if (found !== undefined) return found;
    yield;
  }
  return undefined;
}

/** `findPrevious`, with pauses. */
export function* seekingPrevious(
  timeline: Timeline,
  condition: Condition,
  from: number,
): Searching<number | undefined> {
  for (let end = momentIndex(from) - 1; end >= 0; ) {
    const start = timeline.stretchBefore(end - 1);
    const visitor = condition();
    let found: number | undefined;
    timeline.walk(start, end, {
      ...visitor,
      after: (event, state) => {
        if (visitor.after(event, state)) found = event.index;
        return false;
      },
    });
    if (found !== undefined) return found;
    end = start - 1;
    yield;
  }
  return undefined;
}

function unlessStopped<T>(searching: Searching<T>, stopped: () => boolean): T | undefined {
  while (!stopped()) {
    const { done, value } = searching.next();
    if (done === true) return value;
  }
  return undefined;
}
