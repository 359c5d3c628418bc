/**
 * K-I18: a removal waits exactly when the tree is frozen and holds the notifier, and only for that epoch.
 */
import { isOdd } from "../state/seq.ts";
import type { Rule } from "./rule.ts";

interface Memory {
  mustWait: boolean;
}

/** K-I18. */
export const K_I18: Rule<Memory> = {
  id: "K-I18",
  kind: "transition",
  simulatedOnly: true,
  severity: "liveness",
  statement:
    "remove waits if and only if invalidate_seq was odd and the notifier in the tree at its step; it returns once the sequence has moved.",
  source: "mmu_interval_notifier_remove, mmu_interval_seq_released",
  on: ["mmu_interval_notifier_remove", "remove_wake", "mmu_interval_notifier_remove_return"],
  observes: [["mm_create", "mmu_interval_notifier_remove"]],
  start: () => ({ mustWait: false }),
  before(memory, state, event) {
    const sleep = state.tasks[event.task]?.sleep;
    const mm = "mm" in event ? event.mm : sleep?.mm;
    const subs = mm === undefined ? undefined : state.mms[mm]?.subs;
    if (event.type === "mmu_interval_notifier_remove") {
      memory.mustWait =
        subs != null && isOdd(subs.seq) && state.notifiers[event.notifier]?.inTree === true;
    } else memory.mustWait = sleep?.kind === "remove" && subs != null && subs.seq === sleep.seq;
  },
  after(memory, state, event, report) {
    if (event.type === "mmu_interval_notifier_remove") {
      const waits = state.tasks[event.task]?.sleep?.kind === "remove";
      if (waits === memory.mustWait) report.held();
      else {
        report.violated({
          message: memory.mustWait
            ? "The removal does not wait although the tree is frozen and holds the notifier."
            : "The removal waits although nothing that runs can hold the notifier.",
        });
      }
    } else if (memory.mustWait) {
      report.violated({ message: "The removal went on before its epoch had ended." });
    } else report.held();
  },
};
