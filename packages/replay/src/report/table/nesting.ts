/**
 * Which events open a call or a lock, and which close it: the indentation of a column.
 */
import type { EventType, MmEvent } from "@mmreplay/events";

const CLOSED_BY: Readonly<Partial<Record<EventType, EventType>>> = {
  hmm_range_fault: "hmm_range_fault_return",
  mmu_notifier_invalidate_range_start: "mmu_notifier_invalidate_range_start_return",
  mmu_notifier_invalidate_range_end: "mmu_notifier_invalidate_range_end_return",
  invalidate: "invalidate_return",
  driver_lock: "driver_unlock",
  mmap_lock: "mmap_unlock",
  srcu_read_lock: "srcu_read_unlock",
  migrate_vma_setup: "migrate_vma_setup_return",
  migrate_vma_pages: "migrate_vma_pages_return",
  migrate_vma_finalize: "migrate_vma_finalize_return",
  make_device_exclusive_range: "make_device_exclusive_range_return",
  mmu_interval_notifier_remove: "mmu_interval_notifier_remove_return",
  mmu_notifier_unregister: "mmu_notifier_unregister_return",
  mmu_notifier_call: "mmu_notifier_call_return",
  synchronize_srcu: "synchronize_srcu_return",
  exit_mmap: "exit_mmap_return",
};

const CLOSERS: ReadonlySet<EventType> = new Set(Object.values(CLOSED_BY));

/** Whether the event opens a call or a lock. */
export function opens(event: MmEvent): boolean {
  return CLOSED_BY[event.type] !== undefined;
}

/** Whether the event closes one. */
export function closes(event: MmEvent): boolean {
  return CLOSERS.has(event.type);
}

/** The open calls and locks of one task, outermost first. */
export class Nesting {
  #open: MmEvent[] = [];

  /** Takes the task's next event; returns the depth at which it stands. */
  take(event: MmEvent): number {
    if (opens(event)) {
      this.#open.push(event);
      return this.#open.length - 1;
    }
    if (!closes(event)) return this.#open.length;
    const opener = this.#open.findLastIndex((one) => CLOSED_BY[one.type] === event.type);
    if (opener < 0) return this.#open.length;
    this.#open.length = opener;
    return opener;
  }

  /** The events that opened what is open now. */
  get open(): readonly MmEvent[] {
    return this.#open;
  }
}
