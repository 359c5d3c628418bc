/**
 * A campaign in the languages that CI servers read: a test for each rule that was asked.
 *
 * A rule that no drawn schedule broke passes, which is no proof: the text around it says how many there were.
 * The text is the same each time, so no report tells times.
 */
import { commandData, commandProperty, ktapDescription, markdownText, xml } from "./escape.ts";

/** A failure as a report tells it. */
export interface CampaignFailure {
  readonly rule: string;
  /** What failed, in one line. */
  readonly headline: string;
  /** The table and the lines that run it again. */
  readonly lines: readonly string[];
}

/** A campaign as a report tells it. */
export interface CampaignWords {
  /** What was drawn of. */
  readonly name: string;
  /** Ids of the rules that were asked. */
  readonly rules: readonly string[];
  readonly failures: readonly CampaignFailure[];
  /** No schedule came to its end: that no rule was broken says nothing. */
  readonly isUndecided: boolean;
  /** What was drawn, in a few lines. */
  readonly summary: readonly string[];
}

/** Languages other than plain text. */
export type CampaignReporter = "ktap" | "junit" | "github" | "md";

/** The report of a campaign. */
export function campaignReport(reporter: CampaignReporter, words: CampaignWords): string {
  return `${REPORTERS[reporter](words).join("\n")}\n`;
}

const REPORTERS: Readonly<Record<CampaignReporter, (words: CampaignWords) => string[]>> = {
  ktap,
  junit,
  github,
  md,
};

const UNDECIDED = "no schedule came to its end";

/** The failures of each rule: of those that were asked, and of those that nobody has to ask, as a deadlock. */
function casesOf({ rules, failures }: CampaignWords): [string, CampaignFailure[]][] {
  const ids = [...new Set([...rules, ...failures.map(({ rule }) => rule)])];
  return ids.map((id) => [id, failures.filter(({ rule }) => rule === id)]);
}

function ktap(words: CampaignWords): string[] {
  const cases = casesOf(words);
  const skip = words.isUndecided ? ` # SKIP ${UNDECIDED}` : "";
  return [
    "KTAP version 1",
    "1..1",
    "  KTAP version 1",
    `  1..${cases.length}`,
    ...words.summary.map((line) => `  # ${ktapDescription(line)}`),
    ...cases.flatMap(([rule, failures], at) => [
      ...failures.flatMap(({ headline, lines }) =>
        [headline, ...lines].map((line) => `  # ${ktapDescription(line)}`),
      ),
      `  ${failures.length > 0 ? "not ok" : "ok"} ${at + 1} ${rule}${skip}`,
    ]),
    `${words.failures.length > 0 ? "not ok" : "ok"} 1 ${ktapDescription(words.name)}${skip}`,
  ];
}

function junit(words: CampaignWords): string[] {
  const cases = casesOf(words);
  const skipped = words.isUndecided ? cases.length : 0;
  const failing = cases.filter(([, failures]) => failures.length > 0).length;
  const name = xml(words.name);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="mmreplay fuzz">',
    `  <testsuite name="${name}" tests="${cases.length}" failures="${failing}" errors="0" skipped="${skipped}">`,
    ...cases.flatMap(([rule, failures]) => junitCase(name, rule, failures, words.isUndecided)),
    "    <system-out>",
    ...words.summary.map(xml),
    "    </system-out>",
    "  </testsuite>",
    "</testsuites>",
  ];
}

function junitCase(
  name: string,
  rule: string,
  failures: readonly CampaignFailure[],
  isUndecided: boolean,
): string[] {
  const open = `    <testcase classname="${name}" name="${xml(rule)}"`;
  const [first] = failures;
  if (isUndecided) return [`${open}><skipped message="${UNDECIDED}"/></testcase>`];
  if (first === undefined) return [`${open}/>`];
  return [
    `${open}>`,
    `      <failure type="${xml(rule)}" message="${xml(first.headline)}">`,
    ...failures.flatMap(({ headline, lines }) => [headline, ...lines].map(xml)),
    "      </failure>",
    "    </testcase>",
  ];
}

function github({ name, failures, summary }: CampaignWords): string[] {
  return [
    ...failures.map(({ rule, headline, lines }) => {
      const text = [headline, ...lines].map(commandData).join("%0A");
      return `::error title=${commandProperty(`${rule} violated`)}::${text}`;
    }),
    `::notice title=${commandProperty(name)}::${summary.map(commandData).join("%0A")}`,
  ];
}

function md({ name, failures, isUndecided, summary }: CampaignWords): string[] {
  return [
    `## ${markdownText(name)}: ${failures.length > 0 ? "violated" : isUndecided ? "undecided" : "no run fails"}`,
    "",
    ...failures.flatMap(({ rule, headline, lines }) => [
      `**${markdownText(rule)}**: ${markdownText(headline)}`,
      "",
      "```",
      ...lines,
      "```",
      "",
    ]),
    ...summary.map((line) => `- ${markdownText(line)}`),
  ];
}
