/**
 * What a schema has against a value, in the words of an error message.
 *
 * zod names the path, the rule and what it expected; the value itself is looked up here and shown
 * cut and printable, because it comes from outside.
 */
import type { z } from "zod";
import { excerpt, printable } from "../import/printable.ts";
import { didYouMean } from "../vocabulary/near-match.ts";

type Issue = z.core.$ZodIssue;

/** An issue in words: the parts of a `SimError`. */
export interface IssueText {
  readonly found: string;
  readonly expected: string;
  /** A hint with near matches; empty when there is none. */
  readonly hint: string;
}

/** Known spellings of one form of text, by the source of its pattern. */
const PATTERNS: Readonly<Record<string, string>> = {
  "/^0x[0-9a-f]{16}$/": "0x and 16 lower-case hex digits",
  "/^[A-Za-z][A-Za-z0-9_]{0,15}$/": "a name: a letter, then up to 15 letters, digits or _",
};

/** What a schema's types are called in JSON. */
const NOUNS: Readonly<Record<string, string>> = {
  int: "integer",
  record: "object",
  tuple: "array",
};

/** Puts the first issue into words; `known` are the names that are allowed at the top level. */
export function issueText(
  issues: readonly Issue[],
  value: unknown,
  known: readonly string[] = [],
): IssueText {
  const issue = issues[0];
  if (issue === undefined) throw new Error("assertion failed: a refusal has an issue");
  const atTop = issue.path.length === 0;
  const where = `"${printable(issue.path.join("."))}"`;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    return {
      found: `an unknown field ${excerpt(key)}${atTop ? "" : ` in ${where}`}`,
      expected: atTop && known.length > 0 ? `the fields ${known.join(", ")}` : "known fields only",
      hint: atTop ? didYouMean(key, known) : "",
    };
  }
  const there = valueAt(value, issue.path);
  const found = there === undefined ? `no ${where}` : `${where}: ${shown(there)}`;
  return {
    found: atTop ? shown(value) : found,
    expected: expectedBy(issue),
    hint: hintFor(issue, there),
  };
}

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return withArticle(NOUNS[issue.expected] ?? issue.expected);
    case "invalid_value":
      return oneOf(issue.values.map(String));
    case "invalid_format":
      return PATTERNS[issue.pattern ?? ""] ?? `text that matches ${issue.pattern ?? issue.format}`;
    case "too_small":
      return bounded(issue, issue.minimum, "at least", (least) => `a number from ${least} on`);
    case "too_big":
      return bounded(issue, issue.maximum, "at most", (most) => `a number up to ${most}`);
    case "invalid_key": {
      const [inner] = issue.issues;
      return inner === undefined ? "another key" : `a key that is ${expectedBy(inner)}`;
    }
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    default:
      return printable(issue.message);
  }
}

/** A bound on how many there are, or on a number. */
function bounded(
  { origin }: { readonly origin: string },
  count: number | bigint,
  how: string,
  ofNumber: (bound: number | bigint) => string,
): string {
  const noun = { array: "item", string: "character" }[origin];
  return noun === undefined ? ofNumber(count) : `${how} ${count} ${noun}${count === 1 ? "" : "s"}`;
}

function hintFor(issue: Issue, there: unknown): string {
  if (issue.code !== "invalid_value" || typeof there !== "string") return "";
  return didYouMean(there, issue.values.map(String));
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `"${values[0]}"` : `one of ${values.join(", ")}`;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

function shown(value: unknown): string {
  return typeof value === "string" ? excerpt(value) : excerpt(jsonOf(value)).slice(1, -1);
}

/** JSON, or what it is where it is nested so deeply that writing it would need too much stack. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return Array.isArray(value) ? "[[[…]]]" : "{…{…}…}";
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return at;
}
