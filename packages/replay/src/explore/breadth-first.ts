/**
 * Breadth-first search: visits every state, the nearest first.
 *
 * A state can fail as it stands (a deadlock), or by a move, which is one step more. So when a move of a
 * state fails the others at its distance are still looked at, and then no shorter run fails.
 */
import { Expansion } from "./expansion.ts";
import { createRowSet } from "./row-set.ts";
import {
  type BoundName,
  PAUSE_STATES,
  type Search,
  type Searching,
  type SearchResult,
} from "./search.ts";
import { createStateQueue, type StateQueue } from "./state-queue.ts";

/** Where a search stands that was cut: enough to go on as if it had not been. */
export interface Standing {
  readonly queue: StateQueue;
  /** The state to expand next. */
  readonly state: number;
  readonly depth: number;
  /** The first state of the next level. */
  readonly levelEnd: number;
  readonly transitions: number;
}

/** A search that has come to its end or was cut. */
export interface Stopped {
  readonly result: SearchResult;
  readonly standing: Standing;
}

/** Visits all states of a space, or those up to the first failure. */
export function* breadthFirst(search: Search): Searching {
  return (yield* breadthFirstFrom(search, startOf(search))).result;
}

/** Where a search begins. */
export function startOf({ space, symmetry }: Search): Standing {
  const queue = createStateQueue(space.width);
  const row = space.initial.slice();
  if (symmetry) space.merge.apply(row);
  queue.push(row, 0, 0);
  return { queue, state: 0, depth: 0, levelEnd: 1, transitions: 0 };
}

/** Goes on with a search, and says where it stands if it is cut. */
export function* breadthFirstFrom(search: Search, from: Standing): Searching<Stopped> {
  const { space, bounds } = search;
  const { queue } = from;
  const expansion = new Expansion(search);
  const seen = createRowSet(space.width);
  const row = new Int32Array(space.width);
  for (let known = 0; known < queue.size; known++) {
    queue.read(known, row);
    seen.add(row);
  }
  let { state, depth, levelEnd } = from;
  let whole = from.transitions;
  let bound: BoundName | undefined;
  const onNext = (next: Int32Array, move: number): void => {
    if (bound !== undefined || !seen.add(next)) return;
    if (queue.size < bounds.maxStates) queue.push(next, state, move);
    else bound = "max-states";
  };
  expansion.transitions = whole;
  for (; state < queue.size; state++) {
    if (state === levelEnd) {
      depth += 1;
      levelEnd = queue.size;
    }
    if (state % PAUSE_STATES === 0) {
      yield;
      bound = expansion.interrupted();
      if (bound !== undefined) break;
    }
    queue.read(state, row);
    expansion.expand(row, onNext);
    if (bound !== undefined || expansion.failure !== undefined || space.broken) break;
    whole = expansion.transitions;
  }
  // A state that was not expanded to the end is expanded again.
  const standing = { queue, state, depth, levelEnd, transitions: whole };
  const nearest = yield* nearestFailure(expansion, standing);
  const ending = { states: queue.size, depth, path: () => queue.pathTo(nearest.state) };
  const result = expansion.result({ ...ending, ...nearest, bound: nearest.bound ?? bound });
  return { result, standing };
}

interface Nearest {
  readonly state: number;
  readonly shortest: boolean;
  readonly bound?: BoundName;
}

/** Where the nearest failure is, once a state has failed: itself, or one at its distance that stands wrong. */
function* nearestFailure(
  expansion: Expansion,
  { queue, state, levelEnd }: Standing,
): Searching<Nearest> {
  const { failure, space } = expansion;
  if (failure?.last.length === 0) return { state, shortest: !space.reduces };
  // With eager steps a path has no length, and what fails is searched again.
  if (failure === undefined || space.reduces) return { state, shortest: false };
  const row = new Int32Array(space.width);
  for (let other = state + 1; other < levelEnd; other++) {
    if (other % PAUSE_STATES === 0) {
      yield;
      const bound = expansion.interrupted();
      if (bound !== undefined) return { state, shortest: false, bound };
    }
    queue.read(other, row);
    if (expansion.standsWrong(row)) return { state: other, shortest: true };
  }
  return { state, shortest: true };
}
