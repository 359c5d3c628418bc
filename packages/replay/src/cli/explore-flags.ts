/**
 * The options of `explore`, and which of them go together.
 *
 * An option that the chosen way to search does not look at is refused: whoever gives it expects something of
 * it, and a search that ignores it answers another question.
 */
import type { StrategyName } from "../explore/search.ts";
import { UsageError } from "./failure.ts";

/** One of how many shards, from 0 on. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The options, as commander gives them; absent: not given. */
export interface ExploreFlags {
  readonly strategy?: StrategyName;
  readonly mutant?: string;
  /** Of `--no-symmetry` and `--no-por` commander says true where they are not given. */
  readonly symmetry: boolean;
  readonly por: boolean;
  readonly maxStates?: number;
  readonly maxLassoStates?: number;
  readonly maxSteps?: number;
  readonly maxPreemptions?: number;
  readonly runs?: number;
  readonly seed?: number;
  readonly pctDepth?: number;
  readonly workers?: number;
  readonly shard?: Shard;
  readonly merge?: readonly string[];
  readonly resume?: string;
  readonly output?: string;
  readonly timing?: boolean;
  readonly json?: boolean;
}

/** The strategy where none is given. */
export const STRATEGY_USUAL: StrategyName = "bfs";

const DRAWS: readonly StrategyName[] = ["random", "pct"];
const VISITS: readonly StrategyName[] = ["bfs", "dfs", "bounded"];

/** The strategies that look at an option. */
const USED_BY: readonly (readonly [keyof ExploreFlags, readonly StrategyName[]])[] = [
  ["symmetry", VISITS],
  ["por", ["bfs", "dfs"]],
  ["maxStates", VISITS],
  ["maxLassoStates", VISITS],
  ["maxPreemptions", ["bounded"]],
  ["runs", DRAWS],
  ["maxSteps", DRAWS],
  ["seed", DRAWS],
  ["pctDepth", ["pct"]],
  ["workers", ["bfs"]],
  ["resume", ["bfs"]],
];

/** The join of shards has its options from them. */
const OF_SEARCH: readonly (keyof ExploreFlags)[] = [
  ...USED_BY.map(([flag]) => flag),
  "strategy",
  "mutant",
  "shard",
];

/**
 * Refuses options that contradict each other, or that the search would not look at.
 *
 * @throws UsageError with the option, and with what it is for.
 */
export function refuseContradictions(name: string | undefined, flags: ExploreFlags): void {
  const { merge, workers = 1, shard, resume, strategy = STRATEGY_USUAL } = flags;
  if ((name === undefined) === (merge === undefined)) {
    throw new UsageError("explore takes a scenario, or --merge FILE... and none");
  }
  const ways = [workers > 1 && "--workers", shard && "--shard", resume && "--resume"];
  const given = [merge && "--merge", ...ways].filter(Boolean);
  if (given.length > 1) throw new UsageError(`${given.join(" and ")} do not go together`);
  const beside = merge === undefined ? undefined : OF_SEARCH.find((flag) => isGiven(flags, flag));
  if (beside !== undefined) {
    throw new UsageError(`${optionOf(beside)} is said by the shards: leave it out with --merge`);
  }
  for (const [flag, strategies] of USED_BY) {
    if (!isGiven(flags, flag) || strategies.includes(strategy)) continue;
    throw new UsageError(`${optionOf(flag)} is for --strategy ${strategies.join(", ")}`);
  }
}

function isGiven(flags: ExploreFlags, flag: keyof ExploreFlags): boolean {
  if (flag === "symmetry" || flag === "por") return !flags[flag];
  return flags[flag] !== undefined;
}

function optionOf(flag: keyof ExploreFlags): string {
  const words = flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return flag === "symmetry" || flag === "por" ? `--no-${words}` : `--${words}`;
}
