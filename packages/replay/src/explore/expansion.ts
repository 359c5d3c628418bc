/**
 * The expansion of one state: all its successors, and what is wrong with it.
 */
import type { BoundName, Search, SearchResult } from "./search.ts";
import { MOVES, type Space, WAITS } from "./space.ts";
import type { StepFinding } from "./step-memory.ts";
import { stuckFinding } from "./stuck.ts";

/** Takes a successor; the row is valid during the call only. */
export type OnNext = (next: Int32Array, move: number, from: readonly number[] | undefined) => void;

/** Expands one state after the other, and counts. */
export class Expansion {
  readonly space: Space;
  transitions = 0;
  deadlocks = 0;
  /** What was wrong first, and the move of the expanded state that showed it, if it was one. */
  failure: { readonly last: readonly number[]; readonly finding: StepFinding } | undefined;
  readonly #search: Search;
  readonly #merging: boolean;
  readonly #next: Int32Array;

  constructor(search: Search) {
    this.space = search.space;
    this.#search = search;
    this.#merging = search.symmetry && search.space.merge.possible;
    this.#next = new Int32Array(search.space.width);
  }

  /** The first state. */
  first(): Int32Array {
    const row = this.space.initial.slice();
    if (this.#merging) this.space.merge.apply(row);
    return row;
  }

  /** Gives the successors of a row. */
  expand(row: Int32Array, onNext: OnNext): void {
    const { space } = this;
    const next = this.#next;
    const moves = space.moves.length;
    let moving = 0;
    let waiting = 0;
    for (let move = 0; move < moves; move++) {
      const tried = space.step(row, move, next);
      if (tried === MOVES) {
        moving += 1;
        onNext(next, move, this.#merging ? space.merge.apply(next) : undefined);
      } else if (tried === WAITS) waiting += 1;
      const [finding] = space.findings;
      if (finding !== undefined) this.#fail(tried === MOVES ? [move] : [], finding);
    }
    this.transitions += moving;
    if (moving === 0 && waiting > 0) this.#failStuck(row);
  }

  /** Whether something is wrong with a state as it stands: nobody moves, or one waits who must not. */
  standsWrong(row: Int32Array): boolean {
    const { space } = this;
    let [moving, waiting] = [false, false];
    for (let move = 0; move < space.moves.length; move++) {
      const tried = space.step(row, move, this.#next);
      if (tried === MOVES) {
        moving = true;
        continue;
      }
      waiting ||= tried === WAITS;
      const [finding] = space.findings;
      if (finding === undefined) continue;
      this.#fail([], finding);
      return true;
    }
    if (moving || !waiting) return false;
    this.#failStuck(row);
    return true;
  }

  #failStuck(row: Int32Array): void {
    this.deadlocks += 1;
    if (this.failure?.last.length !== 0) this.#fail([], stuckFinding(this.space, row));
  }

  /** Of two failures the one that is met a step earlier, of equal ones the first. */
  #fail(last: readonly number[], finding: StepFinding): void {
    if (this.failure !== undefined && this.failure.last.length <= last.length) return;
    this.failure = { last, finding };
  }

  /** Why to stop before the next state, if so. */
  interrupted(): BoundName | undefined {
    return this.#search.stopped?.() === true ? "interrupted" : undefined;
  }

  /** What the search saw; `path` leads to the state that was expanded last. */
  result({ states, depth, bound, path, shortest = false }: Ending): SearchResult {
    const { transitions, deadlocks, failure } = this;
    const failures =
      failure === undefined
        ? []
        : [{ path: [...path(), ...failure.last], finding: failure.finding, shortest }];
    return {
      states,
      transitions,
      depth,
      deadlocks,
      failures,
      ...(bound === undefined ? {} : { bound }),
    };
  }
}

interface Ending {
  readonly states: number;
  readonly depth: number;
  readonly bound: BoundName | undefined;
  readonly path: () => number[];
  /** No shorter path fails; absent: that is not known. */
  readonly shortest?: boolean;
}
