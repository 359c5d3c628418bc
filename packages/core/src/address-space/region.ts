/**
 * One open invalidation (struct mmu_notifier_range between its start and its end).
 *
 * Regions nest and overlap, also within one thread, and need not end in the reverse order.
 */
import type {
  Address,
  InvalidationEvent,
  NotifierId,
  RegionId,
  Seq,
  TaskId,
} from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import type { State } from "../state/state.ts";
import type { AddressSpace } from "./address-space.ts";

/** One open invalidation. */
export interface Region {
  id: RegionId;
  task: TaskId;
  start: Address;
  /** Inclusive: `end - 1`, which is what the tree is searched with. */
  last: Address;
  /** Exclusive. */
  end: Address;
  event: InvalidationEvent;
  /** Null: a recording does not tell. */
  blockable: boolean | null;
  /** Who asked for a MIGRATE or EXCLUSIVE region; null: nobody. */
  owner: number | null;
  /** cur_seq: what the region's callbacks are given; null without an interval part. */
  seq: Seq | null;
  /** It counts in active_invalidate_ranges. */
  counted: boolean;
  /** The notifier that is called next, or null. */
  next: NotifierId | null;
  phase: "starting" | "open" | "ending";
}

/** The open region of an id. Most lookups are of the newest ones, so the search begins there. */
export function regionOf(mm: AddressSpace, id: RegionId): Region {
  const region = mm.regions[id];
  legal(region !== undefined, `region${id}, which is not open`, "an open region");
  return region;
}

/** Whether any region of an address space is open. */
export function hasOpenRegion(mm: AddressSpace): boolean {
  for (const _ in mm.regions) return true;
  return false;
}

/** The open region of an id, if it is open. */
export function openRegion(mm: AddressSpace, id: RegionId): Region | undefined {
  return mm.regions[id];
}

/**
 * The region whose start or end a task is calling. Two address spaces may have regions of one id; then it is
 * the one that the task has opened itself.
 */
export function regionCalledBy({ tasks, mms }: State, task: TaskId): Region | undefined {
  const called = tasks[task]?.region;
  if (called == null) return undefined;
  let opened: Region | undefined;
  for (const { regions } of mms) {
    const region = regions[called];
    if (region?.task === task) return region;
    opened ??= region;
  }
  return opened;
}
