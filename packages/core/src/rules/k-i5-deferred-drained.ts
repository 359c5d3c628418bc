/**
 * K-I5: an even sequence means that the deferred list is empty.
 *
 * Only the end itself is excused while it works the list off; its wake-up and everybody else is not.
 */
import { isOdd } from "../state/seq.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I5. */
export const K_I5: Rule<null> = {
  id: "K-I5",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement: "Outside the critical sections an even invalidate_seq implies an empty deferred list.",
  source: "mn_itree_inv_end drains the list in the same critical section; 319561669a59",
  on: [
    "mn_itree_inv_end",
    "deferred_list_apply",
    "wake_up_all",
    "mmu_notifier_invalidate_range_end_return",
    "mmu_interval_notifier_insert",
    "mmu_interval_notifier_remove",
  ],
  observes: [["mmu_interval_notifier_insert", "mn_itree_inv_end"]],
  start: noMemory,
  after(_, state, event, report) {
    const subs = "mm" in event ? state.mms[event.mm]?.subs : undefined;
    if (!subs || isOdd(subs.seq)) return;
    const inside = event.type === "mn_itree_inv_end" || event.type === "deferred_list_apply";
    if (inside && subs.draining) return;
    if (subs.deferred.length === 0) report.held();
    else {
      report.violated({
        message: `invalidate_seq is ${subs.seq} and ${subs.deferred.length} notifiers are still deferred.`,
      });
    }
  },
};
