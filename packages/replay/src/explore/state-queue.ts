/**
 * States in the order in which they were found, each with the way to it.
 */

/** A queue that keeps what was read, for the paths. */
export interface StateQueue {
  readonly size: number;
  read(state: number, row: Int32Array): void;
  push(row: Int32Array, parent: number, move: number): void;
  parent(state: number): number;
  move(state: number): number;
  /** The moves from state 0 to this one. */
  pathTo(state: number): number[];
}

const CHUNK_BITS = 16;
const CHUNK = 1 << CHUNK_BITS;

/** An empty queue of rows of this many words. */
export function createStateQueue(width: number): StateQueue {
  const rows: Int32Array[] = [];
  const parents: Int32Array[] = [];
  const moves: Uint8Array[] = [];
  let size = 0;
  const parentOf = (state: number): number =>
    (parents[state >> CHUNK_BITS] as Int32Array)[state & (CHUNK - 1)] as number;
  const moveOf = (state: number): number =>
    (moves[state >> CHUNK_BITS] as Uint8Array)[state & (CHUNK - 1)] as number;
  return {
    get size() {
      return size;
    },
    read(state, row) {
      const chunk = rows[state >> CHUNK_BITS] as Int32Array;
      const at = (state & (CHUNK - 1)) * width;
      for (let i = 0; i < width; i++) row[i] = chunk[at + i] as number;
    },
    push(row, parent, move) {
      const at = size & (CHUNK - 1);
      if (at === 0) {
        rows.push(new Int32Array(CHUNK * width));
        parents.push(new Int32Array(CHUNK));
        moves.push(new Uint8Array(CHUNK));
      }
      const chunk = size >> CHUNK_BITS;
      const words = rows[chunk] as Int32Array;
      for (let i = 0; i < width; i++) words[at * width + i] = row[i] as number;
      (parents[chunk] as Int32Array)[at] = parent;
      (moves[chunk] as Uint8Array)[at] = move;
      size += 1;
    },
    parent: parentOf,
    move: moveOf,
    pathTo(state) {
      const path: number[] = [];
      for (let at = state; at !== 0; at = parentOf(at)) path.push(moveOf(at));
      return path.reverse();
    },
  };
}
