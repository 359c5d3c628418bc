/**
 * The demo's text: the verdict, the finding with its table, and the crash told from the finding.
 */
import { printable, shortAddress } from "@mmreplay/events";
import type { FileReport, Finding } from "../recording/check-report.ts";
import { contentOf, headlineOf, placeOf } from "./check/outcome.ts";
import { findingLines } from "./check/text.ts";
import type { Paint } from "./paint.ts";
import { unbroken, wrapped } from "./table/layout.ts";

/** What the demo prints of a report. */
export function demoText(
  report: FileReport,
  options: { readonly paint: Paint; readonly width: number },
): string {
  const finding = headlineOf(report);
  const verdict = options.paint("red", report.verdict.toUpperCase());
  return [
    `${report.file}: ${verdict}`,
    ...wrapped(unbroken(contentOf(report)), 98).map((line) => `  ${line}`),
    "",
    ...(finding === undefined
      ? []
      : [...findingLines(report, finding, options), "", ...story(report, finding, options.paint)]),
    "",
  ].join("\n");
}

/** The finding as a story in plain words: who read, who took away, who believed the old number. */
function story(report: FileReport, finding: Finding, paint: Paint): string[] {
  const told = finding.rule === "K-I13" ? believedTheOldNumber(report, finding) : [];
  const paragraphs = [
    ...told,
    "The kernel's log shows only the crash, later and elsewhere. The recording has the order that led to it.",
  ];
  return [
    `  ${paint("bold", "Why it crashed")}`,
    ...paragraphs.flatMap((text) => wrapped(text, 96).map((line) => `  ${line}`)),
  ];
}

function believedTheOldNumber(report: FileReport, finding: Finding): string[] {
  const [first] = finding.evidence;
  const other = finding.evidence.find((one) => one.task !== finding.task);
  const page = finding.address === null ? "a page" : `page ${shortAddress(finding.address)}`;
  const reader = printable(finding.task);
  const taker = printable(other?.task ?? "another task");
  return [
    `${reader} took a sequence number (${place(report, first)}) and looked its pages up. Meanwhile ${taker} took ${page} away (${place(report, other)}), and the driver's callback let the sequence number stand. So read_retry found the old number still current (${placeOf(report.file, finding)}), and ${reader} went on with a page that was no longer there.`,
  ];
}

function place(report: FileReport, at: { line: number | null; index: number } | undefined): string {
  return at === undefined ? "earlier" : placeOf(report.file, at);
}
