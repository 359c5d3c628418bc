/**
 * The zoo at work: every mutant against its scenario, and the unchanged model against all of them.
 *
 * A mutant is found when a complete search, nearest first, meets the rule that its source says it
 * breaks; other rules, which often notice the change itself, are not asked. A mutant that breaks nothing
 * is searched whole under all rules; one that is called equivalent must have the model's graph.
 */
import { type Mutant, type NamedScenario, SCENARIOS, ZOO } from "@mmreplay/core";
import { type ExploreFinding, type ExploreReport, exploring } from "./explore.ts";
import { mutantNamed, scenarioNamed } from "./named.ts";
import type { BoundName, Searching } from "./search.ts";
import { equalGraphs, stateGraph } from "./state-graph.ts";

/** What became of one mutant. */
export interface ZooEntry {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly scenario: string;
  /** It has the model's states and steps: proved, not claimed. */
  readonly equivalent: boolean;
  /** It has other states, and no rule is broken in any of them. */
  readonly harmless: boolean;
  readonly found: boolean;
  /** The rule that was broken, or `deadlock`, `lost-wake-up` or `no-progress`. */
  readonly rule: string | null;
  /** Steps of a shortest run that breaks it; of one that goes round for ever, with the loop. */
  readonly length: number | null;
  readonly states: number;
  readonly schedule: string | null;
  /** Of a suspected bug: what exactly is claimed. */
  readonly claim: string | null;
  /** It is as the zoo says. */
  readonly expected: boolean;
}

/** What the unchanged model broke, where it should not. */
export interface CleanViolation {
  readonly scenario: string;
  readonly rule: string;
  readonly schedule: string;
}

/** What became of all. */
export interface ZooReport {
  readonly mutants: readonly ZooEntry[];
  readonly clean: {
    /** Scenarios that were searched whole. */
    readonly scenarios: number;
    readonly states: number;
    readonly violations: number;
    readonly findings: readonly CleanViolation[];
  };
  /** What cut it, if anything; then what is missing here is not known. */
  readonly bound?: BoundName;
}

/** The clean searches take scenarios of at most so many tasks. */
const CLEAN_TASKS_MAX = 4;

/** Scenarios in which the unchanged model breaks nothing, small enough to be searched each time. */
export function cleanScenarios(): NamedScenario[] {
  return SCENARIOS.filter(
    ({ shows, tasks }) => shows === undefined && tasks.length <= CLEAN_TASKS_MAX,
  );
}

/** Searches for every mutant, or for one; when it is stopped it reports what it has come to know. */
export function* zooing(id?: string, stopped = (): boolean => false): Searching<ZooReport> {
  const mutants = id === undefined ? ZOO : [mutantNamed(id)];
  const entries: ZooEntry[] = [];
  for (const mutant of mutants) {
    const entry = yield* entryOf(mutant, stopped);
    if (entry === undefined) break;
    entries.push(entry);
  }
  const wanted = new Set(mutants.map(({ scenario }) => scenario));
  const scenarios = cleanScenarios().filter(({ name }) => id === undefined || wanted.has(name));
  const reports: ExploreReport[] = [];
  for (const named of scenarios) {
    const report = yield* exploring({ named }, { stopped });
    if (report.bound === "interrupted") break;
    reports.push(report);
  }
  const findings = reports.flatMap(({ scenario, findings: [first] }) =>
    first === undefined ? [] : [{ scenario, rule: first.rule, schedule: first.schedule }],
  );
  const states = reports.reduce((sum, report) => sum + report.states, 0);
  const cut = entries.length < mutants.length || reports.length < scenarios.length;
  return {
    mutants: entries,
    clean: { scenarios: reports.length, states, violations: findings.length, findings },
    ...(cut ? { bound: "interrupted" } : {}),
  };
}

/** What became of a mutant; undefined if its search was stopped. */
function* entryOf(mutant: Mutant, stopped: () => boolean): Searching<ZooEntry | undefined> {
  const named = scenarioNamed(mutant.scenario);
  const { rule } = mutant;
  const rules = rule === null ? named.rules : named.rules.filter((one) => one.id === rule);
  const report = yield* exploring({ named: { ...named, rules }, mutant }, { stopped });
  if (report.bound === "interrupted") return undefined;
  const finding: ExploreFinding | undefined = report.findings[0];
  const whole = finding === undefined && report.complete;
  const equivalent =
    mutant.breaksNothing === "equivalent" &&
    whole &&
    equalGraphs(stateGraph(named), stateGraph(named, mutant));
  const harmless = mutant.breaksNothing === "harmless" && whole;
  return {
    id: mutant.id,
    title: mutant.title,
    source: mutant.source,
    scenario: mutant.scenario,
    equivalent,
    harmless,
    found: finding !== undefined,
    rule: finding?.rule ?? null,
    length: finding?.length ?? null,
    states: report.states,
    schedule: finding?.schedule ?? null,
    claim: mutant.claim ?? null,
    expected: rule === null ? equivalent || harmless : finding?.rule === rule,
  };
}
