/**
 * Annotations of GitHub Actions: the lines of the recording that violate a rule.
 *
 * GitHub shows ten annotations of a kind for a step and drops the rest without a word; what is not
 * printed is counted here.
 */
import type { FileReport, Finding } from "../../recording/check-report.ts";
import { commandData, commandProperty } from "../escape.ts";
import { doubtsOf, headlineOf, totals } from "./outcome.ts";
import { isFailure, type Reporter, type ReportOptions } from "./reporter.ts";

/** Annotations of a kind that GitHub shows for a step. */
const ANNOTATIONS_MAX = 10;

/** The reporter `github`. */
export function githubReporter({ required }: ReportOptions): Reporter {
  let share = ANNOTATIONS_MAX;
  let omitted = 0;
  return {
    begin(files) {
      // Each file gets its part of what is shown, one at least.
      share = Math.max(1, Math.floor(ANNOTATIONS_MAX / files));
      return "";
    },
    file(result) {
      if (isFailure(result)) {
        return `::error file=${commandProperty(result.file)},title=${result.error.code}::${commandData(result.error.message)}\n`;
      }
      const shown = representatives(result).slice(0, share);
      omitted += result.findings.length - shown.length + result.omitted;
      const lines = shown.map((finding) => annotation(result.file, finding));
      if (result.verdict === "undecided") {
        const doubts = doubtsOf(result, required).join(" ") || "No rule was observed.";
        lines.push(
          `::warning file=${commandProperty(result.file)},title=undecided::${commandData(doubts)}\n`,
        );
      }
      return lines.join("");
    },
    end: (results) =>
      `${omitted > 0 ? `::notice::${omitted} findings omitted\n` : ""}${totals(results)}\n`,
  };
}

/** The headline, the first finding of each other rule, then the others. */
function representatives(report: FileReport): Finding[] {
  const headline = headlineOf(report);
  const first = report.findings.filter(
    (one, at, all) =>
      one.rule !== headline?.rule && all.findIndex(({ rule }) => rule === one.rule) === at,
  );
  return [
    ...new Set([...(headline === undefined ? [] : [headline]), ...first, ...report.findings]),
  ];
}

function annotation(file: string, finding: Finding): string {
  const line = finding.line === null ? "" : `,line=${finding.line}`;
  const title = commandProperty(`${finding.rule} violated`);
  return `::error file=${commandProperty(file)}${line},title=${title}::${commandData(`${finding.task}: ${finding.message}`)}\n`;
}
