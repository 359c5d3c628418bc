/**
 * States on the way, so that no seek begins at the first event.
 *
 * There are at most `CHECKPOINTS_MAX`: when one more would come, every second one goes and from then on they
 * come half as often. So memory is bounded, and a seek replays at most one part in 128 of the file.
 */
import type { State } from "@mmreplay/core";
import { copied } from "./copied.ts";

/** Checkpoints that are kept at most. */
export const CHECKPOINTS_MAX = 256;
/** Events between the first ones, where nothing else is asked for. */
const FIRST_DISTANCE = 1024;

/** A state after an event; it is not to be changed. */
export interface Checkpoint {
  /** Index of that event; -1: the beginning. */
  readonly index: number;
  readonly state: State;
}

/** The states that are kept. */
export class Checkpoints {
  #kept: Checkpoint[];
  #distance: number;

  /**
   * @param initial The state before the first event.
   * @param distance Events between the first checkpoints.
   */
  constructor(initial: State, distance: number = FIRST_DISTANCE) {
    this.#distance = distance;
    this.#kept = [{ index: -1, state: copied(initial) }];
  }

  /** Checkpoints there are. */
  get length(): number {
    return this.#kept.length;
  }

  /** Is told of every event; keeps a copy of the state after some. */
  passed(index: number, state: State): void {
    if ((index + 1) % this.#distance !== 0) return;
    if (this.#kept.length >= CHECKPOINTS_MAX) {
      this.#distance *= 2;
      this.#kept = this.#kept.filter((one) => (one.index + 1) % this.#distance === 0);
      if ((index + 1) % this.#distance !== 0) return;
    }
    this.#kept.push({ index, state: copied(state) });
  }

  /** The last one at or before an event. */
  before(index: number): Checkpoint {
    let [low, high] = [0, this.#kept.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#kept[middle] as Checkpoint).index <= index) low = middle;
      else high = middle - 1;
    }
    return this.#kept[low] as Checkpoint;
  }
}
