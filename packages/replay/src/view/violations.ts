/**
 * All violations of a file as numbers in a page's head.
 *
 * `check` spells out the first hundred. A page draws each of them and goes from one to the next, so it has the event and
 * the rule of all; their texts would be larger than the journal.
 */
import type { StalePages } from "@mmreplay/core";
import type { Finding } from "../recording/check-report.ts";
import type { Violated } from "../recording/violations.ts";

/** The violations in a page's head. */
export interface PackedViolations {
  /** The rules that are violated. */
  readonly violatedRules: readonly string[];
  /** In the order of their events: the index of the event, the place of its rule in `violatedRules`, and so on. */
  readonly violations: readonly number[];
  /** Index of the event, mirror, first page and the one beyond the last, and so on. */
  readonly stale: readonly number[];
}

/** One violation, as the page has it. */
export interface PageViolation {
  readonly index: number;
  readonly rule: string;
  /** Spelled out, where `check` lists it. */
  readonly finding: Finding | undefined;
}

/** Pages that are stale from an event on, as long as they stay mapped. */
export interface StaleFrom extends Omit<StalePages, "mirror"> {
  readonly index: number;
  readonly mirror: number;
}

/** Violations to numbers. */
export function packViolations(violated: readonly Violated[]): PackedViolations {
  const violatedRules = [...new Set(violated.map(({ rule }) => rule))];
  return {
    violatedRules,
    violations: violated.flatMap(({ index, rule }) => [index, violatedRules.indexOf(rule)]),
    stale: violated.flatMap(({ index, stale }) =>
      stale === undefined ? [] : [index, stale.mirror, stale.from, stale.to],
    ),
  };
}

/** Numbers to violations, each with its text, if it is among `findings`. */
export function violationsOf(
  { violatedRules, violations }: PackedViolations,
  findings: readonly Finding[],
): PageViolation[] {
  const texts = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.index} ${finding.rule}`;
    texts.set(key, [...(texts.get(key) ?? []), finding]);
  }
  const found: PageViolation[] = [];
  for (let at = 0; at < violations.length; at += 2) {
    const [index = 0, place = 0] = violations.slice(at, at + 2);
    const rule = violatedRules[place] ?? "";
    found.push({ index, rule, finding: texts.get(`${index} ${rule}`)?.shift() });
  }
  return found;
}

/** Numbers to stretches of stale pages, in the order of their events. */
export function staleOf({ stale }: Pick<PackedViolations, "stale">): StaleFrom[] {
  const found: StaleFrom[] = [];
  for (let at = 0; at < stale.length; at += 4) {
    const [index = 0, mirror = 0, from = 0, to = 0] = stale.slice(at, at + 4);
    found.push({ index, mirror, from, to });
  }
  return found;
}
