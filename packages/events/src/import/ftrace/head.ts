/**
 * The head of an event line in the default layout: `comm-pid [(tgid)] [cpu] flags time: `.
 *
 * This is the hot path: one pass over the characters, no regular expression, no string but the
 * cached task name. The task name is cut by its column, never by a search: it is padded to 16 bytes and
 * may hold spaces, dashes and brackets, so that `x-1 [000]` is a legal name.
 * Kernel counterpart: trace_print_context (kernel/trace/trace_output.c).
 */
import {
  CLOSE,
  CLOSE_BRACKET,
  DASH,
  decimal,
  isDigit,
  OPEN,
  OPEN_BRACKET,
  SPACE,
  skipDigits,
  skipSpaces,
} from "../characters.ts";
import { createStamp, readStamp, type Stamp } from "../clock.ts";
import { createNameCache, type TextCache } from "../text-cache.ts";

/** Columns of the task name: `%16s`. */
export const COMM_WIDTH = 16;

/** Irq flags are 4 characters in old kernels, 5 now, up to 8 in vendor trees. */
const FLAGS_MIN = 4;
const FLAGS_MAX = 8;
const PID_DIGITS_MAX = 10;
const CPU_DIGITS_MAX = 6;

/** The head of one event line; overwritten by the next one that is read. */
export interface Head {
  comm: string;
  task: number;
  cpu: number;
  readonly stamp: Stamp;
  /** Where the event begins: after the colon of the time, and one space if there is one. */
  body: number;
  readonly comms: TextCache<string>;
}

/** Reads a head whose task name's column begins at `from`; false when the line has none there. */
export type ReadHead = (line: string, from: number, head: Head) => boolean;

/** An empty head to read into. */
export function createHead(): Head {
  return { comm: "", task: 0, cpu: 0, stamp: createStamp(), body: 0, comms: createNameCache() };
}

/** Reads the head of the default layout, with or without tgid and irq flags. */
export function readDefaultHead(line: string, from: number, head: Head): boolean {
  const bracket = readTask(line, from, COMM_WIDTH, head);
  if (bracket < 0) return false;
  const cpuFrom = skipTgid(line, bracket);
  if (line.charCodeAt(cpuFrom) !== OPEN_BRACKET) return false;
  const cpuTo = skipDigits(line, cpuFrom + 1);
  if (line.charCodeAt(cpuTo) !== CLOSE_BRACKET || !isCpu(cpuFrom + 1, cpuTo)) return false;
  const time = skipFlags(line, skipSpaces(line, cpuTo + 1));
  if (time < 0) return false;
  const colon = readStamp(line, time, head.stamp);
  if (colon < 0 || line.charCodeAt(colon + 1) !== SPACE) return false;
  head.cpu = decimal(line, cpuFrom + 1, cpuTo);
  head.body = colon + 2;
  return true;
}

/** Reads `comm-pid ` and returns the place after the spaces; -1 when that is not there. */
export function readTask(line: string, from: number, width: number, head: Head): number {
  const dash = from + width;
  if (line.charCodeAt(dash) !== DASH) return -1;
  const end = skipDigits(line, dash + 1);
  if (end === dash + 1 || end - dash > PID_DIGITS_MAX + 1) return -1;
  const after = skipSpaces(line, end);
  if (after === end) return -1;
  let comm = from;
  while (comm < dash && line.charCodeAt(comm) === SPACE) comm += 1;
  head.comm = head.comms(line, comm, dash);
  head.task = decimal(line, dash + 1, end);
  return after;
}

/** Whether digits in `[from, to)` can be a CPU's number. */
export function isCpu(from: number, to: number): boolean {
  return to > from && to - from <= CPU_DIGITS_MAX;
}

/** The end of a run of irq flags at `from`, their number checked; -1 when these are none. */
export function flagsEnd(line: string, from: number): number {
  const end = line.indexOf(" ", from);
  const count = end - from;
  return end >= 0 && count >= FLAGS_MIN && count <= FLAGS_MAX ? end : -1;
}

/** The place after `(  10448) ` or `(-------) `, or `from` when there is no such column. */
function skipTgid(line: string, from: number): number {
  if (line.charCodeAt(from) !== OPEN) return from;
  let at = from + 1;
  for (;;) {
    const code = line.charCodeAt(at);
    if (code === CLOSE) break;
    if (code !== SPACE && code !== DASH && !isDigit(code)) return from;
    at += 1;
  }
  return skipSpaces(line, at + 1);
}

/** The place of the time: flags never begin with a digit, a time always does. */
function skipFlags(line: string, from: number): number {
  if (isDigit(line.charCodeAt(from))) return from;
  const end = flagsEnd(line, from);
  return end < 0 ? -1 : skipSpaces(line, end);
}
