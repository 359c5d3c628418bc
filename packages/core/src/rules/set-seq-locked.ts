/**
 * The callback sets its notifier's number under the driver's lock.
 *
 * read_retry compares under that lock, so a number that is set outside of it can come between the comparison and the
 * store. In the model each step is seen at once and by everybody, and a driver that sets the number before it takes
 * the lock breaks nothing else: on a machine the store has no order with the comparison. Only a driver of the
 * user's own is asked: a recording shows what its probes fired at, not which lock is the driver's.
 * Kernel counterpart: mmu_interval_set_seq (include/linux/mmu_notifier.h).
 */
import { peekMirror } from "../state/state.ts";
import { noMemory, type Rule } from "./rule.ts";

/** The rule. */
export const SET_SEQ_LOCKED: Rule<null> = {
  id: "set-seq-locked",
  kind: "transition",
  simulatedOnly: true,
  severity: "contract",
  statement:
    "mmu_interval_set_seq is called under the driver's lock, the one under which read_retry is called.",
  source: "kerneldoc of mmu_interval_set_seq and of mmu_interval_read_retry",
  on: ["mmu_interval_set_seq"],
  observes: [["mm_create", "mmu_interval_set_seq"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "mmu_interval_set_seq") return;
    const mirror = state.notifiers[event.notifier]?.mirror ?? null;
    if (mirror === null) return;
    if (peekMirror(state, mirror).lock === event.task) report.held();
    else report.violated({ message: "The number is set without the driver's lock." });
  },
};
