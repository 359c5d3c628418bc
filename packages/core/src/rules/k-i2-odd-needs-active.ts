/** K-I2: an odd sequence means that a region is open. */
import { isOdd } from "../state/seq.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I2. */
export const K_I2: Rule<null> = {
  id: "K-I2",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement: "active_invalidate_ranges == 0 implies that invalidate_seq is even.",
  source: "comment on struct mmu_notifier_subscriptions, WARN_ON in __mmu_interval_notifier_insert",
  on: [
    "mmu_notifier_invalidate_range_start",
    "mn_itree_inv_end",
    "mmu_interval_notifier_insert",
    "preset_seq",
  ],
  observes: [["mmu_notifier_invalidate_range_start", "mn_itree_inv_end"]],
  start: noMemory,
  after(_, state, event, report) {
    const subs = "mm" in event ? state.mms[event.mm]?.subs : undefined;
    if (!subs) return;
    if (subs.active > 0 || !isOdd(subs.seq)) report.held();
    else report.violated({ message: `invalidate_seq is ${subs.seq} and no region is open.` });
  },
};
