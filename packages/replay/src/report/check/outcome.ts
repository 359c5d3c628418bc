/**
 * The outcome of each rule, and the sentences that every reporter shares.
 */
import { RULES, type Rule } from "@mmreplay/core";
import { printable, VOCABULARY } from "@mmreplay/events";
import type { FileReport, Finding, RuleCounts } from "../../recording/check-report.ts";
import { type FileResult, isFailure } from "./reporter.ts";

/** How a rule came out. `no-case`: its probes fire, and no case of it occurred. */
export type Outcome = "violated" | "undecided" | "held" | "no-case" | "unobserved";

/** A rule with its outcome. */
export interface RuleOutcome {
  readonly rule: Rule;
  readonly outcome: Outcome;
  readonly counts: RuleCounts;
}

/** The outcome that the counts amount to. */
export function outcomeOf(counts: RuleCounts): Outcome {
  if (counts.violated > 0) return "violated";
  if (counts.undecided > 0) return "undecided";
  if (counts.held > 0) return "held";
  return counts.unobserved > 0 ? "unobserved" : "no-case";
}

/** The outcomes of a file, in the order of the rules. */
export function outcomesOf(report: FileReport): RuleOutcome[] {
  return RULES.flatMap((rule) => {
    const counts = report.rules[rule.id];
    return counts === undefined ? [] : [{ rule, outcome: outcomeOf(counts), counts }];
  });
}

/** The headline, or the first finding; undefined where there is none. */
export function headlineOf(report: FileReport): Finding | undefined {
  return report.headline === null ? report.findings[0] : report.findings[report.headline];
}

/** `1 rule`, `2 rules`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** What was in the file. */
export function contentOf(report: FileReport): string {
  const parts = [
    count(report.events, "event"),
    ...(report.selected === undefined
      ? []
      : [`${report.selected.events} of ${report.selected.of} steps selected`]),
    ...(report.lost > 0 ? [`${report.lost} lost`] : []),
    ...(report.unmapped > 0 ? [`${report.unmapped} of no known probe`] : []),
    ...(report.skipped > 0 ? [`${count(report.skipped, "line")} not read`] : []),
    count(report.notifiers, "notifier"),
    count(report.invalidations, "invalidation"),
    count(report.readSections, "read section"),
    `${report.retries} retried`,
    `${report.busy} x -EBUSY`,
    `${report.again} x -EAGAIN`,
  ];
  return `${printable(report.format)}: ${parts.join(", ")}`;
}

/** Why the file is undecided: what the check notes of the whole, and the rules that are open. */
export function doubtsOf(report: FileReport, required: readonly string[]): string[] {
  const missing = outcomesOf(report).filter(
    ({ rule, outcome }) => outcome === "unobserved" && required.includes(rule.id),
  );
  const open = outcomesOf(report).filter(({ outcome }) => outcome === "undecided");
  const rules = open.map(({ rule, counts }) => `${rule.id} (${counts.undecided})`).join(", ");
  return [
    ...report.notes.map(printable),
    ...(open.length > 0 && report.notes.length === 0
      ? [`The recording cannot decide every case of ${rules}.`]
      : []),
    ...missing.map(
      ({ rule }) => `${rule.id} is required and not observed; it needs ${probesFor(rule)}.`,
    ),
    ...(report.unexplained > 0
      ? [`No order of the recorded steps explains ${count(report.unexplained, "recorded value")}.`]
      : []),
  ];
}

/** The probes that would show a rule, by the names that recordings give them. */
export function probesFor(rule: Rule): string {
  return rule.observes
    .map((set) => set.map((type) => probeOf(type)).join(" and "))
    .filter((text, index, all) => all.indexOf(text) === index)
    .join("; or ");
}

/** The entry probes of an event's function, or the function where no profile has a probe for it. */
function probeOf(type: string): string {
  const row = VOCABULARY.find(({ events }) => (events as readonly string[]).includes(type));
  const probes = row?.probes.filter((probe) => !/_(ret|lk|wait)$/.test(probe)) ?? [];
  const named = probes.length > 0 ? probes : (row?.probes ?? []);
  return named.length > 0 ? named.join("/") : `a record of ${row?.kernel ?? type}`;
}

/** Findings that a machine's report lists for one rule; the rest is counted. */
const LISTED_MAX = 10;

/** What a machine's report says of the violations of a rule. */
export function findingsOf(report: FileReport, { rule, counts }: RuleOutcome): string[] {
  const listed = report.findings.filter((one) => one.rule === rule.id).slice(0, LISTED_MAX);
  const omitted = counts.violated - listed.length;
  return [
    ...listed.map((one) => `${placeOf(report.file, one)}: ${printable(one.message)}`),
    ...(omitted > 0 ? [`${omitted} more violations of ${rule.id} omitted`] : []),
  ];
}

/** `trace.txt:36574`, or the file and the index of a journal's event. */
export function placeOf(file: string, at: Pick<Finding, "line" | "index">): string {
  return at.line === null ? `${printable(file)}#${at.index}` : `${printable(file)}:${at.line}`;
}

/** `3 files: 1 violated, 2 held`. */
export function totals(results: readonly FileResult[]): string {
  const order = ["violated", "undecided", "held", "not readable"];
  const kinds = results.map((one) => (isFailure(one) ? "not readable" : one.verdict));
  const parts = order.flatMap((kind) => {
    const number = kinds.filter((one) => one === kind).length;
    return number === 0 ? [] : [`${number} ${kind}`];
  });
  return `${count(results.length, "file")}: ${parts.join(", ")}`;
}
