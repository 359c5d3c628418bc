/**
 * The report for people: the verdict, the finding that matters with its evidence and its table, and
 * what was and was not checked. At most 100 columns.
 */

import { ruleOf } from "@mmreplay/core";
import { printable } from "@mmreplay/events";
import type { FileReport, FileVerdict, Finding } from "../../recording/check-report.ts";
import type { Ink, Paint } from "../paint.ts";
import { unbroken, wrapped } from "../table/layout.ts";
import { twoColumnTable } from "../table/table.ts";
import { explained } from "./explain.ts";
import { nearMisses } from "./near-miss.ts";
import {
  contentOf,
  count,
  doubtsOf,
  headlineOf,
  type Outcome,
  outcomesOf,
  placeOf,
  totals,
} from "./outcome.ts";
import { type FileResult, isFailure, type Reporter, type ReportOptions } from "./reporter.ts";

const COLUMNS = 100;

const VERDICT_INK: Readonly<Record<FileVerdict, Ink>> = {
  held: "green",
  violated: "red",
  undecided: "yellow",
};

/** The reporter `text`. */
export function textReporter(options: ReportOptions): Reporter {
  return {
    begin: () => "",
    file: (result, index) => `${index === 0 ? "" : "\n"}${fileText(result, options)}`,
    end: (results) => (results.length > 1 ? `\n${totals(results)}\n` : ""),
  };
}

function fileText(result: FileResult, options: ReportOptions): string {
  // The sentence is on stderr; here the file keeps its place among the others.
  if (isFailure(result)) {
    return `${printable(result.file)}: ${options.paint("red", "not readable")} (${result.error.code})\n`;
  }
  return `${reportLines(result, options).join("\n")}\n`;
}

function reportLines(report: FileReport, options: ReportOptions): string[] {
  const finding = headlineOf(report);
  const verdict = options.paint(VERDICT_INK[report.verdict], report.verdict.toUpperCase());
  return [
    `${printable(report.file)}: ${verdict}${withinSelection(report)}${violatedRules(report)}`,
    ...block(unbroken(contentOf(report)), 2),
    ...(finding === undefined ? [] : ["", ...findingLines(report, finding, options), ""]),
    ...(finding === undefined ? [] : otherFindings(report, finding)),
    ...ruleLines(report),
    ...(report.verdict === "held"
      ? []
      : doubtsOf(report, options.required).flatMap((one) => block(one, 2))),
    ...(options.nearMiss ? block(nearMisses(report).text, 2) : []),
    ...(options.explain
      ? ["", ...explained(report).flatMap((one) => block(one.text, one.indent))]
      : []),
  ];
}

/** What held is only what was looked at. */
function withinSelection({ verdict, selected }: FileReport): string {
  return verdict === "held" && selected !== undefined ? " within the selection" : "";
}

function violatedRules(report: FileReport): string {
  const rules = outcomesOf(report).filter(({ outcome }) => outcome === "violated");
  if (rules.length === 0) return "";
  return ` (${rules.map(({ rule, counts }) => `${rule.id} ${count(counts.violated, "time")}`).join(", ")})`;
}

/** The finding with its rule, its evidence and its table. */
export function findingLines(
  report: FileReport,
  finding: Finding,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string[] {
  const rule = ruleOf(finding.rule);
  return [
    ...block(`${finding.rule}: ${rule?.statement ?? ""}`, 2).map((line, at) =>
      at === 0 ? line.replace(finding.rule, paint("bold", finding.rule)) : line,
    ),
    "",
    ...block(
      `${placeOf(report.file, finding)}: ${printable(finding.task)}: ${printable(finding.message)}`,
      2,
    ),
    "",
    ...evidenceLines(report, finding),
    "",
    ...twoColumnTable({ ...report, finding }, { width, message: false }),
  ];
}

/** `file:line  task  text`, in columns. */
function evidenceLines(report: FileReport, finding: Finding): string[] {
  const rows = finding.evidence.map((one) => [
    placeOf(report.file, one),
    printable(one.task),
    printable(one.text),
  ]);
  const width = (column: number): number =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [place, task] = [width(0), width(1)];
  return rows.flatMap(([where = "", who = "", what = ""]) =>
    block(`${where.padEnd(place)}  ${who.padEnd(task)}  ${what}`, 2),
  );
}

/** The other findings, a line for each rule. */
function otherFindings(report: FileReport, shown: Finding): string[] {
  return outcomesOf(report)
    .filter(({ outcome }) => outcome === "violated")
    .flatMap(({ rule, counts }) => {
      const others = counts.violated - (rule.id === shown.rule ? 1 : 0);
      const first = report.findings.find((one) => one.rule === rule.id && one !== shown);
      if (others === 0 || first === undefined) return [];
      const also = `${rule.id} is violated ${count(others, "more time")}`;
      const where = `${placeOf(report.file, first)}: ${printable(first.message)}`;
      return block(
        `${rule.id === shown.rule ? also : also.replace("more ", "")}, first at ${where}`,
        2,
      );
    });
}

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  violated: "violated",
  undecided: "undecided",
  held: "held",
  "no-case": "without a case",
  unobserved: "unobserved (no probe shows them)",
};

/** How many rules came out how, and which of them held in how many cases. */
function ruleLines(report: FileReport): string[] {
  const outcomes = outcomesOf(report);
  const kinds = Object.keys(OUTCOME_WORDS) as Outcome[];
  const parts = kinds.flatMap((kind) => {
    const rules = outcomes.filter(({ outcome }) => outcome === kind);
    return rules.length === 0 ? [] : [`${rules.length} ${OUTCOME_WORDS[kind]}`];
  });
  const held = outcomes.filter(({ outcome }) => outcome === "held");
  const cases = held.map(({ rule, counts }) => `${rule.id} ${counts.held}`).join(", ");
  return [
    ...block(`rules: ${parts.join(", ")}`, 2),
    ...(held.length > 0 ? block(`cases that held: ${cases}`, 2) : []),
  ];
}

function block(text: string, indent: number): string[] {
  return wrapped(text, COLUMNS - indent, 2).map((line) => " ".repeat(indent) + line);
}
