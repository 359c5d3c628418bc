/**
 * Beginnings of schedules that led somewhere new, to go on from.
 *
 * A beginning ends with the step that was new, or that took a mark; whoever goes on from it is where a
 * schedule drawn from the first step on would seldom come. Of every mark a few are kept, by reservoir
 * sampling: all that took it are equally likely to be among them.
 */
import type { Generator } from "../../explore/generator.ts";
import type { Coverage } from "./coverage.ts";

/** Moves from the first state on. */
export type Beginning = readonly number[];

/** Beginnings that are kept of each mark. */
const MARKED_MAX = 8;

/** Beginnings that are kept of those that ended with a new step: the latest. */
const FRESH_MAX = 256;

/** What a round has kept of its schedules. */
export class Parents {
  readonly #fresh: Beginning[] = [];
  readonly #marked: Beginning[][];
  #next = 0;

  constructor(marks: number) {
    this.#marked = Array.from({ length: marks }, () => []);
  }

  /** Keeps what is worth it of a schedule. */
  offer(path: Beginning, { fresh, lastFresh, taken, marks }: Coverage, random: Generator): void {
    if (fresh > 0) {
      this.#fresh[this.#next] = path.slice(0, lastFresh);
      this.#next = (this.#next + 1) % FRESH_MAX;
    }
    for (const { mark, steps } of taken) {
      const kept = this.#marked[mark] as Beginning[];
      const place = kept.length < MARKED_MAX ? kept.length : random.below(marks[mark] as number);
      if (place < MARKED_MAX) kept[place] = path.slice(0, steps);
    }
  }

  /** One that ended with a new step; undefined: there is none. */
  fresh(random: Generator): Beginning | undefined {
    return this.#fresh[random.below(this.#fresh.length)];
  }

  /** One that took a mark. */
  marked(mark: number, random: Generator): Beginning | undefined {
    const kept = this.#marked[mark] as readonly Beginning[];
    return kept[random.below(kept.length)];
  }
}
