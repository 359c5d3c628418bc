/**
 * Breadth-first search: visits every state, the nearest first, so the first failure is a shortest one.
 */
import type { Space, StepFinding } from "./space.ts";
import { createTupleTable } from "./tuple-table.ts";

/** What a search saw. */
export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** Steps to the farthest state. */
  readonly depth: number;
  readonly deadlocks: number;
  readonly failures: readonly { readonly path: readonly number[]; readonly finding: StepFinding }[];
}

/** Visits all states of a space, or until the first failure. */
export function breadthFirst(space: Space, stopAtFailure = true): SearchResult {
  const { width } = space;
  const seen = createTupleTable(width);
  let parents = new Int32Array(1024);
  let via = new Uint8Array(1024);
  const failures: { path: readonly number[]; finding: StepFinding }[] = [];
  seen.add(space.initial, 0);
  let transitions = 0;
  let deadlocks = 0;
  let depth = 0;
  let levelEnd = 1;
  const row = new Int32Array(width);
  const pathTo = (state: number): number[] => {
    const path: number[] = [];
    for (let at = state; at !== 0; at = parents[at] as number) path.push(via[at] as number);
    return path.reverse();
  };
  for (let state = 0; state < seen.size; state++) {
    if (state === levelEnd) {
      depth += 1;
      levelEnd = seen.size;
    }
    row.set(seen.tuples.subarray(state * width, (state + 1) * width));
    const { moved, waiting } = space.expand(row, 0, (next, task, findings) => {
      transitions += 1;
      const before = seen.size;
      const id = seen.add(next, 0);
      if (id === before) {
        if (id >= parents.length) {
          const longer = new Int32Array(parents.length * 2);
          longer.set(parents);
          parents = longer;
          const vias = new Uint8Array(via.length * 2);
          vias.set(via);
          via = vias;
        }
        parents[id] = state;
        via[id] = task;
      }
      for (const finding of findings) failures.push({ path: [...pathTo(state), task], finding });
    });
    if (moved === 0 && waiting > 0) deadlocks += 1;
    if (stopAtFailure && failures.length > 0) break;
  }
  return { states: seen.size, transitions, depth, deadlocks, failures };
}
