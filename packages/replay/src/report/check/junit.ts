/**
 * JUnit XML, which most CI servers read: a suite for each file, a case for each rule.
 *
 * No times: the same recording gives the same bytes.
 */
import type { FileReport } from "../../recording/check-report.ts";
import { xml } from "../escape.ts";
import { count, findingsOf, outcomesOf, probesFor, type RuleOutcome } from "./outcome.ts";
import { type FileResult, isFailure, type Reporter } from "./reporter.ts";

/** The reporter `junit`. */
export function junitReporter(): Reporter {
  return {
    begin: () => '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mmreplay check">\n',
    file: (result) => `${suite(result).join("\n")}\n`,
    end: () => "</testsuites>\n",
  };
}

function suite(result: FileResult): string[] {
  if (isFailure(result)) {
    return [
      `  <testsuite name="${xml(result.file)}" tests="1" failures="0" errors="1" skipped="0">`,
      `    <testcase classname="${xml(result.file)}" name="read">`,
      `      <error type="${xml(result.error.code)}" message="${xml(result.error.message)}"/>`,
      "    </testcase>",
      "  </testsuite>",
    ];
  }
  const rules = outcomesOf(result);
  const failures = rules.filter(({ outcome }) => outcome === "violated").length;
  const skipped = rules.filter(
    ({ outcome }) => outcome !== "held" && outcome !== "violated",
  ).length;
  return [
    `  <testsuite name="${xml(result.file)}" tests="${rules.length}" failures="${failures}" errors="0" skipped="${skipped}">`,
    ...rules.flatMap((one) => testCase(result, one)),
    "  </testsuite>",
  ];
}

function testCase(report: FileReport, one: RuleOutcome): string[] {
  const open = `    <testcase classname="${xml(report.file)}" name="${one.rule.id}"`;
  const inner = outcomeElements(report, one);
  return inner.length === 0 ? [`${open}/>`] : [`${open}>`, ...inner, "    </testcase>"];
}

function outcomeElements(report: FileReport, one: RuleOutcome): string[] {
  const { rule, outcome, counts } = one;
  switch (outcome) {
    case "held":
      return [];
    case "violated": {
      const lines = findingsOf(report, one);
      const message = report.findings.find(({ rule: id }) => id === rule.id)?.message;
      return [
        `      <failure type="${rule.id}" message="${xml(message ?? rule.statement)}">`,
        ...lines.map(xml),
        "      </failure>",
      ];
    }
    case "undecided":
      return [skippedElement(`undecided in ${count(counts.undecided, "case")}`)];
    case "no-case":
      return [skippedElement("no case occurred")];
    case "unobserved":
      return [skippedElement(`unobserved, needs ${probesFor(rule)}`)];
  }
}

function skippedElement(why: string): string {
  return `      <skipped message="${xml(why)}"/>`;
}
