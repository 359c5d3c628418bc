/**
 * Counts of a journal's events, under the names that a recording's observations are counted.
 */
import type { MmEvent } from "@mmreplay/events";
import { noCounts, type RecordingCounts } from "./recording-counts.ts";

/** Counts of a journal. */
export interface EventCounts extends RecordingCounts {
  events: number;
  inBuffer: number | undefined;
  written: number | undefined;
  /** The end of the recording was seen. */
  ended: boolean;
  readonly taskNames: Map<number, string>;
  readonly pointers: Map<string, string>;
}

/** Nothing counted yet. */
export function noEventCounts(): EventCounts {
  return {
    ...noCounts(),
    events: 0,
    inBuffer: undefined,
    written: undefined,
    ended: false,
    taskNames: new Map(),
    pointers: new Map(),
  };
}

/** Counts one event. */
export function countEvent(counts: EventCounts, event: MmEvent): void {
  counts.events += 1;
  switch (event.type) {
    case "task_start":
      counts.taskNames.set(
        event.task,
        event.pid === undefined ? event.name : `${event.name}-${event.pid}`,
      );
      break;
    case "intern":
      counts.pointers.set(`${event.kind}${event.id}`, event.pointer);
      break;
    case "mmu_notifier_invalidate_range_start":
      if (event.event !== "RELEASE") counts.invalidations += 1;
      break;
    case "mmu_notifier_invalidate_range_start_return":
      if (event.rc === -11) counts.again += 1;
      break;
    case "mmu_interval_read_begin":
      counts.readSections += 1;
      break;
    case "mmu_interval_read_retry":
      if (event.result) counts.retries += 1;
      break;
    case "hmm_range_fault_return":
      if (event.rc === -16) counts.busy += 1;
      break;
    case "probe":
      if (!event.mapped) counts.unmapped += 1;
      break;
    default:
      countFrame(counts, event);
  }
}

/** Events that speak of the recording itself. */
function countFrame(counts: EventCounts, event: MmEvent): void {
  if (event.type === "lost_events") counts.lost += event.count;
  else if (event.type === "recording_start") {
    counts.inBuffer = event.inBuffer;
    counts.written = event.written;
  } else if (event.type === "recording_end") {
    counts.ended = true;
    counts.lines = event.lines;
    counts.observations = event.observations;
    counts.unread = event.unread;
    counts.unexplained = event.unexplained;
    counts.torn = event.torn;
    counts.late = event.late ?? 0;
    counts.unjudged = event.unjudged ?? 0;
    Object.assign(counts, event.calls);
  }
}
