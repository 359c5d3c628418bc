/**
 * A search of a named scenario, with or without a mutant, and what it found as schedules.
 *
 * Reductions prove that nothing fails; what fails is searched again without partial-order reduction,
 * whose paths are no shortest ones.
 */
import { boundedPreemptions } from "./bounded.ts";
import { breadthFirst } from "./breadth-first.ts";
import { depthFirst } from "./depth-first.ts";
import { pct } from "./draw-pct.ts";
import { randomWalk } from "./draw-random.ts";
import { hasCycle, lassoOf } from "./lasso.ts";
import { stepsInOrder } from "./order.ts";
import { type Subject, spaceOf } from "./prepare.ts";
import { type Choice, encodeSchedule } from "./schedule.ts";
import {
  atOnce,
  type BoundName,
  type Bounds,
  DEFAULT_BOUNDS,
  type Failure,
  type Search,
  type Searching,
  type SearchResult,
  type Strategy,
  type StrategyName,
} from "./search.ts";
import { unreducedChoices } from "./unreduced.ts";

/** How to search. */
export interface ExploreOptions {
  /** Default: breadth-first. */
  readonly strategy?: StrategyName;
  /** One of the states that differ by an exchange of like tasks stands for all; default: yes. */
  readonly symmetry?: boolean;
  /** Steps that commute with all steps of other tasks are made at once; default: yes. */
  readonly por?: boolean;
  readonly bounds?: Partial<Bounds>;
  readonly seed?: number;
  readonly pctDepth?: number;
  readonly shard?: Search["shard"];
  readonly stopped?: () => boolean;
}

/** A failing run. */
export interface ExploreFinding {
  readonly rule: string;
  readonly message: string;
  /** Steps, the failing one included. */
  readonly length: number;
  /** No shorter run fails: the search went through all of them. */
  readonly certified: boolean;
  readonly schedule: string;
  /** Steps that cannot change places with the next one, of another task, without losing the failure. */
  readonly order: readonly number[];
  /** Of a run that goes round for ever: the steps before the loop, which the rest of it is. */
  readonly stem?: number;
  /** Which of the drawn schedules it was. */
  readonly run?: number;
}

/** What a search saw. */
export interface ExploreReport {
  readonly scenario: string;
  readonly mutant?: string;
  readonly strategy: StrategyName;
  /** Every state was visited. */
  readonly complete: boolean;
  /** What cut the search. */
  readonly bound?: BoundName;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly deadlocks: number;
  /** Schedules that were drawn, and those of them that failed. */
  readonly runs?: number;
  readonly hits?: number;
  /** The reductions that were used. */
  readonly reductions: { readonly symmetry: boolean; readonly por: boolean };
  /** Whether runs that go round for ever were looked for. */
  readonly lassos: boolean;
  readonly findings: readonly ExploreFinding[];
}

/** Strategies that visit every state, so that what is left out by a reduction is known. */
const EXHAUSTIVE: readonly StrategyName[] = ["bfs", "dfs"];

const RUN: Readonly<Record<StrategyName, Strategy>> = {
  bfs: breadthFirst,
  dfs: depthFirst,
  random: randomWalk,
  pct,
  bounded: boundedPreemptions,
};

/**
 * Searches the interleavings of a scenario until one fails.
 *
 * @example
 * ```ts
 * const [peer] = PEERS;
 * explore({ named: peer as NamedScenario }, { por: false }).states; // 68
 * ```
 */
export function explore(subject: Subject, options: ExploreOptions = {}): ExploreReport {
  return atOnce(exploring(subject, options));
}

