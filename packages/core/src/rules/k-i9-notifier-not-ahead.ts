/** K-I9: a notifier is never ahead of its mm; equal means that a region is open. */
import { isOdd, seqDistance } from "../state/seq.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I9. */
export const K_I9: Rule<null> = {
  id: "K-I9",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "A notifier's invalidate_seq is never greater than the mm's; equal to it means odd, and that some region is open.",
  source: "__mmu_interval_notifier_insert, mmu_interval_set_seq",
  on: ["mmu_interval_notifier_insert", "mmu_interval_set_seq", "mn_itree_inv_end"],
  observes: [["mmu_interval_set_seq", "mmu_notifier_invalidate_range_start"]],
  start: noMemory,
  after(_, state, event, report) {
    const ids = "notifier" in event && event.notifier !== null ? [event.notifier] : [];
    for (const id of ids) {
      const notifier = state.notifiers[id];
      if (notifier?.mm == null || notifier.seq === null || notifier.phase === "free") return;
      const subs = state.mms[notifier.mm]?.subs;
      if (!subs) return;
      const ahead = seqDistance(notifier.seq, subs.seq, state.seqModulus) < 0;
      const equal = notifier.seq === subs.seq;
      if (ahead || (equal && (!isOdd(subs.seq) || subs.active === 0))) {
        report.violated({
          message: `notifier${id} has invalidate_seq ${notifier.seq}, its mm ${subs.seq} with ${subs.active} regions open.`,
        });
        return;
      }
      report.held();
    }
  },
};
