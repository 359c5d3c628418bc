/**
 * The arguments of an event: `a=1 b="x y" c={0x1,0x2}`, values as printed.
 *
 * The kernel escapes nothing: a string may hold quotes, spaces and `=`. Its end is the first quote
 * that the end of the line or another argument follows. A symbol may carry its module (`f+0x1c/0x30
 * [test_hmm]`), which belongs to the value. Words that are no argument, and arguments whose name was
 * already taken, are returned as they stand.
 */
import {
  CLOSE_BRACKET,
  COMMA,
  EQUALS,
  endOfWord,
  isDigit,
  isWord,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from "./characters.ts";
import { createNameCache } from "./text-cache.ts";

/** The argument names of a probe's last line, and each with its `=`. */
export interface FieldTemplate {
  names: readonly string[];
  prefixes: readonly string[];
}

/** Puts the arguments from `from` on into `fields` and returns the words that are none. */
export type FieldReader = (
  line: string,
  from: number,
  template: FieldTemplate,
  fields: Record<string, string>,
) => string;

/** Probes with more arguments are read without a template. */
const TEMPLATE_NAMES_MAX = 64;

/** A reader of arguments; it learns each template from the lines that it reads. */
export function createFieldReader(): FieldReader {
  const keys = createNameCache();

  /** Reads what no template told: words and arguments in any order. */
  function readWords(line: string, from: number, fields: Record<string, string>): string {
    let rest = "";
    let at = from;
    while (at < line.length) {
      const equals = argumentNameEnd(line, at);
      const name = equals < 0 ? undefined : keys(line, at, equals);
      if (name !== undefined && !Object.hasOwn(fields, name)) {
        const end = valueEnd(line, equals + 1);
        put(fields, name, valueText(line, equals + 1, end));
        at = argumentEnd(line, end);
      } else {
        const start = at;
        at = nextArgument(line, endOfWord(line, at));
        const words = line.slice(start, at < line.length ? trimmedEnd(line, start, at) : at);
        if (words !== "") rest = rest === "" ? words : `${rest} ${words}`;
      }
    }
    return rest;
  }

  return (line, from, template, fields) => {
    const { names, prefixes } = template;
    let at = from;
    for (let i = 0; i < prefixes.length; i += 1) {
      const prefix = prefixes[i] as string;
      if (!line.startsWith(prefix, at)) break;
      const start = at + prefix.length;
      const end = valueEnd(line, start);
      fields[names[i] as string] = valueText(line, start, end);
      at = end + 1;
    }
    if (at >= line.length) return "";
    if (line.indexOf("=", at) < 0) return line.slice(at);
    const rest = readWords(line, at, fields);
    learn(template, Object.keys(fields));
    return rest;
  };
}

/** The place after the space that ends a value at `end`, or the end of the line. */
export function argumentEnd(line: string, end: number): number {
  return end < line.length ? end + 1 : end;
}

function learn(template: FieldTemplate, names: string[]): void {
  if (names.length > TEMPLATE_NAMES_MAX || names.includes("__proto__")) return;
  template.names = names;
  template.prefixes = names.map((name) => `${name}=`);
}

/** Sets a field whatever its name: `__proto__` is a name like any other. */
function put(fields: Record<string, string>, name: string, value: string): void {
  if (name !== "__proto__") fields[name] = value;
  else Object.defineProperty(fields, name, { value, enumerable: true });
}

/** The place of the `=` of an argument that begins at `at`; -1 when none does. */
function argumentNameEnd(line: string, at: number): number {
  if (isDigit(line.charCodeAt(at))) return -1;
  let end = at;
  while (isWord(line.charCodeAt(end))) end += 1;
  return end > at && line.charCodeAt(end) === EQUALS ? end : -1;
}

/** The beginning of the next argument from a word's end on, or the end of the line. */
function nextArgument(line: string, from: number): number {
  let at = from;
  while (at < line.length) {
    at += 1;
    if (argumentNameEnd(line, at) >= 0) return at;
    at = endOfWord(line, at);
  }
  return at;
}

/** The end of `line[from, to)` without the spaces at its end; no other white space is one. */
function trimmedEnd(line: string, from: number, to: number): number {
  let end = to;
  while (end > from && line.charCodeAt(end - 1) === SPACE) end -= 1;
  return end;
}

/** The end of the value that begins at `from`: a place that holds a space, or the line's end. */
function valueEnd(line: string, from: number): number {
  const first = line.charCodeAt(from);
  if (first === QUOTE) return closedEnd(line, from, '"');
  if (first === OPEN_BRACE) return closedEnd(line, from, "}");
  const end = endOfWord(line, from);
  return line.charCodeAt(end + 1) === OPEN_BRACKET && end > from ? moduleEnd(line, end) : end;
}

/** The end of a value in quotes or braces; of a plain word when nothing closes it. */
function closedEnd(line: string, from: number, close: string): number {
  for (let at = line.indexOf(close, from + 1); at >= 0; at = line.indexOf(close, at + 1)) {
    const end = at + 1;
    if (end === line.length) return end;
    if (line.charCodeAt(end) === SPACE && endsBefore(line, end + 1, close)) return end;
  }
  return endOfWord(line, from);
}

/** Whether a closed value may end before `next`: braces always, a quote only before an argument. */
function endsBefore(line: string, next: number, close: string): boolean {
  return close === "}" || argumentNameEnd(line, next) >= 0 || line.indexOf(close, next) < 0;
}

/** The end of ` [module]` after a symbol that ends at `end`; `end` when it is not that. */
function moduleEnd(line: string, end: number): number {
  let at = end + 2;
  while (isWord(line.charCodeAt(at))) at += 1;
  const closed = line.charCodeAt(at) === CLOSE_BRACKET && at > end + 2;
  return closed && endOfWord(line, at) === at + 1 ? at + 1 : end;
}

/** The value's text without the comma that some tracepoints print between arguments. */
function valueText(line: string, from: number, end: number): string {
  const comma = end < line.length && end > from && line.charCodeAt(end - 1) === COMMA;
  return line.slice(from, comma ? end - 1 : end);
}
