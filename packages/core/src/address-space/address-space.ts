/**
 * One address space: its reference counts, its lock, its page table, its open invalidations.
 *
 * All users together hold one reference on the structure (mm_count); each interval notifier and
 * each plain notifier holds one more, so the subscriptions outlive the last user. Kernel
 * counterparts: struct mm_struct, exit_mmap (mm/mmap.c), __mmdrop (kernel/fork.c).
 */
import type { EventOf, PageEntry, TaskId } from "@mmreplay/events";
import { newSubscriptions, type Subscriptions } from "../interval-notifiers/subscriptions.ts";
import { legal } from "../state/legal.ts";
import { emptyPageTable, type PageTable, setEntry } from "../state/page-table.ts";
import { mmOf, type State, taskOf } from "../state/state.ts";
import { type Region, regionOf } from "./region.ts";

/** One address space. */
export interface AddressSpace {
  /** mm_users. */
  users: number;
  /** mm_count. */
  count: number;
  /** The last user has left and the address space is empty; no region begins any more. */
  dead: boolean;
  /** Holder of the mmap lock. */
  mmapLock: TaskId | null;
  /** null before the first registration and after the structure is freed. */
  subs: Subscriptions | null;
  regions: Region[];
  /** Calls over the plain list without a region that are in progress. */
  plainCalls: number;
  /** Frame of each page; frames count up from 1 and never repeat. */
  cpu: PageTable;
  nextFrame: number;
}

/** An address space as fork or exec leaves it. */
export function emptyAddressSpace(): AddressSpace {
  return {
    users: 1,
    count: 1,
    dead: false,
    mmapLock: null,
    subs: null,
    regions: [],
    plainCalls: 0,
    cpu: emptyPageTable(),
    nextFrame: 1,
  };
}

/** The structure is freed: nobody holds a reference. */
export function isFreed(mm: AddressSpace): boolean {
  return mm.count === 0;
}

/** Regions and list calls that keep a registration (all mm locks) and the exit from going on. */
export function openSections(mm: AddressSpace): number {
  return mm.regions.filter((region) => region.event !== "RELEASE").length + mm.plainCalls;
}

/** mm_count - 1; the last one destroys the subscriptions. */
export function dropCount(mm: AddressSpace): void {
  legal(mm.count > 0, "a dropped reference on a freed mm", "a reference");
  mm.count -= 1;
  if (mm.count === 0) mm.subs = null;
}

/** The subscriptions, made where they are absent. */
export function ensureSubscriptions(mm: AddressSpace): Subscriptions {
  mm.subs ??= newSubscriptions();
  return mm.subs;
}

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
  mm.mmapLock = event.task;
}

/** `mmap_unlock`. */
export function mmapUnlock(state: State, event: EventOf<"mmap_unlock">): void {
  mmOf(state, event.mm).mmapLock = null;
}

function setFrames(mm: AddressSpace, entries: readonly PageEntry[]): void {
  for (const [page, frame] of entries) {
    setEntry(mm.cpu, page, frame);
    if (frame >= mm.nextFrame) mm.nextFrame = frame + 1;
  }
}

/** `cpu_pte_change`. */
export function cpuPteChange(state: State, event: EventOf<"cpu_pte_change">): void {
  setFrames(mmOf(state, event.mm), event.entries);
}

/** `handle_mm_fault`. */
export function handleMmFault(state: State, event: EventOf<"handle_mm_fault">): void {
  setFrames(mmOf(state, event.mm), event.entries);
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

/** `mmu_notifier_invalidate_range_start_return`: open, or refused and gone. */
export function rangeStartReturn(
  state: State,
  event: EventOf<"mmu_notifier_invalidate_range_start_return">,
): void {
  const mm = mmOf(state, event.mm);
  const region = regionOf(mm, event.region);
  region.phase = "open";
  region.next = null;
  if (event.rc !== 0) mm.regions.splice(mm.regions.indexOf(region), 1);
  taskOf(state, event.task).region = null;
}

/** `mmu_notifier_invalidate_range_end`: the caller is done with the page table. */
export function rangeEnd(state: State, event: EventOf<"mmu_notifier_invalidate_range_end">): void {
  regionOf(mmOf(state, event.mm), event.region).phase = "ending";
  taskOf(state, event.task).region = event.region;
}

/** `mmu_notifier_invalidate_range_end_return`: the region is over. */
export function rangeEndReturn(
  state: State,
  event: EventOf<"mmu_notifier_invalidate_range_end_return">,
): void {
  const mm = mmOf(state, event.mm);
  mm.regions.splice(mm.regions.indexOf(regionOf(mm, event.region)), 1);
  taskOf(state, event.task).region = null;
}
