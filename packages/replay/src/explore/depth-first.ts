/**
 * Depth-first search: visits every state and goes on from the one that it found last.
 *
 * What it has still to visit is one path with its side branches, not a whole level; a failure that it
 * finds is rarely a shortest one.
 */
import { Expansion } from "./expansion.ts";
import { createRowSet } from "./row-set.ts";
import { type BoundName, PAUSE_STATES, type Search, type Searching } from "./search.ts";
import { createStateQueue } from "./state-queue.ts";

/** Visits all states of a space, or those up to the first failure. */
export function* depthFirst(search: Search): Searching {
  const { space, bounds } = search;
  const expansion = new Expansion(search);
  const seen = createRowSet(space.width);
  const queue = createStateQueue(space.width);
  const open: number[] = [0];
  const depths: number[] = [0];
  const row = expansion.first();
  let bound: BoundName | undefined;
  let depth = 0;
  let state = 0;
  let expanded = 0;
  const onNext = (next: Int32Array, move: number): void => {
    if (!seen.add(next)) return;
    if (queue.size >= bounds.maxStates) {
      bound = "max-states";
      return;
    }
    open.push(queue.size);
    depths.push((depths[state] as number) + 1);
    queue.push(next, state, move);
  };
  seen.add(row);
  queue.push(row, 0, 0);
  while (open.length > 0) {
    if (++expanded % PAUSE_STATES === 0) {
      yield;
      bound ??= expansion.interrupted();
    }
    if (bound !== undefined) break;
    state = open.pop() as number;
    depth = Math.max(depth, depths[state] as number);
    queue.read(state, row);
    expansion.expand(row, onNext);
    if (expansion.failure !== undefined || space.broken) break;
  }
  return expansion.result({ states: queue.size, depth, bound, path: () => queue.pathTo(state) });
}
