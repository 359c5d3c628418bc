/** K-I6: while the sequence is odd the tree does not change. */
import type { NotifierId } from "@mmreplay/events";
import { isOdd } from "../state/seq.ts";
import type { Rule } from "./rule.ts";

interface Memory {
  frozen: boolean;
  /** The tree before the event; kept from one to the next, for it seldom differs. */
  tree: NotifierId[];
}

/** K-I6. */
export const K_I6: Rule<Memory> = {
  id: "K-I6",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement: "While invalidate_seq is odd no notifier enters or leaves the interval tree.",
  source: "comment on struct mmu_notifier_subscriptions; __mmu_interval_notifier_insert",
  on: [
    "mmu_interval_notifier_insert",
    "mmu_interval_notifier_remove",
    "mmu_interval_notifier_remove_return",
    "mmu_notifier_invalidate_range_start",
    "mn_itree_inv_end",
    "deferred_list_apply",
  ],
  observes: [["mmu_interval_notifier_insert", "mmu_notifier_invalidate_range_start"]],
  start: () => ({ frozen: false, tree: [] }),
  before(memory, state, event) {
    const subs = "mm" in event ? state.mms[event.mm]?.subs : undefined;
    memory.frozen = subs ? isOdd(subs.seq) : false;
    if (subs && memory.frozen && !same(subs.tree, memory.tree)) memory.tree = [...subs.tree];
  },
  after(memory, state, event, report) {
    const subs = "mm" in event ? state.mms[event.mm]?.subs : undefined;
    if (!subs || !memory.frozen) return;
    if (same(subs.tree, memory.tree)) report.held();
    else report.violated({ message: "The interval tree changed while invalidate_seq was odd." });
  },
};

function same(a: readonly NotifierId[], b: readonly NotifierId[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
