/**
 * K-I20: a notifier inserted while a region is open makes its first reader wait for the epoch's end.
 */
import { isOdd } from "../state/seq.ts";
import type { Rule } from "./rule.ts";

/** K-I20. */
export const K_I20: Rule<{ active: number }> = {
  id: "K-I20",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "A notifier inserted while a region is open has the mm's odd invalidate_seq; one inserted on an idle mm has another.",
  source: "__mmu_interval_notifier_insert",
  on: ["mmu_interval_notifier_insert"],
  observes: [["mm_create", "mmu_interval_notifier_insert"]],
  start: () => ({ active: 0 }),
  before(memory, state, event) {
    memory.active = "mm" in event ? (state.mms[event.mm]?.subs?.active ?? 0) : 0;
  },
  after(memory, state, event, report) {
    if (event.type !== "mmu_interval_notifier_insert" || event.rc !== 0) return;
    const subs = state.mms[event.mm]?.subs;
    const seq = state.notifiers[event.notifier]?.seq;
    if (!subs || seq == null) return;
    const collides = seq === subs.seq && isOdd(seq);
    if (collides === memory.active > 0) report.held();
    else {
      report.violated({
        message: `notifier${event.notifier} is inserted with invalidate_seq ${seq} while the mm's is ${subs.seq} and ${memory.active} regions are open.`,
      });
    }
  },
};
