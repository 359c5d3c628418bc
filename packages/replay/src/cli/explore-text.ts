/**
 * The report of a search for a reader: what was found as a table, or that nothing was and why.
 *
 * A finding is made to be pasted into a mail: it keeps within 75 columns of ASCII, except for the last
 * line, which is pasted into a shell.
 */
import { type Mutant, type NamedScenario, OUTCOME } from "@mmreplay/core";
import type { ExploreFinding, ExploreReport } from "../explore/explore.ts";
import type { LeftOut } from "../explore/left-out.ts";
import type { Timing } from "../explore/timing.ts";
import { counted } from "./counted.ts";
import { harmless } from "./harmless.ts";
import { shellWord } from "./shell-word.ts";

/** What the scenario says and no run does. */
export interface Remarks {
  readonly leftOut?: readonly LeftOut[];
  readonly neverEnded?: readonly string[];
}

/** The text. */
export async function textOfReport(
  report: ExploreReport & Remarks & { readonly timing?: Timing },
  named: NamedScenario,
): Promise<string> {
  const [finding] = report.findings;
  const counts = countsOf(report);
  if (finding === undefined) {
    const remarks = remarksText(report).map((line) => `${harmless(line)}\n`);
    return `${harmless(report.scenario)}: no run fails (${counts}; ${endOf(report)})\n${remarks.join("")}${timingText(report.timing)}`;
  }
  const [
    { tableOfSchedule, orderOfSchedule },
    { mutantNamed, placeOf },
    { wrapped, WIDTH_DEFAULT },
  ] = await Promise.all([
    import("../explore/table-of-schedule.ts"),
    import("../explore/named.ts"),
    import("../report/table/layout.ts"),
  ]);
  const block = (text: string, indent = 0): string[] =>
    wrapped(harmless(text), WIDTH_DEFAULT - indent, 2).map((line) => " ".repeat(indent) + line);
  const mutant = report.mutant === undefined ? undefined : mutantNamed(report.mutant);
  const { stem } = finding;
  const order = orderOfSchedule(named, finding.schedule, finding.order);
  return [
    ...block(`${report.scenario}: ${failureOf(finding)}`),
    ...[...bugOf(named, mutant), counts].flatMap((text) => block(text)),
    "",
    ...tableOfSchedule(named, finding.schedule, {
      fails: finding,
      ...(stem === undefined ? {} : { stem }),
    }),
    "",
    ...(order.length === 0 ? [] : ["order that matters:"]),
    ...order.flatMap((pair) => block(pair, 2)),
    ...[
      ...hintOf(named, finding, placeOf(named)),
      ...zooHintOf(named, finding, mutant),
      ...remarksText(report),
    ].flatMap((text) => block(text)),
    `replay: mmreplay scenario run ${harmless(shellWord(placeOf(named)))} --schedule ${finding.schedule}`,
    timingText(report.timing),
  ].join("\n");
}

function remarksText({ leftOut = [], neverEnded = [] }: Remarks): string[] {
  return [
    ...leftOut.map(
      ({ task, operation, why }) => `left out in every run: ${task}: ${operation} (${why})`,
    ),
    ...neverEnded.map((region) => `never ended: ${region}; who waits for its end waits for ever`),
  ];
}

/** How far a search went that found nothing. */
function endOf({ complete, bound, lassos }: ExploreReport): string {
  if (!complete) return `cut by ${bound}`;
  if (lassos) return "every state visited";
  return "every state visited; runs without end not looked for: --max-lasso-states";
}

function timingText(timing: Timing | undefined): string {
  if (timing === undefined) return "";
  const { searchSeconds, processSeconds, statesPerSecond, runsPerSecond, memoryMb } = timing;
  const rate =
    runsPerSecond === undefined ? `${statesPerSecond} states/s` : `${runsPerSecond} schedules/s`;
  const seconds = `${searchSeconds.toFixed(2)} s of CPU time, ${processSeconds.toFixed(2)} s with the start`;
  return `${seconds}; ${rate}; ${memoryMb} MB\n`;
}

function countsOf({ states, transitions, depth, runs, hits }: ExploreReport): string {
  const drawn = runs === undefined ? "" : `${hits} of ${counted(runs, "schedule")} fail, `;
  return `${drawn}${counted(states, "state")}, ${counted(transitions, "transition")}, depth ${depth}`;
}

/** Failures that are no rules, as they are called. */
const FAILURES: Readonly<Record<string, string>> = {
  deadlock: "deadlock",
  "lost-wake-up": "lost wake-up",
  "illegal-event": "a step that the protocol does not have,",
};

const NOT_ALLOWED = "an outcome that is not allowed";

/** What is told of a failing run. */
type Failed = Pick<ExploreFinding, "rule" | "length" | "certified" | "stem">;

/** What failed, and after how many steps. */
export function failureOf({ rule, length, certified, stem }: Failed): string {
  if (stem !== undefined) {
    return `no progress: after ${counted(stem, "step")} a loop of ${length - stem} that nothing ends`;
  }
  const failure = FAILURES[rule] ?? (rule === OUTCOME ? NOT_ALLOWED : `${rule} violated`);
  return `${failure} after ${counted(length, "step")}${certified ? ", and no shorter run fails" : ""}`;
}

/** What is wrong with the model that was searched: a mutant, or the driver of the scenario. */
function bugOf({ scenario }: NamedScenario, mutant: Mutant | undefined): string[] {
  const { bug } = scenario.driver;
  if (mutant !== undefined) return [`bug ${mutant.id}: ${mutant.title}`];
  return bug === "none" ? [] : [`bug of the driver: ${bug}`];
}

/** The rule by which pages show that the device keeps. */
const HARM = "K-I14";

/** A broken rule of the interface need not have done harm yet; a file can ask for the harm alone. */
function hintOf({ name, rules }: NamedScenario, { rule }: ExploreFinding, place: string): string[] {
  const others = rules.some(({ id }) => id !== HARM) && rules.some(({ id }) => id === HARM);
  if (place === name || !others || rule === HARM || !rule.startsWith("K-")) return [];
  return [
    `what comes of it: "rules": ["${HARM}"] in ${place} asks only whether the device keeps a page that the CPU has taken away`,
  ];
}

/** A mutant's own rule may be one that is broken later. */
function zooHintOf(
  { name }: NamedScenario,
  { rule }: ExploreFinding,
  mutant: Mutant | undefined,
): string[] {
  if (mutant === undefined || mutant.scenario !== name) return [];
  if (mutant.rule === null || mutant.rule === rule) return [];
  return [`what comes of it: mmreplay zoo ${mutant.id} asks only for ${mutant.rule}`];
}
