/**
 * Run to the next or the previous event that meets a condition.
 */
import type { Condition } from "./condition.ts";
import type { Timeline } from "./timeline.ts";

/** Events that are walked between two looks at whether to stop. */
const STRIDE = 65_536;

/** The first event after a moment that meets a condition; undefined: none does, or it was stopped. */
export function findNext(
  timeline: Timeline,
  condition: Condition,
  from: number = timeline.moment.index,
  stopped: () => boolean = () => false,
): number | undefined {
  const visitor = condition();
  let found: number | undefined;
  for (let start = from + 1; start < timeline.length; start += STRIDE) {
    if (stopped()) return undefined;
    timeline.walk(start, start + STRIDE - 1, {
      ...visitor,
      after: (event, state) => {
        if (visitor.after(event, state)) found = event.index;
        return found !== undefined;
      },
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The last event before a moment's that meets a condition. */
export function findPrevious(
  timeline: Timeline,
  condition: Condition,
  from: number = timeline.moment.index,
  stopped: () => boolean = () => false,
): number | undefined {
  for (let end = from - 1; end >= 0 && !stopped(); ) {
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
  }
  return undefined;
}
