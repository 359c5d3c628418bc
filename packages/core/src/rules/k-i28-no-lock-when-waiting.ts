/**
 * K-I28: whoever may sleep for the end of an epoch holds no lock that a callback takes.
 */
import { noMemory, type Rule } from "./rule.ts";

/** K-I28. */
export const K_I28: Rule<null> = {
  id: "K-I28",
  kind: "transition",
  severity: "contract",
  statement:
    "The caller of read_begin and of remove holds no lock that a callback of this mm takes.",
  source: "lock_map_acquire of __mmu_notifier_invalidate_range_start_map in both",
  on: ["mmu_interval_read_begin", "mmu_interval_notifier_remove"],
  observes: [
    ["driver_lock", "mmu_interval_read_begin"],
    ["driver_lock", "mmu_interval_notifier_remove"],
  ],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "mmu_interval_read_begin" && event.type !== "mmu_interval_notifier_remove") {
      return;
    }
    const held = state.mirrors.findIndex(
      (mirror, id) =>
        mirror.lock === event.task &&
        state.notifiers.some(
          (notifier) =>
            notifier.mirror === id && notifier.mm === event.mm && notifier.phase !== "free",
        ),
    );
    if (held < 0) report.held();
    else {
      report.violated({
        message: `The lock of mirror${held} is held over a call that waits for its callbacks: they can deadlock.`,
        needs: ["driver_unlock"],
      });
    }
  },
};
