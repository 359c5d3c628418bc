/**
 * What every strategy gets and gives: one interface, so that a search can be run by any of them.
 */
import type { Space } from "./space.ts";
import type { StepFinding } from "./step-memory.ts";

/** The strategies. */
export const STRATEGIES = ["bfs", "dfs", "random", "pct", "bounded"] as const;

/** The name of a strategy. */
export type StrategyName = (typeof STRATEGIES)[number];

/** Bounds of a search; each is one option of `explore` and is named in a result that it has cut. */
export interface Bounds {
  /** States that may be stored. */
  readonly maxStates: number;
  /** Schedules that are drawn. */
  readonly runs: number;
  /** Steps of one schedule; a schedule of tasks that retry for ever would not end. */
  readonly maxSteps: number;
  /** States up to which runs that go round for ever are looked for. */
  readonly maxLassoStates: number;
  /** Times that a task is left although it could go on. */
  readonly maxPreemptions: number;
}

/** The name of a bound that has cut a search. */
export type BoundName =
  | "max-states"
  | "runs"
  | "max-steps"
  | "max-preemptions"
  | "shard"
  | "missing-shards"
  | "interrupted";

/** The bounds that hold where none are given. */
export const DEFAULT_BOUNDS: Bounds = {
  maxStates: Number.MAX_SAFE_INTEGER,
  runs: 10_000,
  maxSteps: 10_000,
  maxLassoStates: 50_000,
  maxPreemptions: 2,
};

/** A search to run. */
export interface Search {
  readonly space: Space;
  /** Visits one of the states that differ by an exchange of like tasks. */
  readonly symmetry: boolean;
  readonly bounds: Bounds;
  /** Of everything random. */
  readonly seed: number;
  /** Of PCT: 1 + the number of priority changes. */
  readonly pctDepth: number;
  /** Which of how many: draws every `of`-th schedule. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** Whether to stop now. */
  readonly stopped?: () => boolean;
}

/** A failing run. */
export interface Failure {
  /** Moves from the first state on. */
  readonly path: readonly number[];
  readonly finding: StepFinding;
  /** All shorter paths were gone, and none fails; absent: that is not known. */
  readonly shortest?: boolean;
  /** Of a lasso: how many steps come before the loop. */
  readonly stem?: number;
  /** Which of the drawn schedules it was. */
  readonly run?: number;
}

/** What a search saw. */
export interface SearchResult {
  /** Stored states; of a random strategy the states that its schedules went through, with repetition. */
  readonly states: number;
  readonly transitions: number;
  /** Steps to the farthest state. */
  readonly depth: number;
  readonly deadlocks: number;
  /** Schedules that were drawn, and those of them that failed. */
  readonly runs?: number;
  readonly hits?: number;
  readonly failures: readonly Failure[];
  /** What has cut the search, if anything. */
  readonly bound?: BoundName;
}

/** A search that pauses now and then, so that whoever runs it can look for an interruption. */
export type Searching<T = SearchResult> = Generator<void, T, void>;

/** A way to search. */
export type Strategy = (search: Search) => Searching;

/** How often a search pauses: once in so many states. */
export const PAUSE_STATES: number = 1 << 12;

/** Runs a search to its end without a pause. */
export function atOnce<T>(searching: Searching<T>): T {
  for (;;) {
    const { done, value } = searching.next();
    if (done === true) return value;
  }
}
