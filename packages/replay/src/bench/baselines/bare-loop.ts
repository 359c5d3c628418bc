/**
 * Baseline: a bare loop over events.
 *
 * One switch over the type, and in each arm the numbers that any reducer of this event must at least
 * read are added up. No state, no checks: the least that looking at every event costs.
 */
import type { MmEvent } from "@mmreplay/events";

/** The sum of what is read. */
export function bareLoop(events: readonly MmEvent[]): number {
  let sum = 0;
  for (const event of events) sum += event.task + numbersOf(event);
  return sum;
}

function numbersOf(event: MmEvent): number {
  switch (event.type) {
    case "mmu_interval_notifier_insert":
      return event.notifier + event.rc;
    case "mmu_interval_notifier_remove":
    case "mmu_interval_notifier_remove_return":
    case "deferred_list_apply":
      return event.notifier;
    case "mmu_notifier_invalidate_range_start":
      return event.region + (event.blockable === true ? 1 : 0);
    case "mmu_notifier_invalidate_range_end":
    case "mmu_notifier_invalidate_range_end_return":
    case "mn_itree_inv_end":
      return event.region;
    case "invalidate":
      return event.notifier + event.seq;
    case "invalidate_return":
      return event.notifier + (event.result ? 1 : 0);
    case "mmu_interval_set_seq":
      return event.notifier + event.seq;
    case "mmu_interval_read_begin":
      return event.notifier + event.seq + (event.waits ? 1 : 0);
    case "mmu_interval_read_retry":
      return event.notifier + event.seq + (event.result ? 1 : 0);
    case "device_unmap":
      return event.startPage + event.endPageExclusive;
    case "device_map":
    case "cpu_pte_change":
    case "handle_mm_fault":
    case "hmm_vma_handle_pte":
      return event.entries.length;
    default:
      return 1;
  }
}
