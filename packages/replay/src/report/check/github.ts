/**
 * Annotations of GitHub Actions: the lines of the recording that violate a rule.
 *
 * GitHub shows ten annotations of a kind for a step and drops the rest without a word; what is not
 * printed is counted here.
 */
import { printable } from "@mmreplay/events";
import { doubtsOf, headlineOf, totals } from "./outcome.ts";
import { type FileResult, isFailure, type Reporter } from "./reporter.ts";

/** Annotations of a kind that GitHub shows for a step. */
const ANNOTATIONS_MAX = 10;

/** The reporter `github`. */
export function githubReporter(): Reporter {
  let room = ANNOTATIONS_MAX;
  let omitted = 0;
  const error = (properties: string, message: string): string[] => {
    room -= 1;
    return [`::error ${properties}::${data(message)}`];
  };
  const file = (result: FileResult): string[] => {
    const name = `file=${property(result.file)}`;
    if (isFailure(result)) return error(`${name},title=${result.error.code}`, result.error.message);
    const headline = headlineOf(result);
    const ordered = result.findings.toSorted(
      (a, b) => Number(b === headline) - Number(a === headline),
    );
    const shown = ordered.slice(0, Math.max(room, 0));
    omitted += result.findings.length - shown.length + result.omitted;
    const doubts = result.verdict === "undecided" ? doubtsOf(result).join(" ") : "";
    return [
      ...shown.flatMap((one) =>
        error(
          `${name}${one.line === null ? "" : `,line=${one.line}`},title=${property(`${one.rule} violated`)}`,
          `${one.task}: ${one.message}`,
        ),
      ),
      ...(result.verdict === "undecided"
        ? [`::warning ${name},title=undecided::${data(doubts || "No rule was observed.")}`]
        : []),
    ];
  };
  return {
    begin: () => "",
    file: (result) =>
      file(result)
        .map((line) => `${line}\n`)
        .join(""),
    end: (results) => `${omitted > 0 ? `::notice::${omitted} omitted\n` : ""}${totals(results)}\n`,
  };
}

/** The message of a workflow command. */
function data(text: string): string {
  return printable(text.replaceAll("\n", " ")).replaceAll("%", "%25");
}

/** A property of a workflow command. */
function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
