/**
 * KTAP, the language of kselftest and KUnit: a test for each file, a subtest for each rule.
 *
 * KTAP knows pass, fail and skip. Undecided and unobserved are skips with their reason: neither may
 * look like a pass. https://docs.kernel.org/dev-tools/ktap.html
 */
import type { FileReport } from "../../recording/check-report.ts";
import { ktapDescription } from "../escape.ts";
import {
  contentOf,
  count,
  doubtsOf,
  findingsOf,
  outcomesOf,
  probesFor,
  type RuleOutcome,
} from "./outcome.ts";
import { type FileResult, isFailure, type Reporter, type ReportOptions } from "./reporter.ts";

/** The reporter `ktap`. */
export function ktapReporter({ required }: ReportOptions): Reporter {
  return {
    begin: (files) => `KTAP version 1\n1..${files}\n`,
    file: (result, index) => `${fileLines(result, index + 1, required).join("\n")}\n`,
    end: () => "",
  };
}

function fileLines(result: FileResult, number: number, required: readonly string[]): string[] {
  const name = ktapDescription(result.file);
  if (isFailure(result)) {
    return [`# ${ktapDescription(result.error.message)}`, `not ok ${number} ${name}`];
  }
  const rules = outcomesOf(result);
  return [
    "  KTAP version 1",
    `  1..${rules.length}`,
    `  # ${ktapDescription(contentOf(result))}`,
    ...rules.flatMap((one, at) => ruleTest(result, one, at + 1)).map((line) => `  ${line}`),
    verdictTest(result, number, name, doubtsOf(result, required)),
  ];
}

function verdictTest(
  report: FileReport,
  number: number,
  name: string,
  doubts: readonly string[],
): string {
  switch (report.verdict) {
    case "held":
      return `ok ${number} ${name}`;
    case "violated":
      return `not ok ${number} ${name}`;
    case "undecided":
      return `ok ${number} ${name} # SKIP undecided: ${ktapDescription(doubts.join(" "))}`;
  }
}

function ruleTest(report: FileReport, one: RuleOutcome, number: number): string[] {
  const { rule, counts } = one;
  switch (one.outcome) {
    case "held":
      return [`ok ${number} ${rule.id}`];
    case "violated":
      return [
        ...findingsOf(report, one).map((line) => `# ${ktapDescription(line)}`),
        `not ok ${number} ${rule.id}`,
      ];
    case "undecided":
      return [`ok ${number} ${rule.id} # SKIP undecided in ${count(counts.undecided, "case")}`];
    case "no-case":
      return [`ok ${number} ${rule.id} # SKIP no case occurred`];
    case "unobserved":
      return [
        `ok ${number} ${rule.id} # SKIP unobserved, needs ${ktapDescription(probesFor(rule))}`,
      ];
  }
}
