/**
 * The strategies that share a round, each with its own weak spot.
 *
 * A walk in which all tasks are alike finds what needs many switches, priorities (PCT) what needs few in the
 * right place, one going on from new steps what lies deep, one going on from marks what a rule asks about.
 */
import type { Mark, Rule } from "@mmreplay/core";
import { byPriority } from "../../explore/draw-pct.ts";
import { anyMove } from "../../explore/draw-random.ts";
import type { Space } from "../../explore/space.ts";
import type { Picker } from "../../explore/walk.ts";
import { inBursts } from "./bursts.ts";
import type { Coverage } from "./coverage.ts";
import { goingOn, oneOf, towardsNew, towardsRules } from "./guided.ts";
import type { Parents } from "./parents.ts";

/** The strategies, by the names that a report has for them. */
export const PORTFOLIO = ["random", "bursts", "pct", "coverage", "rules"] as const;

/** The name of a strategy. */
export type StrategyOfPortfolio = (typeof PORTFOLIO)[number];

/** Strategies in which no task is left waiting for ever that can move. */
const FAIR: readonly StrategyOfPortfolio[] = ["random", "bursts"];

/** Whether the strategy of this place in the list lets every task move again and again. */
export function isFair(strategy: number): boolean {
  return FAIR.includes(PORTFOLIO[strategy] as StrategyOfPortfolio);
}

/** What the strategies of one round look at. */
export interface PortfolioOptions {
  readonly space: Space;
  readonly marks: readonly Mark[];
  readonly rules: readonly Rule[];
  readonly coverage: Coverage;
  readonly parents: Parents;
  /** How long schedules have been so far, on average. */
  readonly length: () => number;
}

/** Rules about waits, which no scenario has to name: nobody can move is always a failure. */
const LIVENESS = ["K-I19", "K-I33", "K-I18"];

/** Depths of PCT: 1 and the number of its priority changes. */
const DEPTHS = [2, 3, 4, 5];

/** The pickers, in the order of the names. */
export function portfolioOf(options: PortfolioOptions): readonly Picker[] {
  const { space, marks, rules, coverage, parents, length } = options;
  const pct = (depth: number, steps = length): Picker => byPriority(space, depth, steps);
  const asked = [...new Set([...rules.map(({ id }) => id), ...LIVENESS])];
  const endings = (left: () => number): readonly Picker[] => {
    return [anyMove(space), inBursts(space), pct(1), pct(2, left)];
  };
  const byName: Readonly<Record<StrategyOfPortfolio, Picker>> = {
    random: anyMove(space),
    bursts: inBursts(space),
    pct: oneOf(DEPTHS.map((depth) => pct(depth))),
    coverage: goingOn(towardsNew(parents), endings, length),
    rules: goingOn(towardsRules(parents, marks, coverage.marks, asked), endings, length),
  };
  return PORTFOLIO.map((name) => byName[name]);
}
