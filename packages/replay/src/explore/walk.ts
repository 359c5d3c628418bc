/**
 * One schedule after the other, each from the first state to an end, a failure or a bound.
 */
import { createGenerator, type Generator } from "./generator.ts";
import type { BoundName, Failure, Search, Searching } from "./search.ts";
import { MOVES, NOTHING, type Space, WAITS } from "./space.ts";
import type { StepFinding } from "./step-memory.ts";
import { stuckFinding } from "./stuck.ts";

/** How often a search pauses: once in so many schedules. */
const PAUSE_RUNS = 256;

/** No task can move. */
export const NO_MOVE = -1;

/** How the moves of a schedule are chosen. */
export interface Picker {
  /** A schedule begins. */
  begin(generator: Generator): void;
  /** The move of a step, which has been tried last, or NO_MOVE. */
  pick(step: number, walk: Walk): number;
}

/** Who looks at each move that is made, from the row before it. */
export type Onlooker = (row: Int32Array, move: number) => void;

/** A schedule in progress. */
export class Walk {
  readonly space: Space;
  readonly path: number[] = [];
  finding: StepFinding | undefined;
  #row: Int32Array;
  #next: Int32Array;
  #waiting = false;

  constructor(space: Space) {
    this.space = space;
    this.#row = space.initial.slice();
    this.#next = space.initial.slice();
  }

  begin(): void {
    this.#row.set(this.space.initial);
    this.path.length = 0;
    this.finding = undefined;
  }

  /** Whether a move can be made. */
  canMove(move: number): boolean {
    const tried = this.space.step(this.#row, move, this.#next);
    if (tried === WAITS) this.#waiting = true;
    if (tried !== MOVES && this.space.findings !== NOTHING) this.finding ??= this.space.findings[0];
    return tried === MOVES;
  }

  /** Makes the move that was tried last; whether the schedule goes on. */
  step(picker: Picker, onlooker?: Onlooker): boolean {
    this.#waiting = false;
    const move = picker.pick(this.path.length, this);
    if (this.finding !== undefined) return false;
    if (move === NO_MOVE) {
      if (this.#waiting) this.finding = stuckFinding(this.space, this.#row);
      return false;
    }
    this.path.push(move);
    onlooker?.(this.#row, move);
    this.finding = this.space.findings[0];
    [this.#row, this.#next] = [this.#next, this.#row];
    return this.finding === undefined;
  }
}

/** Draws schedules; the shortest that fails is kept, of equal ones the first. */
export function* drawn(search: Search, picker: Picker, seed: number): Searching {
  const { space, bounds, shard = { index: 0, of: 1 } } = search;
  const walk = new Walk(space);
  let bound: BoundName = "runs";
  let [runs, transitions, depth, deadlocks, hits] = [0, 0, 0, 0, 0];
  let best: Failure | undefined;
  for (let run = shard.index; run < bounds.runs; run += shard.of) {
    if (runs % PAUSE_RUNS === 0) {
      yield;
      if (search.stopped?.() === true) {
        bound = "interrupted";
        break;
      }
    }
    picker.begin(createGenerator(seed, run));
    walk.begin();
    while (walk.step(picker)) {
      if (walk.path.length < bounds.maxSteps) continue;
      bound = "max-steps";
      break;
    }
    const { path, finding } = walk;
    runs += 1;
    transitions += path.length;
    depth = Math.max(depth, path.length);
    if (finding === undefined) continue;
    hits += 1;
    if (finding.rule === "deadlock" || finding.rule === "lost-wake-up") deadlocks += 1;
    if (best === undefined || path.length < best.path.length) {
      best = { path: [...path], finding, run };
    }
  }
  const failures = best === undefined ? [] : [best];
  return { states: transitions + runs, transitions, depth, deadlocks, runs, hits, failures, bound };
}
