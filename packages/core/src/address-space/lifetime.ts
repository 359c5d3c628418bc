/**
 * What happens to an address space: its counts, its lock, its page table, its end.
 *
 * Kernel counterparts: mmget, mmput, mmdrop, handle_mm_fault (mm/memory.c), exit_mmap (mm/mmap.c).
 */
import type { EventOf, PageEntry } from "@mmreplay/events";
import { frameOfCpu, isPresent } from "../memory/cpu-entry.ts";
import { mapInstead } from "../memory/frame.ts";
import { followEntry } from "../memory/last-write.ts";
import { keepTranslation } from "../memory/tlb.ts";
import { legal } from "../state/legal.ts";
import { clearEntries, entryOf, setEntry, someEntry } from "../state/page-table.ts";
import { mmOf, type State } from "../state/state.ts";
import { type AddressSpace, dropCount, emptyAddressSpace } from "./address-space.ts";

/** `mm_create`. */
export function mmCreate(state: State, event: EventOf<"mm_create">): void {
  mmOf(state, event.mm);
  state.mms[event.mm] = emptyAddressSpace();
}

/** `mmget`. */
export function mmget(state: State, event: EventOf<"mmget">): void {
  mmOf(state, event.mm).users += 1;
}

/** `mmput`. */
export function mmput(state: State, event: EventOf<"mmput">): void {
  const mm = mmOf(state, event.mm);
  legal(mm.users > 0, "a dropped user of an mm without users", "a user");
  mm.users -= 1;
}

/** `mmdrop`. */
export function mmdrop(state: State, event: EventOf<"mmdrop">): void {
  dropCount(mmOf(state, event.mm));
}

/** `mmap_lock`. */
export function mmapLock(state: State, event: EventOf<"mmap_lock">): void {
  const mm = mmOf(state, event.mm);
  legal(mm.mmapLock === null, "a second holder of the mmap lock", "a free lock");
  if (event.shared === true) {
    // Sorted: who came first matters to nobody, and states that differ by that alone would be two.
    mm.mmapReaders = [...mm.mmapReaders, event.task].sort((a, b) => a - b);
    return;
  }
  legal(mm.mmapReaders.length === 0, "a writer beside readers of the mmap lock", "a free lock");
  mm.mmapLock = event.task;
}

/** `mmap_unlock`. */
export function mmapUnlock(state: State, event: EventOf<"mmap_unlock">): void {
  const mm = mmOf(state, event.mm);
  if (mm.mmapLock === event.task) mm.mmapLock = null;
  else mm.mmapReaders = mm.mmapReaders.filter((reader) => reader !== event.task);
}

/** Stores CPU entries, and counts what they map. */
export function setEntries(
  state: State,
  mm: AddressSpace,
  entries: readonly PageEntry[],
  discards = false,
): void {
  for (const [page, entry] of entries) {
    if (state.frames.length > 0) followEntry(state, mm, [page, entry], discards);
    mapInstead(state, entryOf(mm.cpu, page), entry);
    setEntry(mm.cpu, page, entry);
    const frame = frameOfCpu(entry);
    if (frame >= mm.nextFrame) mm.nextFrame = frame + 1;
  }
}

/** `cpu_pte_change`. */
export function cpuPteChange(state: State, event: EventOf<"cpu_pte_change">): void {
  const mm = mmOf(state, event.mm);
  if (event.noFlush === true) for (const [page] of event.entries) keepTranslation(mm, page);
  setEntries(state, mm, event.entries, event.discards);
}

/** `move_page_tables`. */
export function movePageTables(state: State, event: EventOf<"move_page_tables">): void {
  const mm = mmOf(state, event.mm);
  const by = event.to - event.startPage;
  someEntry(mm.cpu, event.startPage, event.endPageExclusive, (page, entry) => {
    if (event.noFlush === true) keepTranslation(mm, page);
    setEntry(mm.cpu, page + by, entry);
    setEntry(mm.written, page + by, entryOf(mm.written, page));
    return false;
  });
  clearEntries(mm.cpu, event.startPage, event.endPageExclusive);
  clearEntries(mm.written, event.startPage, event.endPageExclusive);
}

/** `madvise_free_pte_range`: a page that somebody else maps, too, stays as it is. */
export function madviseFree(state: State, event: EventOf<"madvise_free_pte_range">): void {
  const { cpu } = mmOf(state, event.mm);
  someEntry(cpu, event.startPage, event.endPageExclusive, (_, entry) => {
    const frame = state.frames[frameOfCpu(entry)];
    if (frame?.maps === 1 && frame.pins === 0 && isPresent(entry)) frame.lazyFree = true;
    return false;
  });
}

/** `handle_mm_fault`. */
export function handleMmFault(state: State, event: EventOf<"handle_mm_fault">): void {
  setEntries(state, mmOf(state, event.mm), event.entries);
}

/** `exit_mmap`: the last user leaves. */
export function exitMmap(state: State, event: EventOf<"exit_mmap">): void {
  const mm = mmOf(state, event.mm);
  legal(mm.users === 1, `the exit of an mm with ${mm.users} users`, "one user");
  mm.users = 0;
}

/** `exit_mmap_return`. */
export function exitMmapReturn(state: State, event: EventOf<"exit_mmap_return">): void {
  const mm = mmOf(state, event.mm);
  mm.dead = true;
  dropCount(mm);
}

/**
 * `mmu_notifier_subscriptions_destroy`: a recording shows that the structure went. Its address, and
 * so its id, may be used again for another mm.
 */
export function subscriptionsDestroy(
  state: State,
  event: EventOf<"mmu_notifier_subscriptions_destroy">,
): void {
  mmOf(state, event.mm);
  state.mms[event.mm] = emptyAddressSpace();
}
