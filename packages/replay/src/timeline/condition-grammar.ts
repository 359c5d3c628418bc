/**
 * The grammar of conditions: a text to terms, joined by `and`.
 *
 * A debugging session refuses what is none; the page's search looks for it in what the list prints. Both read the same
 * grammar, so none of them passes over a word: what goes on after a whole term makes it another text.
 */
import { SimError } from "@mmreplay/events";
import { type Comparison, comparisonIn } from "./comparison.ts";
import { type NoTerm, noTerm, surplus } from "./no-term.ts";
import { stepsOf } from "./path.ts";

/** One term of a condition. */
export type Term =
  | { readonly kind: "violation"; readonly rule: string | undefined }
  | { readonly kind: "retry" | "seq" }
  | { readonly kind: "type"; readonly name: string }
  | { readonly kind: "task" | "notifier"; readonly id: number }
  | { readonly kind: "page"; readonly page: number }
  | { readonly kind: "changes"; readonly path: string }
  | Comparison;

/** Text in quotes, in which `and` is a word like others, or the `and` between two terms. */
const QUOTED_OR_AND = /"(?:[^"\\]|\\.)*"|\s+and\s+/g;
/** Words; what is in brackets is one. */
const WORDS = /(?:\[[^\]]*\]|\S)+/g;
const RULE = /^[A-Z]+-I\d+$/;

/** The texts between the `and`s of a text. */
export function textsOf(text: string): string[] {
  const texts: string[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(QUOTED_OR_AND)) {
    if (found.startsWith('"')) continue;
    texts.push(text.slice(from, index).trim());
    from = index + found.length;
  }
  return [...texts, text.slice(from).trim()];
}

/**
 * The terms of a condition; all of them are to be met.
 *
 * @throws SimError `E_CONDITION` or `E_PATH` when one is none.
 */
export function termsOf(text: string): Term[] {
  return textsOf(text).map((one) => {
    const term = termIn(one);
    if (term.kind === "none") throw term.error;
    return term;
  });
}

/** The term of a text without `and`, or why it is none. */
export function termIn(text: string): Term | NoTerm {
  const comparison = comparisonIn(text);
  if (comparison !== undefined) return comparison;
  const [word = "", ...rest] = text.match(WORDS) ?? [];
  const [argument] = rest;
  switch (word) {
    case "violation": {
      const rule = argument !== undefined && RULE.test(argument) ? argument : undefined;
      return alone({ kind: word, rule }, text, rest.slice(rule === undefined ? 0 : 1));
    }
    case "retry":
    case "seq":
      return alone({ kind: word }, text, rest);
    case "type":
      if (argument === undefined) return noTerm(text, false);
      return alone({ kind: word, name: argument }, text, rest.slice(1));
    case "task":
    case "notifier":
      if (argument === undefined || !/^\d+$/.test(argument)) return noTerm(text, false);
      return alone({ kind: word, id: Number(argument) }, text, rest.slice(1));
    case "page":
      if (argument === undefined || !/^0x[0-9a-f]{1,16}$/i.test(argument)) {
        return noTerm(text, false);
      }
      return alone({ kind: word, page: Number(BigInt(argument) >> 12n) }, text, rest.slice(1));
    case "changes":
      return changesIn(text, argument, rest.slice(1));
    default:
      return noTerm(text, true);
  }
}

function changesIn(text: string, path = "", rest: readonly string[]): Term | NoTerm {
  try {
    if (stepsOf(path).length === 0) return noTerm(text, false);
  } catch (error) {
    if (error instanceof SimError) return { kind: "none", isText: false, error };
    throw error;
  }
  return alone({ kind: "changes", path }, text, rest);
}

/** A term, if nothing goes on after it. */
function alone(term: Term, text: string, rest: readonly string[]): Term | NoTerm {
  return rest.length === 0 ? term : surplus(text, rest.join(" "), term.kind);
}
