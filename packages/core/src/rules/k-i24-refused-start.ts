/**
 * K-I24: a refused start leaves nothing behind, and its caller neither changes nor ends anything.
 */
import { isRecorded } from "./position.ts";
import type { Rule } from "./rule.ts";

/** K-I24. */
export const K_I24: Rule<{ counted: boolean }> = {
  id: "K-I24",
  kind: "transition",
  severity: "safety",
  statement:
    "After range_start has returned -EAGAIN the region no longer counts, the caller changes no entry and calls no range_end.",
  source: "comment in mn_itree_invalidate; __mmu_notifier_invalidate_range_start",
  on: ["mmu_notifier_invalidate_range_start_return", "unpaired_range_end"],
  observes: [["mmu_notifier_invalidate_range_start_return"]],
  start: () => ({ counted: false }),
  before(memory, state, event) {
    if (event.type !== "mmu_notifier_invalidate_range_start_return") return;
    const region = state.mms[event.mm]?.regions[event.region];
    memory.counted = region?.counted === true;
  },
  after(memory, _, event, report) {
    if (event.type === "unpaired_range_end") {
      if (!event.refused) return;
      report.violated({
        message: "range_end was called although range_start had returned -EAGAIN.",
        address: event.start,
        absent: "mmu_notifier_invalidate_range_start",
      });
      return;
    }
    if (event.type !== "mmu_notifier_invalidate_range_start_return" || event.rc === 0) return;
    if (!memory.counted || isRecorded(event)) report.held();
    else {
      report.violated({
        message:
          "range_start returned -EAGAIN and its region still counts: active_invalidate_ranges never returns to 0, and every later wait hangs.",
      });
    }
  },
};
