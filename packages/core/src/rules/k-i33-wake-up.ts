/**
 * K-I33: the end that makes the sequence even wakes everybody who waited for it.
 */
import type { MmId, TaskId } from "@mmreplay/events";
import { isOdd } from "../state/seq.ts";
import type { Rule } from "./rule.ts";

interface Memory {
  /** Tasks whose end has closed an epoch and whose wake-up has not come. */
  owes: Record<TaskId, MmId>;
  odd: boolean;
}

/** K-I33. */
export const K_I33: Rule<Memory> = {
  id: "K-I33",
  kind: "monitor",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "The END that makes invalidate_seq even is followed by a wake-up of all; no sleeper whose condition is true stays asleep.",
  source: "wake_up_all in mn_itree_inv_end",
  on: [
    "mn_itree_inv_end",
    "wake_up_all",
    "mmu_notifier_invalidate_range_end_return",
    "mmu_notifier_invalidate_range_start_return",
  ],
  observes: [["mm_create", "mn_itree_inv_end"]],
  start: () => ({ owes: {}, odd: false }),
  before(memory, state, event) {
    const subs = "mm" in event ? state.mms[event.mm]?.subs : undefined;
    memory.odd = subs != null && isOdd(subs.seq);
  },
  after(memory, state, event, report) {
    switch (event.type) {
      case "mn_itree_inv_end": {
        const subs = state.mms[event.mm]?.subs;
        if (subs && memory.odd && !isOdd(subs.seq)) memory.owes[event.task] = event.mm;
        break;
      }
      case "wake_up_all": {
        delete memory.owes[event.task];
        const seq = state.mms[event.mm]?.subs?.seq;
        const asleep = state.tasks.findIndex(
          ({ sleep }) => sleep?.mm === event.mm && sleep.seq !== seq && !sleep.woken,
        );
        if (asleep < 0) report.held();
        else
          report.violated({ message: `Task ${asleep} stays asleep though its epoch has ended.` });
        break;
      }
      case "mmu_notifier_invalidate_range_end_return":
      case "mmu_notifier_invalidate_range_start_return":
        if (memory.owes[event.task] === undefined) return;
        delete memory.owes[event.task];
        report.violated({ message: "The end closed an epoch and woke nobody." });
        break;
      default:
    }
  },
};
