/**
 * What a CPU page table entry says: which frame, and what the CPU may do with it.
 *
 * An entry is a number, 0 where nothing is present. A present and writable one is the number of its
 * frame alone, so scenarios that only tell frames apart need no more.
 */

/**
 * Kinds of entries that are not absent. A swap entry names the frame whose content was written out: its
 * number stands for the place in the swap area. A migration entry names the frame that is being copied.
 */
export type EntryKind = "writable" | "read_only" | "protnone" | "swap" | "migration";

const KINDS: readonly EntryKind[] = ["writable", "read_only", "protnone", "swap", "migration"];

/** Frames have numbers below this. */
const FRAME_SPAN = 2 ** 32;

/** The entry of a frame. */
export function cpuEntry(kind: EntryKind, frame: number): number {
  return KINDS.indexOf(kind) * FRAME_SPAN + frame;
}

/** The frame that an entry names; 0 for an absent one. */
export function frameOfCpu(entry: number): number {
  return entry % FRAME_SPAN;
}

/** What kind an entry is; undefined for an absent one. */
export function kindOf(entry: number): EntryKind | undefined {
  return entry === 0 ? undefined : KINDS[Math.floor(entry / FRAME_SPAN)];
}

/** Whether the CPU can read, or write, through an entry without a fault. */
export function allows(entry: number, write: boolean): boolean {
  const kind = kindOf(entry);
  return kind === "writable" || (kind === "read_only" && !write);
}
