/**
 * Lines between the events: losses, beginnings of buffers, stack frames, the header.
 *
 * They are few but they decide what may be concluded: after a loss, and before the last CPU's buffer
 * began, the absence of an event proves nothing.
 * Kernel counterparts: print_trace_line, test_cpu_buff_start, print_trace_header (kernel/trace/trace.c).
 */
import type {
  BufferStartedObservation,
  HeaderObservation,
  LostObservation,
  Observation,
} from "../../observation/observation.ts";
import { other } from "../line-importer.ts";

const LOST = /^CPU:(\d+) \[(?:LOST )?(?:(\d+) )?EVENTS(?: DROPPED)?\]$/;
const STARTED = /^##### CPU (\d+) buffer started ####$/;
const ENTRIES = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)(?: +#P:(\d+))?/;
const LATENCY = /^# latency: \d+ us, #(\d+)\/(\d+), CPU#\d+ \|(?:.*#P:(\d+)\))?/;
const STACK = /^ *=> /;

/** Reads a line that is no event; `undefined` when it is not one of those. */
export function readNoise(text: string, line: number): Observation | undefined {
  return readLost(text, line) ?? readStarted(text, line) ?? readStack(text, line);
}

/** Reads a header line: counts where it has some, a note otherwise; `text` begins with `#`. */
export function readHeader(text: string, line: number): Observation {
  const match = ENTRIES.exec(text) ?? LATENCY.exec(text);
  if (match === null) return other(line, "note", text);
  const [, inBuffer, written, cpus] = match;
  const header: HeaderObservation = {
    kind: "header",
    line,
    inBuffer: countOf(inBuffer),
    written: countOf(written),
  };
  return cpus === undefined ? header : { ...header, cpus: countOf(cpus) };
}

/** A printed count; one that no recorder reaches is cut to the largest that is exact. */
export function countOf(digits = "0"): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

function readLost(text: string, line: number): LostObservation | undefined {
  const match = LOST.exec(text);
  if (match === null) return undefined;
  return { kind: "lost", line, cpu: countOf(match[1]), count: countOf(match[2]) };
}

function readStarted(text: string, line: number): BufferStartedObservation | undefined {
  const match = STARTED.exec(text);
  return match === null ? undefined : { kind: "buffer-started", line, cpu: countOf(match[1]) };
}

function readStack(text: string, line: number): Observation | undefined {
  return STACK.test(text) ? other(line, "stack", text) : undefined;
}
