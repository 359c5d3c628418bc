/**
 * A page table as plain data: leaves of 64 entries, present only where something is mapped.
 *
 * A leaf is the unit of copying for the immutable engine and for checkpoints. An entry is a number:
 * 0 is absent, the rest is up to the owner of the table (a frame, or a device entry).
 */

/** Entries in a leaf. */
export const LEAF_PAGES = 64;

/** `leaves[page / 64][page % 64]`; an absent leaf is 64 absent entries. */
export interface PageTable {
  leaves: Record<string, number[]>;
}

/** A table that maps nothing. */
export function emptyPageTable(): PageTable {
  return { leaves: {} };
}

/** The entry of a page; 0 when absent. */
export function entryOf(table: PageTable, page: number): number {
  const leaf = table.leaves[Math.floor(page / LEAF_PAGES)];
  return leaf === undefined ? 0 : (leaf[page % LEAF_PAGES] as number);
}

/** Stores the entry of a page; 0 clears it, and a leaf without entries goes. */
export function setEntry(table: PageTable, page: number, entry: number): void {
  const index = Math.floor(page / LEAF_PAGES);
  let leaf = table.leaves[index];
  if (leaf === undefined) {
    if (entry === 0) return;
    leaf = new Array<number>(LEAF_PAGES).fill(0);
    table.leaves[index] = leaf;
    leaf[page % LEAF_PAGES] = entry;
    return;
  }
  leaf[page % LEAF_PAGES] = entry;
  if (entry === 0 && leaf.every((value) => value === 0)) delete table.leaves[index];
}

/**
 * Calls `visit` for each present entry of the pages `[start, endExclusive)` in ascending order
 * until it answers true; says whether it did.
 */
export function someEntry(
  table: PageTable,
  start: number,
  endExclusive: number,
  visit: (page: number, entry: number) => boolean,
): boolean {
  for (const index of leafIndexes(table, start, endExclusive)) {
    const leaf = table.leaves[index] as number[];
    const base = index * LEAF_PAGES;
    const from = Math.max(start - base, 0);
    const to = Math.min(endExclusive - base, LEAF_PAGES);
    for (let slot = from; slot < to; slot++) {
      const entry = leaf[slot] as number;
      if (entry !== 0 && visit(base + slot, entry)) return true;
    }
  }
  return false;
}

/** Clears the pages `[start, endExclusive)` and returns those that were present, ascending. */
export function clearEntries(table: PageTable, start: number, endExclusive: number): number[] {
  const cleared: number[] = [];
  for (const index of leafIndexes(table, start, endExclusive)) {
    const leaf = table.leaves[index] as number[];
    const base = index * LEAF_PAGES;
    const from = Math.max(start - base, 0);
    const to = Math.min(endExclusive - base, LEAF_PAGES);
    for (let slot = from; slot < to; slot++) {
      if (leaf[slot] !== 0) cleared.push(base + slot);
      leaf[slot] = 0;
    }
    if (leaf.every((value) => value === 0)) delete table.leaves[index];
  }
  return cleared;
}

/** Indexes of the existing leaves that intersect the pages, ascending. */
function leafIndexes(table: PageTable, start: number, endExclusive: number): number[] {
  if (endExclusive <= start) return [];
  const first = Math.floor(start / LEAF_PAGES);
  const last = Math.floor((endExclusive - 1) / LEAF_PAGES);
  if (last - first < 16) {
    const near: number[] = [];
    for (let index = first; index <= last; index++) {
      if (table.leaves[index] !== undefined) near.push(index);
    }
    return near;
  }
  return Object.keys(table.leaves)
    .map(Number)
    .filter((index) => index >= first && index <= last)
    .sort((a, b) => a - b);
}
