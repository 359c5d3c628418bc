/**
 * The heads of the latency layouts: `comm-pid  cpuflags  16170us+: `, and its verbose form.
 *
 * People seldom choose this layout, but `ftrace_dump_on_oops` prints it on the console, and that is
 * how a crash gives its trace. The task name is cut to 8 bytes, the CPU is glued to the flags, and
 * times count from the beginning of the buffer; with an integer clock they have no `us`.
 * Kernel counterpart: trace_print_lat_context (kernel/trace/trace_output.c).
 */
import { COLON, decimal, isDigit, SPACE, skipDigits, skipSpaces } from "../characters.ts";
import { readStamp, type Stamp, setMicroseconds } from "../clock.ts";
import { COMM_WIDTH, flagsEnd, type Head, isCpu, readTask } from "./head.ts";

/** Columns of the task name: `%8.8s`. */
export const LATENCY_COMM_WIDTH = 8;

const MICROSECONDS = "us";
const TIME_DIGITS_MAX = 15;

const VERBOSE =
  /^(.{16}) +(\d{1,10}) +(\d{1,6}) \d+ [0-9a-f]{8} [0-9a-f]{8,16} \[[0-9a-f]+\] (?:(\d{1,12})\.(\d{3})ms \(\+-?\d+\.\d{3}ms\)|(\d{1,20}) \(\+-?\d+\)): /s;

/** Reads the head of the latency layout, or that of `trace-cmd report -l`. */
export function readLatencyHead(line: string, from: number, head: Head): boolean {
  const cpuFrom = readTask(line, from, LATENCY_COMM_WIDTH, head);
  if (cpuFrom < 0) return false;
  const cpuTo = skipDigits(line, cpuFrom);
  if (!isCpu(cpuFrom, cpuTo)) return false;
  const flags = flagsEnd(line, cpuTo);
  if (flags < 0) return false;
  const colon = readLatencyStamp(line, skipSpaces(line, flags), head.stamp);
  if (colon < 0 || line.charCodeAt(colon + 1) !== SPACE) return false;
  head.cpu = decimal(line, cpuFrom, cpuTo);
  head.body = colon + 2;
  return true;
}

/** Reads the head of the verbose latency layout, which has no dash before the pid. */
export function readVerboseHead(line: string, from: number, head: Head): boolean {
  if (from !== 0 || !isDigit(line.charCodeAt(skipSpaces(line, COMM_WIDTH)))) return false;
  const match = VERBOSE.exec(line);
  if (match === null) return false;
  const [whole, comm = "", task, cpu, milliseconds, microseconds, ticks] = match;
  const to = whole.lastIndexOf(" (");
  if (ticks === undefined) {
    const time = Number(milliseconds) * 1000 + Number(microseconds);
    setMicroseconds(head.stamp, time, to - `${milliseconds}.${microseconds}ms`.length, to);
  } else if (readStamp(`${ticks}:`, 0, head.stamp) < 0) {
    return false;
  } else {
    head.stamp.from = to - ticks.length;
    head.stamp.to = to;
  }
  head.comm = head.comms(comm, skipSpaces(comm, 0), COMM_WIDTH);
  head.task = Number(task);
  head.cpu = Number(cpu);
  head.body = whole.length;
  return true;
}

/** Reads `16170us+`, `16170us ` or what an integer clock prints; returns the colon's place or -1. */
function readLatencyStamp(line: string, from: number, stamp: Stamp): number {
  const digits = skipDigits(line, from);
  if (!line.startsWith(MICROSECONDS, digits)) return readStamp(line, from, stamp);
  const mark = digits + MICROSECONDS.length;
  if (digits === from || digits - from > TIME_DIGITS_MAX) return -1;
  if (line.charCodeAt(mark + 1) !== COLON) return -1;
  setMicroseconds(stamp, decimal(line, from, digits), from, mark);
  return mark + 1;
}
