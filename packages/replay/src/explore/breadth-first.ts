/**
 * Breadth-first search: visits every state, the nearest first, so the first failure is a shortest one.
 */
import { Expansion } from "./expansion.ts";
import { createRowSet } from "./row-set.ts";
import type { BoundName, Search, SearchResult } from "./search.ts";
import { createStateQueue } from "./state-queue.ts";

/** Visits all states of a space, or those up to the first failure. */
export function breadthFirst(search: Search): SearchResult {
  const { space, bounds } = search;
  const expansion = new Expansion(search);
  const seen = createRowSet(space.width);
  const queue = createStateQueue(space.width);
  const row = expansion.first();
  let bound: BoundName | undefined;
  let depth = 0;
  let levelEnd = 1;
  let state = 0;
  const onNext = (next: Int32Array, move: number): void => {
    if (!seen.add(next)) return;
    if (queue.size < bounds.maxStates) queue.push(next, state, move);
    else bound = "max-states";
  };
  seen.add(row);
  queue.push(row, 0, 0);
  for (; state < queue.size; state++) {
    if (state === levelEnd) {
      depth += 1;
      levelEnd = queue.size;
    }
    bound = expansion.interrupted() ?? bound;
    if (bound !== undefined) break;
    queue.read(state, row);
    expansion.expand(row, onNext);
    if (expansion.failure !== undefined || space.broken) break;
  }
  return expansion.result({ states: queue.size, depth, bound, path: () => queue.pathTo(state) });
}
