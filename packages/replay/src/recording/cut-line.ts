/**
 * A last line without its end was cut, and half a line can look whole: `seq=12` may have been
 * `seq=123`. So nothing rests on it, and a recording that ends in one has lost something.
 *
 * Recorders end each line. In JSON half a line is none, so bpftrace's lines need no such care.
 */
import type { Emit, TextFormat } from "@mmreplay/events";

const NEWLINE = 0x0a;

/** Formats whose importers keep back nothing but the last line. */
const LINE_BY_LINE: readonly TextFormat[] = [
  "ftrace",
  "ftrace-latency",
  "trace-cmd",
  "perf-script",
];

/** Watches the end of a text. */
export interface LastLine {
  /** Must see each piece of the text. */
  saw(chunk: Uint8Array): void;
  /** Takes what the importer delivers at the end; an event on a line that was cut is unread. */
  taker(take: Emit): Emit;
}

/** The last line of a text of this format. */
export function watchLastLine(format: TextFormat): LastLine {
  let last = NEWLINE;
  return {
    saw(chunk) {
      last = chunk.at(-1) ?? last;
    },
    taker(take) {
      if (last === NEWLINE || !LINE_BY_LINE.includes(format)) return take;
      return (observation) => {
        if (observation.kind !== "probe") return take(observation);
        const { line, probe, rest } = observation;
        take({ kind: "other", line, reason: "unread", text: `${probe}: ${rest}` });
      };
    },
  };
}
