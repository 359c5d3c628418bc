/**
 * The one SRCU domain of all mms.
 *
 * A grace period is over when every reader that was inside when the wait began has left; readers
 * that came later do not count. A task is inside at most one section, so readers are named by their
 * tasks. Kernel counterpart: the static `srcu` of mm/mmu_notifier.c.
 */
import type { MmId, PlainId, TaskId } from "@mmreplay/events";

/** A notifier that mmu_notifier_put will free. */
export interface SrcuCallback {
  plain: PlainId;
  mm: MmId;
  /** Readers that have not left yet. */
  waitFor: TaskId[];
}

/** The domain: who reads, and what waits for whom. */
export interface Srcu {
  readers: TaskId[];
  callbacks: SrcuCallback[];
}

/** Nobody reads, nothing waits. */
export function emptySrcu(): Srcu {
  return { readers: [], callbacks: [] };
}
