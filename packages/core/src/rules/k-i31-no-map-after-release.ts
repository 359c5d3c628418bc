/**
 * K-I31: after the release the device gets no new access to the address space.
 */
import type { MmId, RegionId } from "@mmreplay/events";
import { earliest, latest } from "./position.ts";
import { type Rule, type Witness, witness } from "./rule.ts";

interface Memory {
  released: Record<MmId, { at: number; seen: Witness }>;
  releasing: Record<MmId, RegionId>;
}

/** K-I31. */
export const K_I31: Rule<Memory> = {
  id: "K-I31",
  kind: "monitor",
  severity: "safety",
  statement:
    "After the RELEASE callbacks have returned no new device entry appears: faults fail because mmget_not_zero fails.",
  source: "mn_itree_release; dmirror_fault",
  on: [
    "mmu_notifier_invalidate_range_start",
    "mmu_notifier_invalidate_range_end",
    "device_map",
    "device_map_begin",
    "mm_create",
    "mmu_interval_notifier_insert",
    "lost_events",
    "buffer_started",
  ],
  observes: [
    ["mmu_notifier_release", "device_map"],
    ["mmu_notifier_release", "device_map_begin"],
  ],
  start: () => ({ released: {}, releasing: {} }),
  after(memory, state, event, report) {
    switch (event.type) {
      case "mm_create":
        delete memory.released[event.mm];
        break;
      case "mmu_interval_notifier_insert":
        if (event.rc === 0) delete memory.released[event.mm];
        break;
      case "mmu_notifier_invalidate_range_start":
        if (event.event === "RELEASE") memory.releasing[event.mm] = event.region;
        break;
      case "mmu_notifier_invalidate_range_end":
        if (memory.releasing[event.mm] !== event.region) return;
        delete memory.releasing[event.mm];
        memory.released[event.mm] = {
          at: latest(event),
          seen: witness(event, "the release is over"),
        };
        break;
      case "device_map":
      case "device_map_begin": {
        const mm = event.notifier === null ? null : state.notifiers[event.notifier]?.mm;
        if (mm == null) return;
        const released = memory.released[mm];
        if (released === undefined || released.at >= earliest(event)) {
          report.held();
          return;
        }
        report.violated({
          message: `Entries of mm${mm} are stored after its release.`,
          evidence: [released.seen],
        });
        break;
      }
      default:
        Object.assign(memory, { released: {}, releasing: {} });
    }
  },
};
