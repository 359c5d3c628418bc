/**
 * Which format a recording has, from its first bytes.
 *
 * Binary files are refused with the command that turns them into text. A text is decided by the
 * first line that only one format can have; headers and lines that several formats share only say
 * what to assume when nothing better follows. Decompression is the caller's.
 */
import { SimError } from "../sim-error.ts";
import { refuseBinary, refuseZeros } from "./binary.ts";
import { COLON, DOT, SPACE } from "./characters.ts";
import { withoutPrefix } from "./ftrace/console.ts";
import { createHead, type Head, readDefaultHead } from "./ftrace/head.ts";
import { readLatencyHead, readVerboseHead } from "./ftrace/latency-head.ts";
import { layoutError, refusedLayout } from "./ftrace/layout.ts";
import { readNoise } from "./ftrace/noise.ts";
import { TEXT_FORMATS, type TextFormat } from "./importer.ts";
import { sniffJson } from "./json-kind.ts";
import { latin1 } from "./lines.ts";
import { readPerfHead } from "./perf/perf-head.ts";
import { excerpt } from "./printable.ts";
import { isUnpadded, quotedError, refuseTextTuples, unpaddedError, unquoted } from "./reshaped.ts";
import { findColumn, TRACE_CMD_LAYOUTS } from "./trace-cmd/column.ts";

/** The name of a format, as `--format` takes it. */
export type ImportFormat = TextFormat | "journal";

/** Every format that can be told; `createImporter` reads all but the journal. */
export const IMPORT_FORMATS: readonly ImportFormat[] = [...TEXT_FORMATS, "journal"];

/** So many first bytes are looked at; a caller need not give more. */
export const SNIFF_BYTES = 64 * 1024;

const FTRACE_HEADER = /^# (?:tracer: |entries-in-buffer\/)/;
const TRACE_CMD_HEADER = /^(?:cpus=\d+|version = \d+)$/;
const BPFTRACE_TEXT = /^(?:Attach(?:ing|ed) \d+ probes?|\d+ cpu=\d+ )/;
const DUMPING = "Dumping ftrace buffer:";
const PADDED_EVENT = /^(?: |\([+-]\d+\) |[\w.]+: {2,}\S)/;

/** A refused layout is believed when so many lines, or all there are, have it. */
const LAYOUT_LINES = 3;

/**
 * The format of a recording that begins with these bytes.
 *
 * @throws SimError `E_EMPTY`, `E_TRACE_DAT`, `E_PERF_DATA`, `E_PERF_JSON`, `E_BINARY`, `E_UTF16`,
 * `E_LINE_END`, `E_LAYOUT` (a layout of ftrace without times or names) or `E_FORMAT` (nothing known).
 * @example
 * ```ts
 * const importer = createImporter(sniffFormat(bytes) as TextFormat);
 * ```
 */
export function sniffFormat(bytes: Uint8Array): ImportFormat {
  const first = bytes.subarray(0, SNIFF_BYTES);
  refuseBinary(first);
  const text = latin1(first);
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  if (first.length < bytes.length || first.length === SNIFF_BYTES) lines.pop();
  const json = sniffJson(text);
  if (json !== undefined) return json;
  if (!text.includes("\n")) refuseOneLine(first, text);
  const format = sniffLines(lines);
  if (format === undefined || format === "bpftrace") refuseTextTuples(lines);
  if (format !== undefined) return format;
  refuseZeros(first);
  return refuseText(lines);
}

function sniffLines(lines: readonly string[]): ImportFormat | undefined {
  const head = createHead();
  let assumed: ImportFormat | undefined;
  let unpadded: number | undefined;
  for (const [index, line] of lines.entries()) {
    const text = unquoted(line);
    if (text !== undefined && isOfRecording(text, head)) throw quotedError(line, index + 1);
    if (FTRACE_HEADER.test(line)) assumed = "ftrace";
    else if (TRACE_CMD_HEADER.test(line)) return "trace-cmd";
    const decided = sniffLine(line, head, assumed === "ftrace");
    if (decided !== undefined) return decided;
    if (unpadded === undefined && isUnpadded(line)) unpadded = index;
    if (assumed === undefined && readNoise(line, 1)?.kind !== undefined) assumed = "ftrace";
  }
  if (unpadded !== undefined) throw unpaddedError(lines[unpadded] ?? "", unpadded + 1);
  return assumed;
}

function isOfRecording(text: string, head: Head): boolean {
  return FTRACE_HEADER.test(text) || isUnpadded(text) || sniffLine(text, head, false) !== undefined;
}

/** The format that this line alone proves. */
function sniffLine(line: string, head: Head, tracefs: boolean): ImportFormat | undefined {
  if (readDefaultHead(line, 0, head)) {
    return !tracefs && isTraceCmdEvent(line, head) ? "trace-cmd" : "ftrace";
  }
  if (readLatencyHead(line, 0, head)) return latencyFormat(line, head);
  if (readVerboseHead(line, 0, head)) return "ftrace-latency";
  const text = withoutPrefix(line);
  if (text === DUMPING) return "ftrace-latency";
  if (text !== line && readLatencyHead(text, 0, head)) return "ftrace-latency";
  if (readPerfHead(line) !== undefined) return "perf-script";
  if (TRACE_CMD_LAYOUTS.some((layout) => findColumn(line, layout, 0, head) > 0)) return "trace-cmd";
  return BPFTRACE_TEXT.test(line) ? "bpftrace" : undefined;
}

/** trace-cmd pads the names of events, and `--raw-ts` leaves no space after the CPU. */
function isTraceCmdEvent(line: string, head: Head): boolean {
  const glued = line.charCodeAt(head.stamp.from - 1) !== SPACE;
  return glued || PADDED_EVENT.test(line.slice(head.body));
}

/** Times with a point are trace-cmd's (`-l`); the kernel prints whole microseconds here. */
function latencyFormat(line: string, head: Head): ImportFormat {
  const { from, to } = head.stamp;
  const point = line.slice(from, to).includes(String.fromCharCode(DOT));
  return point && line.charCodeAt(to) === COLON ? "trace-cmd" : "ftrace-latency";
}

function refuseText(lines: readonly string[]): never {
  const index = lines.findIndex((line) => line.trim() !== "");
  const line = lines[index] ?? "";
  const layout = refusedLayout(line);
  const next = lines.slice(index).filter((other) => other !== "");
  if (layout !== undefined) {
    const same = next.slice(0, LAYOUT_LINES).every((other) => refusedLayout(other) === layout);
    if (same) throw layoutError(layout, line, index + 1);
  }
  throw new SimError({
    code: "E_FORMAT",
    found: `line ${index + 1}: ${excerpt(line)}`,
    expected: "text of ftrace, trace-cmd report, perf script, bpftrace, or a journal",
    action: `If it is one of these, name it: --format ${IMPORT_FORMATS.join("|")}.`,
  });
}

/** Text without a line end is one line too long, or has the line ends of old Macs. */
function refuseOneLine(bytes: Uint8Array, text: string): void {
  refuseZeros(bytes);
  const lone = /\r./s.test(text);
  if (!lone && text.length < SNIFF_BYTES) return;
  throw new SimError({
    code: "E_LINE_END",
    found: lone ? "lines that end in a carriage return" : `no line end in ${SNIFF_BYTES} bytes`,
    expected: "lines that end in a newline",
    action: lone
      ? "Convert it with: tr '\\r' '\\n' < FILE > trace.txt"
      : "Is this the text of a recording?",
  });
}
