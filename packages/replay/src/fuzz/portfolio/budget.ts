/**
 * Which strategy draws the next schedule: half of them go round, half go where something new was found.
 *
 * New steps are a sign and not the aim: a strategy that finds nothing new may be the only one that finds a bug
 * (the peers' ninth is found by priorities and never by a walk in which all are alike). So nobody gets
 * less than its part of the half that goes round.
 */
import type { Generator } from "../../explore/generator.ts";

/** After so many schedules what was found before counts half. */
const HALF_LIFE = 256;

/** Shares schedules among so many strategies. */
export class Budget {
  readonly #yields: number[];
  readonly #spent: number[];
  #schedules = 0;

  constructor(strategies: number) {
    this.#yields = Array.from({ length: strategies }, () => 0);
    this.#spent = Array.from({ length: strategies }, () => 0);
  }

  /** The strategy of the next schedule. */
  next(random: Generator): number {
    const turn = this.#schedules++;
    const { length } = this.#yields;
    if (turn % 2 === 0) return (turn / 2) % length;
    const rates = this.#yields.map((found, i) => (found + 1) / ((this.#spent[i] as number) + 1));
    const all = rates.reduce((sum, rate) => sum + rate, 0);
    let left = (random.below(1 << 30) / (1 << 30)) * all;
    const chosen = rates.findIndex((rate) => {
      left -= rate;
      return left < 0;
    });
    return Math.max(chosen, 0);
  }

  /** Whether a schedule of this strategy found something new. */
  found(strategy: number, isNew: boolean): void {
    this.#yields[strategy] = (this.#yields[strategy] as number) + Number(isNew);
    this.#spent[strategy] = (this.#spent[strategy] as number) + 1;
    if (this.#schedules % HALF_LIFE !== 0) return;
    for (const i of this.#yields.keys()) {
      this.#yields[i] = (this.#yields[i] as number) / 2;
      this.#spent[i] = (this.#spent[i] as number) / 2;
    }
  }
}
