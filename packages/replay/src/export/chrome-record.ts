/**
 * A record of Chrome's trace format, and what all tracks share: processes, the unit of time, what a call names.
 *
 * Times are kept as whole nanoseconds and written as the microseconds of the format: a length is then the difference
 * of two exact numbers, and no slice is a fraction of a nanosecond longer than the one around it.
 */
import type { MmEvent } from "@mmreplay/events";

/** The process whose threads are address spaces. */
export const ADDRESS_SPACES = 1;
/** The process whose threads are tasks. */
export const TASKS = 2;

const NS_PER_US = 1000;

/** A record of the format; times are microseconds. */
export type ChromeRecord = Record<string, unknown> & { readonly ph: string };

/** Takes a record when it is complete. */
export type Write = (record: ChromeRecord) => void;

/** What a slice or a mark says besides its name. */
export type Arguments = Record<string, unknown>;

/** A time of the format. */
export function microseconds(ns: number): number {
  return ns / NS_PER_US;
}

/** Where an event lies in time: a run has none, there each event is a microsecond. */
export function nanosecondsOf({ at, index }: MmEvent): number {
  return at ?? index * NS_PER_US;
}

/** Where an event rests in the recording, and what it names. */
export function argumentsOf(event: MmEvent): Arguments {
  const { index, type, task, at, order, places, goto, set, call, ret, evidence, cpu, ...own } =
    event as MmEvent & Record<string, unknown>;
  return { index, ...(evidence === undefined ? {} : { line: evidence[0] }), ...own };
}
