/**
 * Tuples of small integers, each stored once and named by its place: the store of a search.
 *
 * Open addressing over typed arrays; a tuple costs its own numbers and about six bytes. A JavaScript
 * Set would hold at most 2^24 entries, each many times as large.
 */
import { assert } from "@mmreplay/events";

/** A table of tuples of one width. */
export interface TupleTable {
  readonly width: number;
  /** Tuples in the table. */
  readonly size: number;
  /** The tuples one after the other. May be another array after `add`. */
  readonly tuples: Int32Array;
  /** The place of `from[at, at + width)`, which is added if it is new: then the size grows. */
  add(from: Int32Array, at: number): number;
}

const FIRST_CAPACITY = 1024;

/** An empty table of tuples of this width. */
export function createTupleTable(width: number): TupleTable {
  let capacity = FIRST_CAPACITY;
  let tuples = new Int32Array(capacity * width);
  let slots = new Int32Array(capacity * 2).fill(-1);
  let mask = slots.length - 1;
  let size = 0;

  function grow(): void {
    capacity *= 2;
    const wider = new Int32Array(capacity * width);
    wider.set(tuples);
    tuples = wider;
    slots = new Int32Array(capacity * 2).fill(-1);
    mask = slots.length - 1;
    for (let id = 0; id < size; id++) {
      let slot = hashOf(tuples, id * width, width) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
  }

  function equal(id: number, from: Int32Array, at: number): boolean {
    const own = id * width;
    for (let i = 0; i < width; i++) if (tuples[own + i] !== from[at + i]) return false;
    return true;
  }

  return {
    width,
    get size() {
      return size;
    },
    get tuples() {
      return tuples;
    },
    add(from, at) {
      let slot = hashOf(from, at, width) & mask;
      for (;;) {
        const id = slots[slot] as number;
        if (id === -1) break;
        if (equal(id, from, at)) return id;
        slot = (slot + 1) & mask;
      }
      assert(size < 0x7fff_ffff, "a table holds less than 2^31 tuples");
      if (size === capacity) {
        grow();
        slot = hashOf(from, at, width) & mask;
        while (slots[slot] !== -1) slot = (slot + 1) & mask;
      }
      slots[slot] = size;
      tuples.set(from.subarray(at, at + width), size * width);
      size += 1;
      return size - 1;
    },
  };
}

function hashOf(from: Int32Array, at: number, width: number): number {
  let hash = 0x9e37_79b9;
  for (let i = 0; i < width; i++) {
    hash = Math.imul(hash ^ (from[at + i] as number), 0x85eb_ca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
