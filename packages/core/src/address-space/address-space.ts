/**
 * One address space: its reference counts, its lock, its page table, its open invalidations.
 *
 * All users together hold one reference on the structure (mm_count); each interval notifier and
 * each plain notifier holds one more, so the subscriptions outlive the last user. Kernel
 * counterparts: struct mm_struct, exit_mmap (mm/mmap.c), __mmdrop (kernel/fork.c).
 */
import type { MmId, RegionId, TaskId } from "@mmreplay/events";
import { newSubscriptions, type Subscriptions } from "../interval-notifiers/subscriptions.ts";
import type { Vma } from "../memory/vma.ts";
import { legal } from "../state/legal.ts";
import { emptyPageTable, type PageTable } from "../state/page-table.ts";
import type { Region } from "./region.ts";

/** One address space. */
export interface AddressSpace {
  /** mm_users. */
  users: number;
  /** mm_count. */
  count: number;
  /** The last user has left and the address space is empty; no region begins any more. */
  dead: boolean;
  /** Who holds the mmap lock for writing. */
  mmapLock: TaskId | null;
  /** Who holds it for reading, ascending. */
  mmapReaders: TaskId[];
  /** null before the first registration and after the structure is freed. */
  subs: Subscriptions | null;
  /** Open regions by their ids. */
  regions: Record<RegionId, Region>;
  /** Calls over the plain list without a region that are in progress. */
  plainCalls: number;
  /** The mappings, ascending; a scenario without memory has none. */
  vmas: Vma[];
  /** Entry of each page (memory/cpu-entry.ts); frames count up from 1 and never repeat. */
  cpu: PageTable;
  /** Old entries that the CPU still uses (memory/tlb.ts). */
  tlb: PageTable;
  /** What was written last to each page of private memory (memory/last-write.ts). */
  written: PageTable;
  nextFrame: number;
  /** The address space of which fork made it a copy; absent: it was not forked. */
  parent?: MmId;
}

/** An address space as fork or exec leaves it. */
export function emptyAddressSpace(): AddressSpace {
  return {
    users: 1,
    count: 1,
    dead: false,
    mmapLock: null,
    mmapReaders: [],
    subs: null,
    regions: {},
    plainCalls: 0,
    vmas: [],
    cpu: emptyPageTable(),
    tlb: emptyPageTable(),
    written: emptyPageTable(),
    nextFrame: 1,
  };
}

/** The structure is freed: nobody holds a reference. */
export function isFreed(mm: AddressSpace): boolean {
  return mm.count === 0;
}

/** Regions and list calls that keep a registration (all mm locks) and the exit from going on. */
export function openSections(mm: AddressSpace): number {
  let open = mm.plainCalls;
  for (const region of Object.values(mm.regions)) if (region.event !== "RELEASE") open += 1;
  return open;
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
