/**
 * Breadth-first search: visits every state, the nearest first, so the first failure is a shortest one.
 */
import { createRowSet } from "./row-set.ts";
import type { Space } from "./space.ts";
import type { StepFinding } from "./step-memory.ts";

/** What a search saw. */
export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** Steps to the farthest state. */
  readonly depth: number;
  readonly deadlocks: number;
  readonly failures: readonly { readonly path: readonly number[]; readonly finding: StepFinding }[];
}

const DEADLOCK: StepFinding = {
  rule: "deadlock",
  message: "No task can move, and not all have ended.",
};

/** How a search is run. */
export interface SearchOptions {
  /** Visits one of the states that differ by an exchange of like tasks. */
  readonly symmetry?: boolean;
  /** Goes on after a failure. */
  readonly all?: boolean;
}

/** Visits all states of a space, or until the first failure. */
export function breadthFirst(space: Space, options: SearchOptions = {}): SearchResult {
  const merging = options.symmetry === true && space.merge.possible;
  const seen = createRowSet(space.width);
  const queue = createQueue(space.width);
  const failures: { path: readonly number[]; finding: StepFinding }[] = [];
  const row = space.initial.slice();
  if (merging) space.merge.apply(row);
  seen.add(row);
  queue.push(row, 0, 0);
  let transitions = 0;
  let deadlocks = 0;
  let depth = 0;
  let levelEnd = 1;
  let state = 0;
  const onStep = (next: Int32Array, task: number, findings: readonly StepFinding[]): void => {
    transitions += 1;
    if (merging) space.merge.apply(next);
    if (seen.add(next)) queue.push(next, state, task);
    for (const finding of findings)
      failures.push({ path: [...queue.pathTo(state), task], finding });
  };
  for (; state < queue.size; state++) {
    if (state === levelEnd) {
      depth += 1;
      levelEnd = queue.size;
    }
    queue.read(state, row);
    const { moving, waiting } = space.expand(row, onStep);
    if (moving === 0 && waiting > 0) {
      deadlocks += 1;
      failures.push({ path: queue.pathTo(state), finding: DEADLOCK });
    }
    if (options.all !== true && failures.length > 0) break;
  }
  return { states: queue.size, transitions, depth, deadlocks, failures };
}

/** States in the order in which they were found, each with the way to it. */
interface Queue {
  readonly size: number;
  read(state: number, row: Int32Array): void;
  push(row: Int32Array, parent: number, task: number): void;
  pathTo(state: number): number[];
}

const CHUNK_BITS = 16;
const CHUNK = 1 << CHUNK_BITS;

function createQueue(width: number): Queue {
  const rows: Int32Array[] = [];
  const parents: Int32Array[] = [];
  const tasks: Uint8Array[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    read(state, row) {
      const chunk = rows[state >> CHUNK_BITS] as Int32Array;
      const at = (state & (CHUNK - 1)) * width;
      for (let i = 0; i < width; i++) row[i] = chunk[at + i] as number;
    },
    push(row, parent, task) {
      const at = size & (CHUNK - 1);
      if (at === 0) {
        rows.push(new Int32Array(CHUNK * width));
        parents.push(new Int32Array(CHUNK));
        tasks.push(new Uint8Array(CHUNK));
      }
      const chunk = size >> CHUNK_BITS;
      const words = rows[chunk] as Int32Array;
      for (let i = 0; i < width; i++) words[at * width + i] = row[i] as number;
      (parents[chunk] as Int32Array)[at] = parent;
      (tasks[chunk] as Uint8Array)[at] = task;
      size += 1;
    },
    pathTo(state) {
      const path: number[] = [];
      for (let at = state; at !== 0; ) {
        const chunk = at >> CHUNK_BITS;
        path.push((tasks[chunk] as Uint8Array)[at & (CHUNK - 1)] as number);
        at = (parents[chunk] as Int32Array)[at & (CHUNK - 1)] as number;
      }
      return path.reverse();
    },
  };
}
