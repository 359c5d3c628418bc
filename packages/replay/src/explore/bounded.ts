/**
 * Bounded preemptions: every run in which at most so many times a task is left that could go on.
 *
 * Most bugs need few preemptions (Musuvathi, Qadeer 2007). A state is here a state of the scenario with
 * the task that moved last and the preemptions so far.
 */
import { Expansion } from "./expansion.ts";
import { createRowSet } from "./row-set.ts";
import { type BoundName, PAUSE_STATES, type Search, type Searching } from "./search.ts";
import { MOVES } from "./space.ts";
import { createStateQueue } from "./state-queue.ts";

/** Nobody has moved yet. */
const NO_TASK = 0xff;

/** Visits, nearest first, all that can be reached within the bound, or up to the first failure. */
export function* boundedPreemptions(search: Search): Searching {
  const { space, bounds } = search;
  const { width } = space;
  const expansion = new Expansion(search);
  const seen = createRowSet(width + 1);
  const queue = createStateQueue(width + 1);
  const longer = new Int32Array(width + 1);
  const row = expansion.first();
  let bound: BoundName | undefined;
  let state = 0;
  let [last, preemptions, lastCanMove] = [NO_TASK, 0, false];
  const add = (next: Int32Array, task: number, count: number, move: number): void => {
    longer.set(next);
    longer[width] = task | (count << 8);
    if (!seen.add(longer)) return;
    if (queue.size < bounds.maxStates) queue.push(longer, state, move);
    else bound = "max-states";
  };
  const onNext = (next: Int32Array, move: number, from?: readonly number[]): void => {
    const index = space.moves[move]?.index as number;
    const count = preemptions + (lastCanMove && index !== last ? 1 : 0);
    if (count > bounds.maxPreemptions) bound ??= "max-preemptions";
    else add(next, from === undefined ? index : from.indexOf(index), count, move);
  };
  add(row, NO_TASK, 0, 0);
  let depth = 0;
  let levelEnd = 1;
  for (; state < queue.size; state++) {
    if (state === levelEnd) {
      depth += 1;
      levelEnd = queue.size;
    }
    if (state % PAUSE_STATES === 0) {
      yield;
      bound = expansion.interrupted() ?? bound;
    }
    if (bound === "interrupted" || bound === "max-states") break;
    queue.read(state, longer);
    row.set(longer.subarray(0, width));
    last = (longer[width] as number) & NO_TASK;
    preemptions = (longer[width] as number) >> 8;
    lastCanMove = canMove(search, row, last);
    expansion.expand(row, onNext);
    if (expansion.failure !== undefined) break;
  }
  return expansion.result({ states: queue.size, depth, bound, path: () => queue.pathTo(state) });
}

function canMove({ space }: Search, row: Int32Array, task: number): boolean {
  const next = new Int32Array(space.width);
  return space.moves.some(({ index }, move) => {
    return index === task && space.step(row, move, next) === MOVES;
  });
}
