/**
 * Calls whose return is another event, as slices of their tasks; a return adds its result.
 */
import type { MmEvent } from "@mmreplay/events";
import { argumentsOf } from "./chrome-record.ts";
import type { TaskSlices } from "./task-slices.ts";

/** Event types of calls, and the names of their slices. */
const CALLS: Readonly<Record<string, string>> = {
  hmm_range_fault: "hmm_range_fault",
  invalidate: "invalidate",
  mmu_notifier_invalidate_range_start: "invalidate_range_start",
  mmu_notifier_invalidate_range_end: "invalidate_range_end",
  mmu_interval_notifier_remove: "mmu_interval_notifier_remove",
  migrate_vma_setup: "migrate_vma_setup",
  migrate_vma_pages: "migrate_vma_pages",
  migrate_vma_finalize: "migrate_vma_finalize",
  dmirror_fops_unlocked_ioctl: "dmirror_ioctl",
};
const RETURNS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CALLS).map(([type, name]) => [`${type}_return`, name]),
);

/** A call begins its slice, a return ends it. */
export function drawCall(slices: TaskSlices, event: MmEvent, atNs: number): void {
  const { type, task } = event;
  const called = CALLS[type];
  if (called !== undefined) {
    const args = argumentsOf(event);
    slices.begin(task, { name: called, category: "call", fromNs: atNs, args });
  }
  const returned = RETURNS[type];
  if (returned === undefined) return;
  if ("rc" in event) slices.tell(task, returned, { rc: event.rc });
  slices.end(task, returned, atNs);
}
