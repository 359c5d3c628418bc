/**
 * K-I27: pages are looked up after read_begin has returned, and under its number.
 */
import { isLearned } from "../interval-notifiers/interval-notifier.ts";
import { isRecorded } from "./position.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I27. */
export const K_I27: Rule<null> = {
  id: "K-I27",
  kind: "transition",
  severity: "contract",
  statement:
    "hmm_range_fault, or any page walk, happens after read_begin has returned and uses its sequence.",
  source: "Documentation/mm/hmm.rst; 13ec9308a857",
  on: ["hmm_range_fault", "hmm_vma_handle_pte"],
  observes: [["hmm_range_fault", "mmu_interval_read_begin"], ["hmm_vma_handle_pte"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "hmm_range_fault" && event.type !== "hmm_vma_handle_pte") return;
    const section = state.tasks[event.task]?.section;
    if (section?.notifier !== event.notifier) {
      const notifier = state.notifiers[event.notifier];
      if (isRecorded(event) && (notifier === undefined || isLearned(notifier))) return;
      report.violated({
        message: "Pages are looked up outside any read section.",
        ...(isRecorded(event) ? { absent: "mmu_interval_read_begin" as const } : {}),
      });
      return;
    }
    if (event.type === "hmm_vma_handle_pte" || event.seq === section.seq) report.held();
    else {
      report.violated({
        message: `hmm_range_fault is called with sequence ${event.seq}; read_begin had returned ${section.seq}.`,
        ...(isRecorded(event) ? { absent: "mmu_interval_read_begin" as const } : {}),
        address: event.start,
      });
    }
  },
};