/** The same with pauses. */
export function* exploring(subject: Subject, options: ExploreOptions): Searching<ExploreReport> {
  const { strategy = "bfs" } = options;
  let met: ExploreFinding | undefined;
  if (EXHAUSTIVE.includes(strategy) && options.por !== false) {
    const reduced = searchOf(subject, options, true);
    const result = yield* RUN[strategy](reduced);
    const clean = !reduced.space.broken && result.failures.length === 0;
    if (clean) return proven(subject, options, reduced, result);
    met = reduced.space.broken ? undefined : metOn(subject, reduced, result.failures[0]);
  }
  const search = searchOf(subject, options, false);
  const result = yield* RUN[strategy](search);
  const report = proven(subject, options, search, result);
  const cut = report.findings.length === 0 && report.bound !== undefined;
  return cut && met !== undefined ? { ...report, findings: [met] } : report;
}

/** What a search with eager steps has met: a failure, but none that is known to be a shortest one. */
function metOn(
  subject: Subject,
  search: Search,
  failure: Failure | undefined,
): ExploreFinding | undefined {
  if (failure === undefined) return undefined;
  const choices = unreducedChoices(subject, search, failure.path);
  if (choices === undefined) return undefined;
  return findingOf(subject, { ...failure, shortest: false }, choices);
}

/** What to run a strategy on. */
export function searchOf(subject: Subject, options: ExploreOptions, por: boolean): Search {
  const { strategy = "bfs", symmetry = true, seed = 1, pctDepth = 3, shard, stopped } = options;
  const drawn = strategy === "random" || strategy === "pct";
  return {
    space: spaceOf(subject, { reduced: por, drawn }),
    symmetry: symmetry && !drawn,
    bounds: { ...DEFAULT_BOUNDS, ...options.bounds },
    seed,
    pctDepth,
    ...(shard === undefined ? {} : { shard }),
    ...(stopped === undefined ? {} : { stopped }),
  };
}

/**
 * The report of a search whose result stands. Where every state was visited and nothing fails, runs
 * that go round for ever are looked for.
 */
export function proven(
  subject: Subject,
  options: ExploreOptions,
  search: Search,
  result: SearchResult,
): ExploreReport {
  const { maxLassoStates } = search.bounds;
  const asked =
    result.bound === undefined && result.failures.length === 0 && result.states <= maxLassoStates;
  const cycle = asked && search.space.tasks.length > 0 ? hasCycle(search, maxLassoStates) : false;
  if (cycle !== true) return reportOf(subject, options, search, result, asked && cycle === false);
  // Fairness asks who moves; that is known only where tasks keep their names.
  const plain = searchOf(subject, { ...options, symmetry: false }, false);
  const lasso = lassoOf(plain, maxLassoStates, subject.named.oneCpu);
  const found = lasso !== undefined && lasso !== "too-large" ? { failures: [lasso] } : {};
  const told = lasso === undefined || found.failures === undefined ? search : plain;
  return reportOf(subject, options, told, { ...result, ...found }, lasso !== "too-large");
}

/** What a search saw, in words. */
export function reportOf(
  subject: Subject,
  { strategy = "bfs" }: ExploreOptions,
  search: Search,
  result: SearchResult,
  lassos: boolean,
): ExploreReport {
  const { failures, ...counts } = result;
  const { named, mutant } = subject;
  const { space } = search;
  return {
    scenario: named.name,
    ...(mutant === undefined ? {} : { mutant: mutant.id }),
    strategy,
    complete: failures.length === 0 && result.bound === undefined,
    ...counts,
    reductions: { symmetry: search.symmetry && space.merge.possible, por: space.reduces },
    lassos,
    findings: failures.slice(0, 1).map((failure) => {
      return findingOf(subject, failure, space.choices(failure.path, search.symmetry));
    }),
  };
}

function findingOf(
  { named, mutant }: Subject,
  { finding, shortest = false, stem, run }: Failure,
  choices: readonly Choice[],
): ExploreFinding {
  return {
    ...finding,
    length: choices.length,
    certified: shortest,
    schedule: encodeSchedule({
      scenario: named.name,
      ...(mutant === undefined ? {} : { mutant: mutant.id }),
      choices,
    }),
    order: stem === undefined ? stepsInOrder(named, mutant, choices, finding.rule) : [],
    ...(stem === undefined ? {} : { stem }),
    ...(run === undefined ? {} : { run }),
  };
}
