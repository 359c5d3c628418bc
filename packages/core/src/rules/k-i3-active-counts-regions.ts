/**
 * K-I3: the active count is the number of open regions.
 *
 * Every region counts, whether it overlaps a notifier or not. A recording shows the pairing: each
 * range_end belongs to a range_start of the same task and range. Of a region that is open when it ends
 * nobody knows whether its range_end would have come.
 */
import { isRecorded } from "./position.ts";
import type { Rule } from "./rule.ts";

interface Memory {
  /** The events are those of a recording. */
  recorded: boolean;
}

/** K-I3. */
export const K_I3: Rule<Memory> = {
  id: "K-I3",
  kind: "state",
  severity: "safety",
  statement:
    "active_invalidate_ranges is the number of regions that have executed START and not yet END.",
  source: "mn_itree_inv_start_range, mn_itree_inv_end; c2655835fd8c",
  on: [
    "mmu_notifier_invalidate_range_start",
    "mmu_notifier_invalidate_range_start_return",
    "mn_itree_inv_end",
    "mmu_notifier_invalidate_range_end",
    "mmu_notifier_invalidate_range_end_return",
    "unpaired_range_end",
  ],
  observes: [["mmu_notifier_invalidate_range_start", "mn_itree_inv_end"]],
  start: () => ({ recorded: false }),
  after(memory, state, event, report) {
    if (event.type === "unpaired_range_end") {
      report.violated({
        message: "A range_end belongs to no open region.",
        address: event.start,
        absent: "mmu_notifier_invalidate_range_start",
      });
      return;
    }
    if (isRecorded(event)) {
      memory.recorded = true;
      if (event.type === "mmu_notifier_invalidate_range_end") report.held();
      return;
    }
    const mm = "mm" in event ? state.mms[event.mm] : undefined;
    if (!mm?.subs) return;
    const open = mm.regions.filter((region) => region.counted).length;
    if (mm.subs.active === open) report.held();
    else {
      report.violated({
        message: `active_invalidate_ranges is ${mm.subs.active}, but ${open} regions are open.`,
      });
    }
  },
  end({ recorded }, state, report) {
    if (!recorded) return;
    for (const { regions } of state.mms) {
      for (const { phase } of regions) {
        if (phase === "open") report.undecided("its range_end has not come");
      }
    }
  },
};
