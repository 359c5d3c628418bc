/**
 * A map from two small integers to one or two more: open addressing over one typed array, so that a
 * look-up costs one access to memory.
 */
import { assert } from "@mmreplay/events";

/** The answer of `find` for a pair that is not there; no stored number may be it. */
export const ABSENT = -1;

/** A map of pairs. Keys are not negative. */
export interface PairMap {
  readonly size: number;
  /** The first number of a pair, or ABSENT; `second` is the other until the next call. */
  find(a: number, b: number): number;
  readonly second: number;
  set(a: number, b: number, first: number, second: number): void;
}

const FIRST_CAPACITY = 1024;
/** Up to here a table grows fourfold, then twofold. */
const QUICK_CAPACITY = 1 << 21;
/** Entries of typed arrays and of 32-bit hashes. */
const CAPACITY_MAX = 1 << 30;

function hashOf(a: number, b: number): number {
  let hash = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b + 0x7f4a_7c15, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
  return hash ^ (hash >>> 13);
}

function grown(capacity: number): number {
  const next = capacity * (capacity < QUICK_CAPACITY ? 4 : 2);
  assert(next <= CAPACITY_MAX, "a table of a search holds less than 2^30 entries");
  return next;
}

/** An empty map. */
export function createPairMap(): PairMap {
  let capacity = FIRST_CAPACITY;
  let table = new Int32Array(capacity * 4).fill(ABSENT);
  let size = 0;
  let second = 0;

  function placeOf(a: number, b: number): number {
    let slot = hashOf(a, b) & (capacity - 1);
    for (;;) {
      const at = slot * 4;
      const key = table[at];
      if (key === ABSENT || (key === a && table[at + 1] === b)) return at;
      slot = (slot + 1) & (capacity - 1);
    }
  }

  function grow(): void {
    const old = table;
    capacity = grown(capacity);
    table = new Int32Array(capacity * 4).fill(ABSENT);
    for (let at = 0; at < old.length; at += 4) {
      if (old[at] === ABSENT) continue;
      const to = placeOf(old[at] as number, old[at + 1] as number);
      for (let field = 0; field < 4; field++) table[to + field] = old[at + field] as number;
    }
  }

  return {
    get size() {
      return size;
    },
    get second() {
      return second;
    },
    find(a, b) {
      const at = placeOf(a, b);
      if (table[at] === ABSENT) return ABSENT;
      second = table[at + 3] as number;
      return table[at + 2] as number;
    },
    set(a, b, first, other) {
      if (size * 2 >= capacity) grow();
      const at = placeOf(a, b);
      if (table[at] === ABSENT) size += 1;
      table[at] = a;
      table[at + 1] = b;
      table[at + 2] = first;
      table[at + 3] = other;
    },
  };
}
