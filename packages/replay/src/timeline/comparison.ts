/**
 * Comparisons of what is at a path with a value: `mms[0].subs.active >= 2`.
 *
 * The value is JSON, or one word. Only numbers and addresses have an order, and only among their like; an address is
 * compared by its value, however many zeros it is written with.
 */
import { SimError } from "@mmreplay/events";
import { type NoTerm, noTerm, refused } from "./no-term.ts";
import { stepsOf, textOf } from "./path.ts";

const OPERATORS = ["==", "!=", "<", "<=", ">", ">="] as const;

/** How two values are compared. */
export type Operator = (typeof OPERATORS)[number];

/** A comparison of a condition. */
export interface Comparison {
  readonly kind: "comparison";
  readonly path: string;
  readonly operator: Operator;
  readonly wanted: unknown;
}

const COMPARISON = /^([^<>=!]*)([<>=!]+)(.*)$/s;
/** A value that need not be in quotes. */
const BARE = /^[^\s<>=!"[\]{}]+$/;

/** The comparison of a text; undefined: it has no operator. */
export function comparisonIn(text: string): Comparison | NoTerm | undefined {
  const [, left = "", written = "", right = ""] = COMPARISON.exec(text) ?? [];
  // In the words of the list, `=` stands before a result.
  if (written === "" || written === "=" || written === "!") return undefined;
  const noPath = wrongPath(text, left.trim());
  if (noPath !== undefined) return noPath;
  const operator = OPERATORS.find((one) => one === written);
  if (operator === undefined) {
    return refused(false, {
      found: `the operator ${written}`,
      expected: "==, !=, <, <=, > or >=",
      action: "Write one of these.",
    });
  }
  return compared(left.trim(), operator, right.trim());
}

function compared(path: string, operator: Operator, value: string): Comparison | NoTerm {
  const wanted = literal(value);
  if (wanted === undefined) {
    return refused(value !== "" && !/[<>=!]/.test(value), {
      found:
        value === "" ? `nothing after ${operator}` : `${JSON.stringify(value)} after ${operator}`,
      expected: "one value",
      action: "A text of several words stands in quotes.",
    });
  }
  if (isOrder(operator) && sortOf(wanted) === undefined) {
    return refused(false, {
      found: `${value} after ${operator}`,
      expected: "a number, or an address like 0x200008000",
      action: "Other values are compared with == and !=.",
    });
  }
  return { kind: "comparison", path, operator, wanted };
}

/** Why what stands before an operator is no path; undefined: it is one. */
function wrongPath(text: string, path: string): NoTerm | undefined {
  try {
    return stepsOf(path).length === 0 ? noTerm(text, true) : undefined;
  } catch (error) {
    if (error instanceof SimError) return { kind: "none", isText: true, error };
    throw error;
  }
}

function literal(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return BARE.test(text) ? text : undefined;
  }
}

/** Whether an operator asks which of two comes first. */
export const isOrder = (operator: Operator): boolean => operator !== "==" && operator !== "!=";

/** Which of the values that have an order this is; undefined: none. */
export function sortOf(value: unknown): "number" | "address" | undefined {
  if (typeof value === "number") return "number";
  return typeof value === "string" && /^0x[0-9a-f]{1,16}$/i.test(value) ? "address" : undefined;
}

/** Whether a value compares so with the wanted one. */
export function holds(value: unknown, { operator, wanted }: Comparison): boolean {
  if (operator === "==") return same(value, wanted);
  if (operator === "!=") return !same(value, wanted);
  const sort = sortOf(value);
  if (sort === undefined || sort !== sortOf(wanted)) return false;
  const order = orderOf(rankOf(value), rankOf(wanted));
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}

function same(value: unknown, wanted: unknown): boolean {
  if (sortOf(value) === "address" && sortOf(wanted) === "address") {
    return rankOf(value) === rankOf(wanted);
  }
  return textOf(value) === textOf(wanted);
}

/** Below, at or above zero, as the first comes before, with or after the second. */
function orderOf(one: unknown, other: unknown): number {
  if (one === other) return 0;
  return (one as number) < (other as number) ? -1 : 1;
}

/** What orders as the value does among its like: an address with all its digits. */
function rankOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.slice(2).toLowerCase().padStart(16, "0");
}
