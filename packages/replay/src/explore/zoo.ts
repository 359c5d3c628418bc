/**
 * The zoo at work: every mutant against its scenario, and the unchanged model against all of them.
 *
 * A mutant is found when a complete search, nearest first, meets the rule that its source says it
 * breaks; other rules, which often notice the change itself, are not asked. A mutant that breaks nothing
 * is searched whole under all rules, and it is proved that it has the model's graph, or that nobody who
 * calls and no device can tell it from the model.
 */
import { changesIn, type Mutant, type NamedScenario, SCENARIOS, ZOO } from "@mmreplay/core";
import { type ExploreFinding, type ExploreOptions, exploring } from "./explore.ts";
import { mutantNamed, scenarioNamed } from "./named.ts";
import { observablyEqual, observedGraph } from "./observed-graph.ts";
import type { Searching } from "./search.ts";
import { equalGraphs, stateGraph } from "./state-graph.ts";

/** What became of one mutant. */
export interface ZooEntry {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly scenario: string;
  /** Proved, not claimed. */
  readonly equivalent: boolean;
  /** It has the model's states and steps, or others that cannot be told from them by observers. */
  readonly equivalence: "states" | "observations" | null;
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
  /** How many different changes these make; some make the same, and some change nothing. */
  readonly changes: number;
  /** It was stopped: what follows is of the searches that had come to their end. */
  readonly interrupted?: true;
  readonly clean: {
    /** Scenarios that were searched whole. */
    readonly scenarios: number;
    /** Scenarios that show a known bug of the kernel or of a driver in the unchanged model: not among these. */
    readonly showing: number;
    readonly states: number;
    readonly violations: number;
    readonly findings: readonly CleanViolation[];
  };
}

/** The clean searches take scenarios of at most so many tasks. */
const CLEAN_TASKS_MAX = 4;

/** Scenarios in which the unchanged model breaks nothing, small enough to be searched each time. */
export function cleanScenarios(): NamedScenario[] {
  return SCENARIOS.filter(
    ({ shows, tasks }) => shows === undefined && tasks.length <= CLEAN_TASKS_MAX,
  );
}

/** Searches for every mutant, or for one; a search that was stopped is left out, and those after it. */
export function* searchingZoo(
  id?: string,
  options: Pick<ExploreOptions, "stopped"> = {},
): Searching<ZooReport> {
  const mutants = id === undefined ? ZOO : [mutantNamed(id)];
  const { stopped = () => false } = options;
  const entries: ZooEntry[] = [];
  for (const mutant of mutants) {
    yield;
    const entry = yield* entryOf(mutant, options);
    if (stopped()) break;
    entries.push(entry);
  }
  const wanted = new Set(mutants.map(({ scenario }) => scenario));
  const scenarios = cleanScenarios().filter(({ name }) => id === undefined || wanted.has(name));
  const clean = yield* searchingClean(stopped() ? [] : scenarios, options);
  const searched = mutants.filter((mutant) => entries.some((entry) => entry.id === mutant.id));
  return {
    mutants: entries,
    changes: changesIn(searched).length,
    ...(stopped() ? { interrupted: true } : {}),
    clean,
  };
}

function* searchingClean(
  scenarios: readonly NamedScenario[],
  options: Pick<ExploreOptions, "stopped">,
): Searching<ZooReport["clean"]> {
  const findings: CleanViolation[] = [];
  let states = 0;
  let searched = 0;
  for (const named of scenarios) {
    yield;
    const report = yield* exploring({ named }, options);
    if (options.stopped?.() === true) break;
    searched += 1;
    states += report.states;
    for (const { rule, schedule } of report.findings) {
      findings.push({ scenario: report.scenario, rule, schedule });
    }
  }
  const showing = SCENARIOS.filter(({ shows }) => shows !== undefined).length;
  return { scenarios: searched, showing, states, violations: findings.length, findings };
}

function* entryOf(mutant: Mutant, options: Pick<ExploreOptions, "stopped">): Searching<ZooEntry> {
  const named = scenarioNamed(mutant.scenario);
  const { rule } = mutant;
  const rules = rule === null ? named.rules : named.rules.filter((one) => one.id === rule);
  const report = yield* exploring({ named: { ...named, rules }, mutant }, options);
  const finding: ExploreFinding | undefined = report.findings[0];
  const whole = finding === undefined && report.complete;
  const equivalence = whole ? equivalenceOf(named, mutant) : null;
  return {
    id: mutant.id,
    title: mutant.title,
    source: mutant.source,
    scenario: mutant.scenario,
    equivalent: equivalence !== null,
    equivalence,
    found: finding !== undefined,
    rule: finding?.rule ?? null,
    length: finding?.length ?? null,
    states: report.states,
    schedule: finding?.schedule ?? null,
    claim: mutant.claim ?? null,
    expected: rule === null ? equivalence !== null : finding?.rule === rule,
  };
}

function equivalenceOf(named: NamedScenario, mutant: Mutant): ZooEntry["equivalence"] {
  switch (mutant.breaksNothing) {
    case "equivalent":
      return equalGraphs(stateGraph(named), stateGraph(named, mutant)) ? "states" : null;
    case "observably-equivalent": {
      const equal = observablyEqual(observedGraph(named), observedGraph(named, mutant));
      return equal ? "observations" : null;
    }
    default:
      return null;
  }
}
