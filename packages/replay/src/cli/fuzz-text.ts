/**
 * The report of a campaign: each finding as a table, then what was drawn and what was never reached.
 */
import { MARKS, type NamedScenario, SEARCH_RULES } from "@mmreplay/core";
import { mutantNamed, scenarioAt } from "../explore/named.ts";
import { inNames } from "../explore/program-words.ts";
import { orderOfSchedule, tableOfSchedule } from "../explore/table-of-schedule.ts";
import { type CampaignState, isUndecided } from "../fuzz/campaign.ts";
import { replayLine } from "../fuzz/corpus.ts";
import type { FuzzFinding } from "../fuzz/finish.ts";
import { PORTFOLIO } from "../fuzz/portfolio/portfolio.ts";
import type { ReporterName } from "../report/check/reporters.ts";
import { type CampaignFailure, campaignReport } from "../report/fuzz-reporters.ts";
import { WIDTH_DEFAULT, wrapped } from "../report/table/layout.ts";
import { counted } from "./counted.ts";
import { failureOf } from "./explore-text.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import { shellWord } from "./shell-word.ts";

/** What a campaign came to. */
export interface FuzzReport {
  readonly scenario?: string;
  readonly mutant?: string;
  readonly rules?: readonly string[];
  readonly seed: number;
  readonly state: CampaignState;
  readonly interrupted?: boolean;
  /** The path that was asked for. */
  readonly path?: string;
  readonly timing?: { readonly seconds: number; readonly cpuSeconds: number };
}

/** The report as one JSON object. */
export async function jsonOfFuzz(report: FuzzReport): Promise<string> {
  const { scenario, mutant, seed, state, interrupted, timing } = report;
  const { totals, failures } = state;
  const { runs, steps, rounds, cut, shares, reached } = totals;
  const findings = await Promise.all(
    state.findings.map(async (finding) => {
      const message = inNames(finding.message, await scenarioAt(finding.scenario));
      return {
        ...finding,
        message,
        replay: replayLine(finding),
        again: againLine(report, finding),
      };
    }),
  );
  return jsonText({
    scenario: scenario ?? null,
    mutant: mutant ?? null,
    runs,
    seed,
    path: findings[0]?.path ?? null,
    steps,
    rounds,
    cut,
    findings,
    failures,
    shares,
    reached,
    ...(interrupted ? { interrupted } : {}),
    ...(timing === undefined ? {} : { timing: { ...timing, ...ratesOf(report) } }),
  });
}

/** The report for a reader, or for a CI server. */
export async function textOfFuzz(report: FuzzReport, reporter: ReporterName): Promise<string> {
  const { state, scenario, mutant } = report;
  const named = await Promise.all(state.findings.map(({ scenario: place }) => scenarioAt(place)));
  const failures = state.findings.map((finding, at) => {
    return failureText(report, finding, named[at] as NamedScenario);
  });
  if (reporter === "text") {
    const parts = failures.map(({ headline, lines }) => {
      return [...block(headline), ...lines, ""].join("\n");
    });
    return [...parts, `${summary(report).flatMap(block).join("\n")}\n`].join("\n");
  }
  const asked = scenario === undefined ? SEARCH_RULES : (await scenarioAt(scenario)).rules;
  return campaignReport(reporter, {
    name: [subjectOf(report), mutant].filter(Boolean).join(" with "),
    rules: report.rules ?? [...new Set(asked.map(({ id }) => id))],
    failures,
    isUndecided: isUndecided(state),
    summary: summary(report),
  });
}

/** The command that meets a finding again. */
export function againLine(
  { scenario, mutant, rules, seed }: FuzzReport,
  { path }: FuzzFinding,
): string {
  const options = [
    ...(scenario === undefined ? [] : [`--scenario ${shellWord(scenario)}`]),
    ...(mutant === undefined ? [] : [`--mutant ${mutant}`]),
    ...(rules === undefined ? [] : [`--rules ${rules.join(",")}`]),
  ];
  return ["mmreplay fuzz", ...options, `--seed ${seed} --path ${path}`].join(" ");
}

