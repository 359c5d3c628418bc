/**
 * A forked address space: the parent's mappings, and the parent's frames where they are copied.
 *
 * Kernel counterparts: dup_mmap (kernel/fork.c), copy_page_range (mm/memory.c). The child has no notifiers
 * of its own; those of the parent stay with the parent.
 */
import type { EventOf, MmId } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { entryOf, setEntry } from "../state/page-table.ts";
import { mmOf, peekMm, type State } from "../state/state.ts";
import { setEntries } from "./lifetime.ts";

/** Whether fork has made this address space; until then it is one that was never named. */
export function isForked(state: State, mm: MmId): boolean {
  return peekMm(state, mm).parent !== undefined;
}

/** `dup_mmap`: both mmap locks are held until its return. */
export function dupMmap(state: State, event: EventOf<"dup_mmap">): void {
  const parent = mmOf(state, event.mm);
  legal(parent.mmapLock === null, "a fork under a held mmap lock", "a free lock");
  parent.mmapLock = event.task;
  const child = mmOf(state, event.child);
  const isNew = event.child !== event.mm && !isForked(state, event.child);
  legal(isNew && child.vmas.length === 0, `a second mm${event.child}`, "a new address space");
  child.parent = event.mm;
  child.mmapLock = event.task;
  child.vmas = parent.vmas.map((vma) => ({ ...vma }));
}

/** `copy_page_range`. */
export function copyPageRange(state: State, event: EventOf<"copy_page_range">): void {
  const [{ written }, child] = [mmOf(state, event.mm), mmOf(state, event.child)];
  setEntries(state, child, event.entries);
  for (const [page] of event.entries) setEntry(child.written, page, entryOf(written, page));
}

/** `dup_mmap_return`. */
export function dupMmapReturn(state: State, event: EventOf<"dup_mmap_return">): void {
  mmOf(state, event.mm).mmapLock = null;
  mmOf(state, event.child).mmapLock = null;
}
