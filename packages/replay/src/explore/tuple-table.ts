/**
 * Tuples of small integers, each stored once and named by its place: the same values, the same name.
 */

/** A table of tuples of one width. */
export interface TupleTable {
  readonly size: number;
  /** The number at `index` of a stored tuple. */
  at(tuple: number, index: number): number;
  /** The place of this tuple, which is added if it is new. */
  add(tuple: Int32Array): number;
}

const FIRST_CAPACITY = 256;

/** An empty table. */
export function createTupleTable(width: number): TupleTable {
  let capacity = FIRST_CAPACITY;
  let tuples = new Int32Array(capacity * width);
  let slots = new Int32Array(capacity * 2).fill(-1);
  let size = 0;

  function slotOf(tuple: Int32Array): number {
    const mask = slots.length - 1;
    let slot = hashOf(tuple, width) & mask;
    for (;;) {
      const id = slots[slot] as number;
      if (id < 0 || equal(id, tuple)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  function equal(id: number, tuple: Int32Array): boolean {
    for (let i = 0; i < width; i++) if (tuples[id * width + i] !== tuple[i]) return false;
    return true;
  }

  function grow(): void {
    capacity *= 4;
    const longer = new Int32Array(capacity * width);
    longer.set(tuples);
    tuples = longer;
    slots = new Int32Array(capacity * 2).fill(-1);
    const tuple = new Int32Array(width);
    for (let id = 0; id < size; id++) {
      for (let i = 0; i < width; i++) tuple[i] = tuples[id * width + i] as number;
      slots[slotOf(tuple)] = id;
    }
  }

  return {
    get size() {
      return size;
    },
    at: (tuple, index) => tuples[tuple * width + index] as number,
    add(tuple) {
      const known = slots[slotOf(tuple)] as number;
      if (known >= 0) return known;
      if (size === capacity) grow();
      slots[slotOf(tuple)] = size;
      for (let i = 0; i < width; i++) tuples[size * width + i] = tuple[i] as number;
      size += 1;
      return size - 1;
    },
  };
}

function hashOf(tuple: Int32Array, width: number): number {
  let hash = 0x9e37_79b9;
  for (let i = 0; i < width; i++) {
    hash = Math.imul(hash ^ (tuple[i] as number), 0x85eb_ca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