function failureText(
  report: FuzzReport,
  finding: FuzzFinding,
  named: NamedScenario,
): CampaignFailure {
  const order = orderOfSchedule(named, finding.schedule, finding.order);
  const { mutant } = report;
  const bug = mutant === undefined ? [] : [`bug ${mutant}: ${mutantNamed(mutant).title}`];
  return {
    rule: finding.rule,
    headline: `${finding.scenario}: ${failureOf(finding)}`,
    lines: [
      ...bug.flatMap(block),
      ...block(`drawn by ${finding.strategy} as a run of ${counted(finding.drawnLength, "step")}`),
      "",
      ...tableOfSchedule(named, finding.schedule, { fails: finding }),
      "",
      ...(order.length === 0 ? [] : ["order that matters:"]),
      ...order.flatMap((pair) => block(pair).map((line) => `  ${line}`)),
      `replay: ${harmless(replayLine(finding))}`,
      `again:  ${harmless(againLine(report, finding))}`,
    ],
  };
}

function summary(report: FuzzReport): string[] {
  const { seed, state, interrupted, timing, path } = report;
  const { runs, steps, rounds, cut, shares } = state.totals;
  const failures = Object.entries(state.failures).map(
    ([rule, count]) => `${rule} in ${counted(count, "round")}`,
  );
  return [
    ...(interrupted ? ["interrupted: what had come to its end"] : []),
    `${subjectOf(report)}: ${counted(runs, "schedule")} in ${counted(rounds, "round")}, ${counted(steps, "step")}, seed ${seed}${cut > 0 ? `; ${cut} cut for their length` : ""}`,
    `drawn by: ${PORTFOLIO.map((name) => `${name} ${shares[name].schedules}`).join(", ")}`,
    failures.length === 0 ? verdictOf(state) : `failing: ${failures.join(", ")}`,
    ...(path === undefined ? rarePaths(report) : []),
    ...(timing === undefined ? [] : [timingText(report)]),
  ];
}

/** What was drawn: one scenario, or workloads, every second round of a mutant beside its own scenario. */
function subjectOf({ scenario, mutant }: FuzzReport): string {
  if (scenario !== undefined) return scenario;
  return `${mutant === undefined ? "" : `${mutantNamed(mutant).scenario} and `}drawn workloads`;
}

function verdictOf(state: CampaignState): string {
  return isUndecided(state) ? "undecided: no schedule came to its end" : "no run fails";
}

/** Of one scenario the rare paths that it has; of drawn workloads those that none of them took. */
function rarePaths({ scenario, state }: FuzzReport): string[] {
  const { reached } = state.totals;
  const taken = MARKS.filter(({ name }) => (reached[name] ?? 0) > 0);
  const head = `rare paths reached: ${taken.length} of ${MARKS.length}`;
  if (scenario !== undefined) {
    if (taken.length === 0) return [head];
    return [`${head}: ${taken.map(({ name }) => `${name} ${reached[name]}`).join(", ")}`];
  }
  const never = MARKS.filter((mark) => !taken.includes(mark)).map(
    ({ name, needs }) => `${name}${needs === undefined ? "" : ` (needs ${needs})`}`,
  );
  return [never.length === 0 ? head : `${head}; never: ${never.join(", ")}`];
}

function ratesOf({ state, timing }: FuzzReport): { readonly schedulesPerSecond: number } {
  return {
    schedulesPerSecond: Math.round(state.totals.runs / Math.max(timing?.seconds ?? 0, 1e-6)),
  };
}

function timingText(report: FuzzReport): string {
  const { seconds = 0, cpuSeconds = 0 } = report.timing ?? {};
  return `${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU time; ${ratesOf(report).schedulesPerSecond} schedules/s`;
}

function block(text: string): string[] {
  return wrapped(harmless(text), WIDTH_DEFAULT, 2);
}
