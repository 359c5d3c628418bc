/**
 * `--explain`: each rule in words, with its source, its counts, and the probes that would show it.
 */
import type { FileReport } from "../../recording/check-report.ts";
import { outcomesOf, probesFor, type RuleOutcome } from "./outcome.ts";

/** One paragraph and its indentation. */
export interface Paragraph {
  readonly text: string;
  readonly indent: number;
}

/** The rules of a file, explained. */
export function explained(report: FileReport): Paragraph[] {
  return outcomesOf(report).flatMap((one) => [
    { text: `${one.rule.id} (${verdictWords(one)})`, indent: 2 },
    { text: one.rule.statement, indent: 4 },
    { text: `source: ${one.rule.source}`, indent: 4 },
    ...(one.outcome === "unobserved"
      ? [{ text: `would be shown by: ${probesFor(one.rule)}`, indent: 4 }]
      : []),
  ]);
}

function verdictWords({ outcome, counts }: RuleOutcome): string {
  if (outcome === "unobserved") return "unobserved";
  if (outcome === "no-case") return "no case occurred";
  const parts = (["violated", "undecided", "held"] as const).flatMap((key) =>
    counts[key] > 0 ? [`${key} ${counts[key]}`] : [],
  );
  return parts.join(", ");
}
