/**
 * A set of rows of 32-bit words: the states that a search has seen.
 *
 * Open addressing with the rows in the table itself, so that a look-up costs one access to memory. A
 * JavaScript Set would hold at most 2^24 entries, each many times as large.
 */
import { assert } from "@mmreplay/events";

/** A set of rows. */
export interface RowSet {
  readonly size: number;
  /** Whether the row was new; then it is in the set. */
  add(row: Int32Array): boolean;
}

/** The first word of an empty place; no row begins with it. */
const EMPTY = -1;
const FIRST_CAPACITY = 1 << 12;
/** Up to here a table grows fourfold, then twofold. */
const QUICK_CAPACITY = 1 << 20;

/** An empty set of rows of this many words, the first of which is not negative. */
export function createRowSet(width: number): RowSet {
  let capacity = FIRST_CAPACITY;
  let table = new Int32Array(capacity * width).fill(EMPTY);
  let size = 0;

  /** Whether the row was not there; then it is put there. */
  function put(row: Int32Array): boolean {
    let hash = 0;
    for (let i = 0; i < width; i++) {
      hash = Math.imul(hash ^ (row[i] as number), 0x9e37_79b1);
      hash ^= hash >>> 15;
    }
    const mask = capacity - 1;
    let slot = (Math.imul(hash, 0x85eb_ca6b) >>> 7) & mask;
    for (;;) {
      const at = slot * width;
      if (table[at] === EMPTY) {
        for (let i = 0; i < width; i++) table[at + i] = row[i] as number;
        return true;
      }
      let i = 0;
      while (i < width && table[at + i] === row[i]) i++;
      if (i === width) return false;
      slot = (slot + 1) & mask;
    }
  }

  function grow(): void {
    const old = table;
    capacity *= capacity < QUICK_CAPACITY ? 4 : 2;
    assert(capacity * width <= 2 ** 31, "a set of states fits a typed array");
    table = new Int32Array(capacity * width).fill(EMPTY);
    const row = new Int32Array(width);
    for (let at = 0; at < old.length; at += width) {
      if (old[at] === EMPTY) continue;
      for (let i = 0; i < width; i++) row[i] = old[at + i] as number;
      put(row);
    }
  }

  return {
    get size() {
      return size;
    },
    add(row) {
      if (size * 4 >= capacity * 3) grow();
      const added = put(row);
      if (added) size += 1;
      return added;
    },
  };
}
