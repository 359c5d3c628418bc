/**
 * The body of an event: `(place) name=value name=value`.
 *
 * A dynamic probe prints where it sits, then its arguments: `(insert+0x0/0x70) sub=0x… ret=0`; a
 * return probe prints `(caller <- function)`, trace-cmd and perf raw addresses. Tracepoints print what
 * they like, often `name=value`, too. What is not understood stays in `rest`, as printed.
 * Lines of one probe have the same arguments in the same order: the names of its last line are
 * tried first (`template`), which makes reading a comparison and a slice.
 * Kernel counterpart: print_kprobe_event, print_kretprobe_event (kernel/trace/trace_kprobe.c).
 */
import { COLON, DOT, endOfWord, isWord, LESS, OPEN, SPACE, skipSpaces } from "./characters.ts";
import { argumentEnd, createFieldReader, type FieldTemplate } from "./fields.ts";
import { type Edge, probeName } from "./probe-name.ts";
import { createTextCache } from "./text-cache.ts";

/** An event without its time, task and CPU. */
export interface ProbeBody {
  probe: string;
  edge: Edge;
  fields: Record<string, string>;
  rest: string;
}

/** Reads bodies; what it returns is overwritten by its next call. */
export interface BodyReader {
  /**
   * Reads `name: body` from `from` to the end of the line, as ftrace and trace-cmd print it; also
   * `<stack trace>`, `sys_munmap(addr: 0, len: 1)`, `sys_munmap -> 0x0` and `function <-caller`.
   * `undefined` when no name is there.
   */
  named(line: string, from: number): ProbeBody | undefined;
  /** Reads the body at `from` of the probe whose name is `line[nameFrom, nameTo)`. */
  of(line: string, nameFrom: number, nameTo: number, from: number): ProbeBody;
}

/** What is remembered of a probe from line to line. */
interface KnownProbe extends FieldTemplate {
  readonly probe: string;
  readonly edge: Edge;
  readonly marker: boolean;
}

interface Place {
  readonly text: string;
  readonly isReturn: boolean;
}

const RETURN_ARROW = " <- ";
const SYSCALL_ARROW = "-> ";

/** A reader that has seen no probe yet; `padded` says that names are padded to a column. */
export function createBodyReader(padded: boolean): BodyReader {
  const probes = createTextCache(knownProbe);
  const places = createTextCache(placeOf);
  const readFields = createFieldReader();
  const body: ProbeBody = { probe: "", edge: "entry", fields: {}, rest: "" };

  function begin(known: KnownProbe): void {
    body.probe = known.probe;
    body.edge = known.edge;
    body.fields = {};
    body.rest = "";
  }

  function withArguments(known: KnownProbe, line: string, from: number): ProbeBody {
    begin(known);
    if (known.marker) {
      body.rest = line.slice(from);
      return body;
    }
    const end = placeEnd(line, from);
    if (end === from) {
      body.rest = readFields(line, from, known, body.fields);
      return body;
    }
    const place = places(line, from, end);
    if (place.isReturn) body.edge = "return";
    const rest = readFields(line, argumentEnd(line, end), known, body.fields);
    body.rest = rest === "" ? place.text : `${place.text} ${rest}`;
    return body;
  }

  function withoutColon(line: string, from: number, end: number): ProbeBody | undefined {
    const code = line.charCodeAt(end);
    if (end < line.length && code !== SPACE && code !== OPEN) return undefined;
    begin(probes(line, from, end));
    body.rest = line.slice(code === SPACE ? end + 1 : end);
    if (body.rest.startsWith(SYSCALL_ARROW)) body.edge = "return";
    return body;
  }

  return {
    named(line, from) {
      const end = nameEnd(line, from);
      if (end === from) {
        if (!isStackTitle(line, from)) return undefined;
        begin(probes(line, from, line.length));
        return body;
      }
      if (line.charCodeAt(end) !== COLON) return withoutColon(line, from, end);
      const space = line.charCodeAt(end + 1) === SPACE ? end + 2 : end + 1;
      const start = padded ? skipSpaces(line, space) : space;
      return withArguments(probes(line, from, end), line, start);
    },
    of: (line, nameFrom, nameTo, from) => withArguments(probes(line, nameFrom, nameTo), line, from),
  };
}

function knownProbe(printed: string): KnownProbe {
  return { ...probeName(printed), names: [], prefixes: [] };
}

function placeOf(text: string): Place {
  return { text, isReturn: text.includes(RETURN_ARROW) };
}

/** The end of a word of letters, digits, `_` and `.` (compilers name functions `f.isra.0`). */
function nameEnd(line: string, from: number): number {
  let at = from;
  for (;;) {
    const code = line.charCodeAt(at);
    if (!isWord(code) && code !== DOT) return at;
    at += 1;
  }
}

/** Whether `<stack trace>` or `<user stack trace>` is all that the line says from `from` on. */
function isStackTitle(line: string, from: number): boolean {
  if (line.charCodeAt(from) !== LESS || !line.endsWith(">")) return false;
  for (let at = from + 1; at < line.length - 1; at += 1) {
    const code = line.charCodeAt(at);
    if (!isWord(code) && code !== SPACE) return false;
  }
  return true;
}

/** The end of a parenthesis that begins at `from` and is a word of its own; else `from`. */
function placeEnd(line: string, from: number): number {
  if (line.charCodeAt(from) !== OPEN) return from;
  const close = line.indexOf(")", from);
  if (close < 0) return from;
  return endOfWord(line, close) === close + 1 ? close + 1 : from;
}
