/**
 * Markdown for issues and merge requests: the verdict, the finding with its table in a fence, and the
 * counts of the rules.
 */
import { ruleOf } from "@mmreplay/core";
import type { FileReport, Finding } from "../../recording/check-report.ts";
import { markdownText } from "../escape.ts";
import { twoColumnTable } from "../table/table.ts";
import { explained } from "./explain.ts";
import { nearMisses } from "./near-miss.ts";
import { contentOf, doubtsOf, headlineOf, outcomesOf, placeOf, totals } from "./outcome.ts";
import { type FileResult, isFailure, type Reporter, type ReportOptions } from "./reporter.ts";

/** The reporter `md`. */
export function markdownReporter(options: ReportOptions): Reporter {
  return {
    begin: () => "",
    file: (result) => `${fileLines(result, options).join("\n")}\n\n`,
    end: (results) => `${totals(results)}\n`,
  };
}

function fileLines(result: FileResult, options: ReportOptions): string[] {
  const head = `## ${markdownText(result.file)}: `;
  if (isFailure(result)) return [`${head}not readable`, "", markdownText(result.error.message)];
  const finding = headlineOf(result);
  return [
    `${head}${result.verdict}`,
    "",
    markdownText(contentOf(result)),
    ...(finding === undefined ? [] : findingLines(result, finding, options.width)),
    ...doubtsOf(result, options.required).flatMap((doubt) => ["", markdownText(doubt)]),
    "",
    "| rule | held | violated | undecided |",
    "|---|---|---|---|",
    ...outcomesOf(result)
      .filter(({ outcome }) => outcome !== "unobserved")
      .map(
        ({ rule, counts }) =>
          `| ${rule.id} | ${counts.held} | ${counts.violated} | ${counts.undecided} |`,
      ),
    ...(options.nearMiss ? ["", markdownText(nearMisses(result).text)] : []),
    ...(options.explain
      ? [
          "",
          ...explained(result).map(
            ({ text, indent }) => `${indent === 2 ? "- " : "  "}${markdownText(text)}`,
          ),
        ]
      : []),
  ];
}

function findingLines(report: FileReport, finding: Finding, width: number): string[] {
  return [
    "",
    `**${finding.rule}**: ${markdownText(ruleOf(finding.rule)?.statement ?? "")}`,
    "",
    `${markdownText(placeOf(report.file, finding))}, ${markdownText(finding.task)}: ${markdownText(finding.message)}`,
    "",
    ...finding.evidence.map(
      (one) =>
        `- ${markdownText(placeOf(report.file, one))} ${markdownText(one.task)}: ${markdownText(one.text)}`,
    ),
    "",
    ...twoColumnTable({ ...report, finding }, { width, frame: "markdown", message: false }),
  ];
}
