/**
 * One round in the making: schedule after schedule, and what has come of them so far.
 *
 * For each the budget says whose turn it is, that strategy picks the moves of a walk, and then the walk is accounted
 * for: what was new goes back to the budget and to the guided strategies, what failed is kept. So the order of
 * schedules matters, and nothing else does.
 */
import { MARKS, type Rule } from "@mmreplay/core";
import { createGenerator, type Generator } from "../explore/generator.ts";
import type { Space } from "../explore/space.ts";
import { type Picker, Walk } from "../explore/walk.ts";
import { Budget } from "./portfolio/budget.ts";
import { Coverage } from "./portfolio/coverage.ts";
import { Parents } from "./portfolio/parents.ts";
import { isFair, PORTFOLIO, portfolioOf, type StrategyOfPortfolio } from "./portfolio/portfolio.ts";
import type { RoundFailure, RoundOptions, RoundResult } from "./round.ts";

/** A round that has drawn some of its schedules. */
export class OneRound {
  /** Schedules that were drawn. */
  drawn = 0;
  #steps = 0;
  #cut = 0;
  #cutFair = 0;
  readonly #options: RoundOptions;
  readonly #space: Space;
  readonly #walk: Walk;
  readonly #coverage: Coverage;
  readonly #parents: Parents = new Parents(MARKS.length);
  readonly #budget: Budget = new Budget(PORTFOLIO.length);
  readonly #pickers: readonly Picker[];
  readonly #shares = PORTFOLIO.map(() => ({ schedules: 0, hits: 0 }));
  readonly #failures = new Map<string, RoundFailure>();

  /** @param rules Those that strategies aim at. */
  constructor(space: Space, rules: readonly Rule[], options: RoundOptions) {
    this.#options = options;
    this.#space = space;
    this.#walk = new Walk(space);
    this.#coverage = new Coverage(space, MARKS.length);
    this.#pickers = portfolioOf({
      space,
      marks: MARKS,
      rules,
      coverage: this.#coverage,
      parents: this.#parents,
      length: () => Math.max(1, Math.ceil(this.#steps / Math.max(1, this.drawn))),
    });
  }

  /** Draws one schedule more. */
  draw(): void {
    const random = createGenerator(this.#options.seed, this.drawn, this.#options.round);
    const strategy = this.#budget.next(random);
    this.#follow(strategy, random);
    this.#account(strategy, random);
    this.drawn += 1;
  }

  /** What has become of it. */
  result(): RoundResult {
    return {
      round: this.#options.round,
      schedules: this.drawn,
      steps: this.#steps,
      cut: this.#cut,
      cutFair: this.#cutFair,
      shares: this.#shares,
      marks: [...this.#coverage.marks],
      failures: [...this.#failures.values()],
    };
  }

  /** One walk to its end, or until it is cut. */
  #follow(strategy: number, random: Generator): void {
    const [walk, coverage] = [this.#walk, this.#coverage];
    const picker = this.#pickers[strategy] as Picker;
    picker.begin(random);
    walk.begin();
    coverage.begin();
    while (walk.step(picker, coverage.look)) {
      if (walk.path.length < this.#options.maxSteps) continue;
      this.#cut += 1;
      if (isFair(strategy)) this.#cutFair += 1;
      return;
    }
  }

  #account(strategy: number, random: Generator): void {
    const { path, finding } = this.#walk;
    const share = this.#shares[strategy] as { schedules: number; hits: number };
    this.#steps += path.length;
    share.schedules += 1;
    this.#budget.found(strategy, this.#coverage.fresh > 0);
    this.#parents.offer(path, this.#coverage, random);
    if (finding === undefined) return;
    share.hits += 1;
    const { only, round } = this.#options;
    const isKnown = only === undefined ? this.#failures.has(finding.rule) : this.drawn !== only;
    if (isKnown) return;
    this.#failures.set(finding.rule, {
      ...finding,
      choices: this.#space.choices(path, false),
      round,
      schedule: this.drawn,
      strategy: PORTFOLIO[strategy] as StrategyOfPortfolio,
    });
  }
}
