/**
 * A round: one worker, one scenario, and a number of schedules that the portfolio draws.
 *
 * Whatever a round does follows from the seed and its number alone, whoever runs it and whatever ran before. So
 * a failure is named by its round and its schedule, on any number of workers, and drawn again by drawing
 * that round up to there.
 */
import { MARKS } from "@mmreplay/core";
import { createGenerator } from "../explore/generator.ts";
import { type Subject, spaceOf } from "../explore/prepare.ts";
import type { Choice } from "../explore/schedule.ts";
import { atOnce, type Searching } from "../explore/search.ts";
import type { Space } from "../explore/space.ts";
import { Walk } from "../explore/walk.ts";
import { Budget } from "./portfolio/budget.ts";
import { Coverage } from "./portfolio/coverage.ts";
import { Parents } from "./portfolio/parents.ts";
import { isFair, PORTFOLIO, portfolioOf, type StrategyOfPortfolio } from "./portfolio/portfolio.ts";

/** Which round. */
export interface RoundOptions {
  readonly seed: number;
  readonly round: number;
  /** Schedules to draw. */
  readonly schedules: number;
  /** Steps of one; what goes on for ever is cut there. */
  readonly maxSteps: number;
  /** The failure of this schedule alone is wanted; absent: the first of each rule. */
  readonly only?: number;
  /** Whether to stop now. */
  readonly stopped?: () => boolean;
}

/** A failing schedule. */
export interface RoundFailure {
  readonly rule: string;
  readonly message: string;
  readonly choices: readonly Choice[];
  readonly round: number;
  /** Which of the round's schedules it is, from 0 on. */
  readonly schedule: number;
  readonly strategy: StrategyOfPortfolio;
}

/** What one strategy drew. */
export interface Share {
  readonly schedules: number;
  /** Schedules that failed. */
  readonly hits: number;
}

/** What became of a round. */
export interface RoundResult {
  readonly round: number;
  readonly schedules: number;
  /** Each is one event or more. */
  readonly steps: number;
  /** Schedules that were cut. */
  readonly cut: number;
  /** Those of them in which every task had its turns: no priorities had left one waiting. */
  readonly cutFair: number;
  /** What each strategy drew, in the order of their names. */
  readonly shares: readonly Share[];
  /** How often each mark was taken, by its place in the list. */
  readonly marks: readonly number[];
  /** The first failure of each rule. */
  readonly failures: readonly RoundFailure[];
}

/** Steps of earlier rounds are forgotten when a task has had so many values of its own: a quarter of what a row can name. */
const OWN_VALUES_MAX = 1 << 14;

/** How often a round pauses: once in so many schedules. */
const PAUSE_RUNS = 32;

/** Rounds of one scenario; steps that one round has computed the others need not. */
export class Rounds {
  #space: Space;
  readonly #subject: Subject;

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#space = spaceOf(subject, { drawn: true, marks: MARKS });
  }

  /** Draws a round. */
  run(options: RoundOptions): RoundResult {
    return atOnce(this.running(options));
  }

  /** The same with pauses; what a stop cuts is no round, and nobody may count it. */
  *running({
    seed,
    round,
    schedules,
    maxSteps,
    only,
    stopped,
  }: RoundOptions): Searching<RoundResult> {
    if (this.#space.rows.ownValues > OWN_VALUES_MAX)
      this.#space = spaceOf(this.#subject, { drawn: true, marks: MARKS });
    const space = this.#space;
    const coverage = new Coverage(space, MARKS.length);
    const parents = new Parents(MARKS.length);
    const budget = new Budget(PORTFOLIO.length);
    const failures = new Map<string, RoundFailure>();
    const shares = PORTFOLIO.map(() => ({ schedules: 0, hits: 0 }));
    let [steps, cut, cutFair] = [0, 0, 0];
    const pickers = portfolioOf({
      space,
      marks: MARKS,
      rules: this.#subject.named.rules,
      coverage,
      parents,
      length: () => Math.max(1, Math.ceil(steps / Math.max(1, drawn))),
    });
    const walk = new Walk(space);
    let drawn = 0;
    for (; drawn < schedules; drawn++) {
      if (drawn % PAUSE_RUNS === 0) {
        yield;
        if (stopped?.() === true) break;
      }
      const random = createGenerator(seed, drawn, round);
      const strategy = budget.next(random);
      const picker = pickers[strategy] as (typeof pickers)[number];
      const share = shares[strategy] as (typeof shares)[number];
      picker.begin(random);
      walk.begin();
      coverage.begin();
      while (walk.step(picker, coverage.look)) {
        if (walk.path.length < maxSteps) continue;
        cut += 1;
        if (isFair(strategy)) cutFair += 1;
        break;
      }
      const { path, finding } = walk;
      steps += path.length;
      share.schedules += 1;
      budget.found(strategy, coverage.fresh > 0);
      parents.offer(path, coverage, random);
      if (finding === undefined) continue;
      share.hits += 1;
      if (only === undefined ? failures.has(finding.rule) : drawn !== only) continue;
      failures.set(finding.rule, {
        ...finding,
        choices: space.choices(path, false),
        round,
        schedule: drawn,
        strategy: PORTFOLIO[strategy] as StrategyOfPortfolio,
      });
    }
    const marks = [...coverage.marks];
    const sums = { schedules, steps, cut, cutFair };
    return { round, ...sums, shares, marks, failures: [...failures.values()] };
  }
}
