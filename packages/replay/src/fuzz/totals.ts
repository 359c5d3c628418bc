/**
 * What a campaign has drawn so far: sums over its rounds, so that they can be kept and added to.
 */
import { MARKS } from "@mmreplay/core";
import { PORTFOLIO, type StrategyOfPortfolio } from "./portfolio/portfolio.ts";
import type { RoundResult, Share } from "./round.ts";

/** Sums over rounds. */
export interface Totals {
  readonly rounds: number;
  /** Schedules that were drawn. */
  readonly runs: number;
  /** Steps of them; each is one event or more. */
  readonly steps: number;
  /** Schedules that went on for ever, and were cut. */
  readonly cut: number;
  /** What each strategy drew. */
  readonly shares: Readonly<Record<StrategyOfPortfolio, Share>>;
  /** How often each rare-path mark was taken, by its name; all marks are there. */
  readonly reached: Readonly<Record<string, number>>;
}

/** Nothing yet. */
export const NO_TOTALS: Totals = {
  rounds: 0,
  runs: 0,
  steps: 0,
  cut: 0,
  shares: Object.fromEntries(
    PORTFOLIO.map((name) => [name, { schedules: 0, hits: 0 }]),
  ) as unknown as Totals["shares"],
  reached: Object.fromEntries(MARKS.map(({ name }) => [name, 0])),
};

/** With one round more. */
export function withRound(totals: Totals, round: RoundResult): Totals {
  const { shares, reached } = totals;
  const share = (name: StrategyOfPortfolio, at: number): Share => {
    const { schedules, hits } = round.shares[at] as Share;
    return { schedules: shares[name].schedules + schedules, hits: shares[name].hits + hits };
  };
  return {
    rounds: totals.rounds + 1,
    runs: totals.runs + round.schedules,
    steps: totals.steps + round.steps,
    cut: totals.cut + round.cut,
    shares: Object.fromEntries(
      PORTFOLIO.map((name, at) => [name, share(name, at)]),
    ) as unknown as Totals["shares"],
    reached: Object.fromEntries(
      MARKS.map(({ name }, at) => [name, (reached[name] ?? 0) + (round.marks[at] ?? 0)]),
    ),
  };
}
