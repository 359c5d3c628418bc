/**
 * The column where task names begin in a `trace-cmd report`.
 *
 * It is the first one, unless several files or ring-buffer instances were read: then a name and a
 * colon stand before it, right-aligned, or blanks of that width where there is no name. The column
 * is the same for all lines of one report, so the one that was found last is tried early.
 * Counterpart: print_handle_file (tracecmd/trace-read.c of trace-cmd).
 */
import { DASH } from "../characters.ts";
import { COMM_WIDTH, type Head, type ReadHead, readDefaultHead } from "../ftrace/head.ts";
import { LATENCY_COMM_WIDTH, readLatencyHead } from "../ftrace/latency-head.ts";

/** A way to print heads, and the width of its column for task names. */
export interface TraceCmdLayout {
  readonly readHead: ReadHead;
  readonly commWidth: number;
}

/** The usual layout, and that of `-l`. */
export const TRACE_CMD_LAYOUTS: readonly TraceCmdLayout[] = [
  { readHead: readDefaultHead, commWidth: COMM_WIDTH },
  { readHead: readLatencyHead, commWidth: LATENCY_COMM_WIDTH },
];

const PREFIX = /^ *\S+: /;

/** Names that push the column further to the right are not searched. */
const COLUMN_MAX = 128;

/**
 * Reads the head into `head` and returns its column, -1 when there is none: the first column, the
 * known one, the one after a printed prefix, or where a dash happens to stand right.
 */
export function findColumn(
  line: string,
  layout: TraceCmdLayout,
  known: number,
  head: Head,
): number {
  const { readHead, commWidth } = layout;
  if (readHead(line, 0, head)) return 0;
  if (known > 0 && readHead(line, known, head)) return known;
  const prefix = PREFIX.exec(line)?.[0].length ?? 0;
  if (prefix > 0 && readHead(line, prefix, head)) return prefix;
  for (let at = commWidth; at < COLUMN_MAX && at < line.length; at += 1) {
    if (line.charCodeAt(at) !== DASH) continue;
    if (readHead(line, at - commWidth, head)) return at - commWidth;
  }
  return -1;
}
