/**
 * K-I3: the active count is the number of open regions.
 *
 * Every region counts, whether it overlaps a notifier or not. A recording shows the pairing: each
 * range_end belongs to a range_start of the same task and range. A recorder may stop while a region is
 * open; but when the region's task has begun something else, its range_end is missing.
 */
import type { MmEvent, MmId, RegionId } from "@mmreplay/events";
import type { State } from "../state/state.ts";
import { isRecorded } from "./position.ts";
import type { Rule } from "./rule.ts";

interface Memory {
  /** Recorded regions that are open though their tasks have begun something else. */
  passed: Record<MmId, RegionId[]>;
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
    "mmu_interval_read_begin",
  ],
  observes: [["mmu_notifier_invalidate_range_start", "mn_itree_inv_end"]],
  start: () => ({ passed: {} }),
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
      noteBegun(memory, state, event);
      if (event.type === "mmu_notifier_invalidate_range_end") report.held();
      return;
    }
    const counts = "mm" in event && event.type !== "mmu_interval_read_begin";
    const mm = counts ? state.mms[event.mm] : undefined;
    if (!mm?.subs) return;
    const open = Object.values(mm.regions).filter((region) => region.counted).length;
    if (mm.subs.active === open) report.held();
    else {
      report.violated({
        message: `active_invalidate_ranges is ${mm.subs.active}, but ${open} regions are open.`,
      });
    }
  },
  end({ passed }, state, report) {
    for (const [mm, regions] of Object.entries(passed)) {
      const open = state.mms[Number(mm)]?.regions ?? {};
      for (const id of regions) {
        if (open[id]?.phase === "open") report.undecided("its range_end has not come");
      }
    }
  },
};

/** A task that begins something has left its open regions behind, unless the new one is inside. */
function noteBegun({ passed }: Memory, state: State, event: MmEvent): void {
  const starts = event.type === "mmu_notifier_invalidate_range_start";
  if (!starts && event.type !== "mmu_interval_read_begin") return;
  const before = passed[event.mm]?.filter((id) => !starts || id !== event.region) ?? [];
  const open = state.mms[event.mm]?.regions ?? {};
  const left = Object.values(open).filter(
    ({ id, task, phase }) =>
      task === event.task && phase === "open" && (!starts || id !== event.region),
  );
  if (before.length + left.length === 0 && passed[event.mm] === undefined) return;
  passed[event.mm] = [...new Set([...before, ...left.map(({ id }) => id)])];
}
