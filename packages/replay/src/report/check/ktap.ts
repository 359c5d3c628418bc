/**
 * KTAP, the language of kselftest and KUnit: a test for each file, a subtest for each rule.
 *
 * KTAP knows pass, fail and skip. Undecided and unobserved are skips with their reason: neither may
 * look like a pass. https://docs.kernel.org/dev-tools/ktap.html
 */
import { printable } from "@mmreplay/events";
import type { FileReport } from "../../recording/check-report.ts";
import {
  contentOf,
  doubtsOf,
  outcomesOf,
  placeOf,
  probesFor,
  type RuleOutcome,
} from "./outcome.ts";
import { type FileResult, isFailure, type Reporter } from "./reporter.ts";

/** The reporter `ktap`. */
export function ktapReporter(): Reporter {
  return {
    begin: (files) => `KTAP version 1\n1..${files}\n`,
    file: (result, index) => `${fileLines(result, index + 1).join("\n")}\n`,
    end: () => "",
  };
}

function fileLines(result: FileResult, number: number): string[] {
  const name = described(result.file);
  if (isFailure(result)) {
    return [`# ${described(result.error.message)}`, `not ok ${number} ${name}`];
  }
  const rules = outcomesOf(result);
  return [
    "  KTAP version 1",
    `  1..${rules.length}`,
    `  # ${described(contentOf(result))}`,
    ...rules.flatMap((one, at) => ruleTest(result, one, at + 1)).map((line) => `  ${line}`),
    verdictTest(result, number, name),
  ];
}

function verdictTest(report: FileReport, number: number, name: string): string {
  switch (report.verdict) {
    case "held":
      return `ok ${number} ${name}`;
    case "violated":
      return `not ok ${number} ${name}`;
    case "undecided":
      return `ok ${number} ${name} # SKIP undecided: ${described(doubtsOf(report).join(" "))}`;
  }
}

function ruleTest(report: FileReport, one: RuleOutcome, number: number): string[] {
  const { rule, counts } = one;
  switch (one.outcome) {
    case "held":
      return [`ok ${number} ${rule.id}`];
    case "violated":
      return [
        ...report.findings
          .filter((finding) => finding.rule === rule.id)
          .map((finding) => `# ${placeOf(report.file, finding)}: ${described(finding.message)}`),
        `not ok ${number} ${rule.id}`,
      ];
    case "undecided":
      return [`ok ${number} ${rule.id} # SKIP undecided in ${counts.undecided} cases`];
    case "no-case":
      return [`ok ${number} ${rule.id} # SKIP no case occurred`];
    case "unobserved":
      return [`ok ${number} ${rule.id} # SKIP unobserved, needs ${described(probesFor(rule))}`];
  }
}

/** A `#` would begin a directive. */
function described(text: string): string {
  return printable(text).replaceAll("#", "\\#");
}
