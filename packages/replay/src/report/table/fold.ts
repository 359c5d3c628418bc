/**
 * Runs of stores and of clearings, a page each, as one.
 *
 * A driver stores an entry at a time; seventeen rows that differ by a page say less than one.
 */
import type { EventOf, MmEvent } from "@mmreplay/events";

/** One or more events that make one row. */
export interface Folded {
  readonly event: MmEvent;
  readonly indices: readonly number[];
}

/** Joins neighbours of one task that store, or clear, adjacent pages. */
export function foldRuns(events: readonly MmEvent[]): Folded[] {
  const folded: Folded[] = [];
  for (const event of events) {
    const last = folded.at(-1);
    const joined = last === undefined ? undefined : join(last.event, event);
    if (last === undefined || joined === undefined) {
      folded.push({ event, indices: [event.index] });
    } else {
      folded[folded.length - 1] = { event: joined, indices: [...last.indices, event.index] };
    }
  }
  return folded;
}

function join(before: MmEvent, after: MmEvent): MmEvent | undefined {
  if (before.task !== after.task) return undefined;
  if (before.type === "device_map" && after.type === "device_map") return joinMaps(before, after);
  if (before.type === "device_unmap" && after.type === "device_unmap") {
    if (before.mirror !== after.mirror || before.endPageExclusive !== after.startPage) {
      return undefined;
    }
    return { ...before, endPageExclusive: after.endPageExclusive };
  }
  return undefined;
}

function joinMaps(
  before: EventOf<"device_map">,
  after: EventOf<"device_map">,
): EventOf<"device_map"> | undefined {
  const last = before.entries.at(-1)?.[0];
  const next = after.entries[0]?.[0];
  if (before.mirror !== after.mirror || last === undefined || next !== last + 1) return undefined;
  return { ...before, entries: [...before.entries, ...after.entries] };
}
