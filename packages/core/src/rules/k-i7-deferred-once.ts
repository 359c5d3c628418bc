/** K-I7: a notifier is on the deferred list at most once, for one purpose. */
import { noMemory, type Rule } from "./rule.ts";

/** K-I7. */
export const K_I7: Rule<null> = {
  id: "K-I7",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "Each notifier is on the deferred list at most once; outside the tree it waits to be inserted, inside to be removed.",
  source: "RB_EMPTY_NODE test in mn_itree_inv_end",
  on: ["mmu_interval_notifier_insert", "mmu_interval_notifier_remove", "deferred_list_apply"],
  observes: [["mmu_interval_notifier_insert", "mmu_interval_notifier_remove"]],
  start: noMemory,
  after(_, state, event, report) {
    const subs = "mm" in event ? state.mms[event.mm]?.subs : undefined;
    if (!subs) return;
    for (const id of subs.deferred) {
      const notifier = state.notifiers[id];
      const twice = subs.deferred.indexOf(id) !== subs.deferred.lastIndexOf(id);
      if (twice || notifier?.deferred !== true || notifier.inTree !== subs.tree.includes(id)) {
        report.violated({ message: `notifier${id} is deferred twice or for two purposes.` });
        return;
      }
    }
    report.held();
  },
};
