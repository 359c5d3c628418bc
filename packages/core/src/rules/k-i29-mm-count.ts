/**
 * K-I29: each notifier holds one reference on the mm, and only the last one frees it.
 */
import { noMemory, type Rule } from "./rule.ts";

/** K-I29. */
export const K_I29: Rule<null> = {
  id: "K-I29",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "mm_count is one for all users together, one for each inserted interval notifier and one for each plain notifier; a failed insertion leaves it as it was.",
  source: "mmgrab and mmdrop in mmu_interval_notifier_insert, _remove, __mmu_notifier_register",
  on: [
    "mmu_interval_notifier_insert",
    "mmu_interval_notifier_remove_return",
    "mmu_notifier_register",
    "mmu_notifier_unregister_return",
    "free_notifier",
    "exit_mmap_return",
  ],
  observes: [["mm_create"]],
  start: noMemory,
  after(_, state, event, report) {
    if (!("mm" in event)) return;
    const mm = state.mms[event.mm];
    if (mm === undefined) return;
    let expected = mm.dead ? 0 : 1;
    for (const { mm: of, phase } of state.notifiers) {
      if (of === event.mm && (phase === "live" || phase === "removing")) expected += 1;
    }
    for (const { mm: of, phase } of state.plains) {
      if (of === event.mm && (phase === "live" || phase === "unregistering")) expected += 1;
    }
    if (mm.count === expected) report.held();
    else report.violated({ message: `mm_count is ${mm.count}; ${expected} references exist.` });
  },
};
