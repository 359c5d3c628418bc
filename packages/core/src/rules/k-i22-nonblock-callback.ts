/**
 * K-I22: a callback that may not sleep either does its work or answers false.
 *
 * It may not claim success without having cleared anything because its lock was busy, and answering
 * false it may not keep the lock (7608bf40cf24).
 */
import type { NotifierId, TaskId } from "@mmreplay/events";
import type { Rule } from "./rule.ts";

interface Memory {
  inside: Record<
    TaskId,
    { notifier: NotifierId; blockable: boolean; locked: boolean; worked: boolean }
  >;
  /** Notifiers that have been read: for others the kernel waives set_seq. */
  read: Record<NotifierId, true>;
}

/** K-I22. */
export const K_I22: Rule<Memory> = {
  id: "K-I22",
  kind: "monitor",
  severity: "contract",
  statement:
    "In a non-blockable region a callback does not sleep: where the driver's lock is busy it answers false, holding nothing; true means that it has done its work.",
  source: "struct mmu_interval_notifier_ops; __oom_reap_task_mm",
  on: [
    "invalidate",
    "driver_lock",
    "driver_unlock",
    "mmu_interval_set_seq",
    "device_unmap",
    "mmu_interval_read_begin",
    "hmm_range_fault",
    "mmu_interval_notifier_insert",
    "invalidate_return",
    "lost_events",
    "buffer_started",
  ],
  observes: [["invalidate_return"]],
  start: () => ({ inside: {}, read: {} }),
  after(memory, state, event, report) {
    const inside = memory.inside[event.task];
    switch (event.type) {
      case "invalidate": {
        const region = state.mms[event.mm]?.regions[event.region];
        memory.inside[event.task] = {
          notifier: event.notifier,
          blockable: region?.blockable !== false,
          locked: false,
          worked: false,
        };
        break;
      }
      case "mmu_interval_read_begin":
      case "hmm_range_fault":
        memory.read[event.notifier] = true;
        break;
      case "mmu_interval_notifier_insert":
        delete memory.read[event.notifier];
        break;
      case "driver_lock":
        if (inside !== undefined) inside.locked = true;
        break;
      case "driver_unlock":
        if (inside !== undefined) inside.locked = false;
        break;
      case "mmu_interval_set_seq":
      case "device_unmap":
        if (inside !== undefined) inside.worked = true;
        break;
      case "invalidate_return":
        delete memory.inside[event.task];
        if (inside === undefined || inside.blockable) return;
        if (!event.result && inside.locked) {
          report.violated({
            message: `The callback of notifier${event.notifier} answered false and kept the driver's lock.`,
          });
        } else if (event.result && !inside.worked && memory.read[event.notifier]) {
          report.violated({
            message: `In a non-blockable region the callback of notifier${event.notifier} answered true without set_seq and without clearing anything.`,
            absent: "mmu_interval_set_seq",
          });
        } else report.held();
        break;
      default:
        memory.inside = {};
    }
  },
};
