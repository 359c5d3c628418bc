/**
 * Which of two events certainly came first.
 *
 * A simulated event has one place, its index. A recorded step lies somewhere between its first and
 * its last line, so an order is certain only where the intervals do not touch. Where the lines of a
 * recording are not in the order of time, an event says the places of its lines in that order.
 */
import type { MmEvent } from "@mmreplay/events";

/** The earliest place where the event can have happened. */
export function earliest(event: MmEvent): number {
  return (event.places ?? event.evidence)?.[0] ?? event.index;
}

/** The latest place where the event can have happened. */
export function latest(event: MmEvent): number {
  return (event.places ?? event.evidence)?.at(-1) ?? event.index;
}

/** Whether the event was recorded, and so shows only what its probes print. */
export function isRecorded(event: MmEvent): boolean {
  return event.evidence !== undefined;
}
