/**
 * Where the values of a JSON text stand, and where it stops being JSON.
 *
 * `JSON.parse` says the place of a mistake in some of its messages only, and of a value never. People write
 * scenario files by hand, so each error about one names a line. What the values are is left to
 * `JSON.parse`; a test asks both whether a text is JSON.
 */
import { excerpt } from "../import/printable.ts";

/** A way from the outermost value to one inside. */
export type JsonPath = readonly (string | number)[];

/** The places of a text. */
export interface JsonPlaces {
  /** The offset of a value, a field's being that of its key; of one that is not there that of its parent. */
  at(path: JsonPath): number;
  /** `line:column`, both from 1. */
  placeOf(offset: number): string;
  /** The first place that is no JSON; absent: all of it is. */
  readonly error?: JsonMistake;
  /** The first key that stands twice in one object, or is `__proto__`: JSON.parse would drop one. */
  readonly lost?: { readonly key: string; readonly offset: number };
}

/** What stands where JSON would go on otherwise. */
export interface JsonMistake {
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
}

/** An object or array that is open. */
interface Open {
  readonly path: string;
  readonly close: "}" | "]";
  readonly keys: Set<string>;
  count: number;
  key: string;
}

interface Reading {
  readonly text: string;
  readonly offsets: Map<string, number>;
  readonly open: Open[];
  want: keyof typeof EXPECTED;
  lost?: { readonly key: string; readonly offset: number };
}

const EXPECTED = {
  value: () => "a value",
  valueOrEnd: () => 'a value or "]"',
  nextValue: () => "a value after the comma",
  keyOrEnd: () => 'a key in quotes or "}"',
  nextKey: () => "a key in quotes after the comma",
  colon: () => "a colon",
  more: (close: string) => `a comma or "${close}"`,
  nothing: () => "nothing more",
};

const BLANK = /[ \t\n\r]*/y;
const TOKEN =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]+|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/** Values that lie deeper are at the place of what they are in. */
const DEPTH_MAX = 8;

/** Reads where everything is. */
export function placesIn(text: string): JsonPlaces {
  const reading: Reading = { text, offsets: new Map(), open: [], want: "value" };
  let offset = skip(BLANK, text, 0);
  let token = tokenAt(text, offset);
  while (token !== undefined && step(reading, token, offset)) {
    offset = skip(BLANK, text, offset + token.length);
    token = tokenAt(text, offset);
  }
  const whole = reading.want === "nothing" && offset === text.length;
  return {
    at: (path) => offsetOf(reading.offsets, path),
    placeOf: (at) => lineAndColumn(text, at),
    ...(whole ? {} : { error: mistake(reading, offset) }),
    ...(reading.lost === undefined ? {} : { lost: reading.lost }),
  };
}

/** Takes a token, unless it may not stand here. */
function step(reading: Reading, token: string, offset: number): boolean {
  const { open, want } = reading;
  const inner = open.at(-1);
  if (want === "nothing") return false;
  if (want === "colon") return token === ":" && wants(reading, "value");
  if (token === inner?.close) {
    if (want !== "more" && want !== "keyOrEnd" && want !== "valueOrEnd") return false;
    open.pop();
    return ended(reading);
  }
  if (want === "more") {
    return token === "," && wants(reading, inner?.close === "}" ? "nextKey" : "nextValue");
  }
  if (want === "keyOrEnd" || want === "nextKey") return key(reading, token, offset);
  return value(reading, token, offset);
}

function key(reading: Reading, token: string, offset: number): boolean {
  const inner = reading.open.at(-1);
  if (!token.startsWith('"') || inner === undefined) return false;
  inner.key = JSON.parse(token);
  if (inner.keys.has(inner.key) || inner.key === "__proto__") {
    reading.lost ??= { key: inner.key, offset };
  }
  inner.keys.add(inner.key);
  note(reading, pathWithin(inner), offset);
  return wants(reading, "colon");
}

function value(reading: Reading, token: string, offset: number): boolean {
  if (/^[}\],:]$/.test(token)) return false;
  const { open } = reading;
  const inner = open.at(-1);
  const path = inner === undefined ? "" : pathWithin(inner);
  if (inner?.close !== "}") note(reading, path, offset);
  if (token !== "{" && token !== "[") return ended(reading);
  const close = token === "{" ? "}" : "]";
  const deep = open.length >= DEPTH_MAX;
  open.push({ path: deep ? "" : path, close, keys: new Set(), count: 0, key: "" });
  return wants(reading, token === "{" ? "keyOrEnd" : "valueOrEnd");
}

/** A value is over. */
function ended(reading: Reading): boolean {
  const inner = reading.open.at(-1);
  if (inner !== undefined) inner.count += 1;
  return wants(reading, inner === undefined ? "nothing" : "more");
}

function wants(reading: Reading, next: Reading["want"]): true {
  reading.want = next;
  return true;
}

function note({ offsets, open }: Reading, path: string, offset: number): void {
  if (open.length <= DEPTH_MAX && !offsets.has(path)) offsets.set(path, offset);
}

/** What is shown of a line that has no token. */
const LINE_MAX = 80;

const SEPARATOR = "\0";

function pathWithin({ path, close, count, key: name }: Open): string {
  return `${path}${SEPARATOR}${close === "}" ? name : count}`;
}

function offsetOf(offsets: ReadonlyMap<string, number>, path: JsonPath): number {
  for (let length = path.length; length > 0; length--) {
    const at = offsets.get(
      path
        .slice(0, length)
        .map((step) => `${SEPARATOR}${step}`)
        .join(""),
    );
    if (at !== undefined) return at;
  }
  return offsets.get("") ?? 0;
}

function mistake({ text, open, want }: Reading, offset: number): JsonMistake {
  const [line = ""] = text.slice(offset, offset + LINE_MAX).split(/[\r\n]/);
  const token = tokenAt(text, offset) ?? line;
  return {
    offset,
    found: offset === text.length ? "the end of the text" : excerpt(token.replace(/^"|"$/g, "")),
    expected: EXPECTED[want](open.at(-1)?.close ?? ""),
  };
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

function tokenAt(text: string, offset: number): string | undefined {
  TOKEN.lastIndex = offset;
  return TOKEN.exec(text)?.[0];
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}
