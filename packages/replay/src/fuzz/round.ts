/**
 * A round: one worker, one scenario, and a number of schedules that the portfolio draws.
 *
 * Whatever a round does follows from the seed and its number alone, whoever runs it and whatever ran before. So
 * a failure is named by its round and its schedule, on any number of workers, and drawn again by drawing
 * that round up to there.
 */
import { MARKS } from "@mmreplay/core";
import { type Subject, spaceOf } from "../explore/prepare.ts";
import type { Choice } from "../explore/schedule.ts";
import { atOnce, type Searching } from "../explore/search.ts";
import type { Space } from "../explore/space.ts";
import { OneRound } from "./one-round.ts";
import type { StrategyOfPortfolio } from "./portfolio/portfolio.ts";

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
  *running(options: RoundOptions): Searching<RoundResult> {
    if (this.#space.rows.ownValues > OWN_VALUES_MAX) {
      this.#space = spaceOf(this.#subject, { drawn: true, marks: MARKS });
    }
    const round = new OneRound(this.#space, this.#subject.named.rules, options);
    while (round.drawn < options.schedules) {
      if (round.drawn % PAUSE_RUNS === 0) {
        yield;
        if (options.stopped?.() === true) break;
      }
      round.draw();
    }
    return round.result();
  }
}
