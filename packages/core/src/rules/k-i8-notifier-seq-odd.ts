/** K-I8: a notifier's own sequence is always odd. */
import { isOdd } from "../state/seq.ts";
import { isRecorded } from "./position.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I8. */
export const K_I8: Rule<null> = {
  id: "K-I8",
  kind: "state",
  severity: "safety",
  statement: "A notifier's invalidate_seq is odd at all times after its insertion.",
  source: "comments in __mmu_interval_notifier_insert and mmu_interval_read_begin",
  on: ["mmu_interval_notifier_insert", "mmu_interval_set_seq", "mmu_interval_read_begin"],
  observes: [["mmu_interval_read_begin"], ["mmu_interval_set_seq"]],
  start: noMemory,
  after(_, state, event, report) {
    if (!("notifier" in event) || event.notifier === null) return;
    const seq =
      event.type === "mmu_interval_notifier_insert"
        ? state.notifiers[event.notifier]?.seq
        : "seq" in event
          ? event.seq
          : null;
    if (seq === null || seq === undefined) return;
    if (event.type === "mmu_interval_notifier_insert") {
      if (event.rc !== 0 || isRecorded(event)) return;
    }
    if (isOdd(seq)) report.held();
    else report.violated({ message: `The invalidate_seq of notifier${event.notifier} is ${seq}.` });
  },
};
