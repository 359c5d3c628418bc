/**
 * The run-up to steps that are not at hand yet, in pieces.
 *
 * Whoever steps back comes to a moment before which no inverse patches are kept; they are made again from the
 * checkpoint before it, some thousand events away. All at once that would be one slow step among fast ones, so each
 * step back walks a piece of it, and the patches are there when they are needed.
 */
import { type Recipes, reduceInPlace, reduceWithPatches, type State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";

/** The way back over one event. */
export type WayBack = ReturnType<typeof reduceWithPatches>["inverse"];

/** A walk from a checkpoint to a moment, and from there the steps whose ways back are wanted. */
export class RunUp {
  readonly #eventAt: (index: number) => MmEvent;
  readonly #recipes: Recipes | undefined;
  readonly #state: State;
  readonly #from: number;
  readonly #piece: number;
  #index: number;

  /**
   * @param start The state of a checkpoint, given away, and its index.
   * @param from The moment from which ways back are wanted.
   * @param pieces In how many pieces the walk is made.
   */
  constructor(
    eventAt: (index: number) => MmEvent,
    recipes: Recipes | undefined,
    start: { readonly index: number; readonly state: State },
    from: number,
    pieces: number,
  ) {
    this.#eventAt = eventAt;
    this.#recipes = recipes;
    this.#state = start.state;
    this.#index = start.index;
    this.#from = from;
    this.#piece = Math.ceil((from - start.index) / pieces);
  }

  /** Walks one piece; whether the moment is reached. */
  advance(): boolean {
    for (let walked = 0; walked < this.#piece && this.#index < this.#from; walked += 1) {
      this.#index += 1;
      reduceInPlace(this.#state, this.#eventAt(this.#index), this.#recipes);
    }
    return this.#index === this.#from;
  }

  /** The ways back from the moment `to` to the one that was reached, the last step's last. */
  waysBack(to: number): WayBack[] {
    const ways: WayBack[] = [];
    let state = this.#state;
    for (let index = this.#from + 1; index <= to; index += 1) {
      const step = reduceWithPatches(state, this.#eventAt(index), this.#recipes);
      ways.push(step.inverse);
      state = step.state;
    }
    return ways;
  }
}
