/**
 * K-I21: a new notifier is not called by a region that had started before it entered the tree.
 */
import type { EventOf, MmId, NotifierId, RegionId } from "@mmreplay/events";
import { earliest, latest } from "./position.ts";
import { type Rule, type Witness, witness } from "./rule.ts";

interface Memory {
  /** Latest place of each open region's start. */
  started: Record<MmId, Record<RegionId, { at: number; seen: Witness }>>;
  /** Earliest place at which a notifier entered the tree, or was deferred: no earlier region may call it. */
  entered: Record<NotifierId, { at: number; seen: Witness }>;
}

const inserted = ({
  notifier,
}: EventOf<"mmu_interval_notifier_insert" | "deferred_list_apply">): string =>
  `notifier${notifier} was inserted`;

/** K-I21. */
export const K_I21: Rule<Memory> = {
  id: "K-I21",
  kind: "monitor",
  severity: "safety",
  statement:
    "A new notifier never receives a callback from a region whose START precedes its insertion into the tree.",
  source: "__mmu_interval_notifier_insert; the tree is frozen while it is iterated",
  on: [
    "mmu_notifier_invalidate_range_start",
    "mmu_interval_notifier_insert",
    "deferred_list_apply",
    "invalidate",
    "lost_events",
    "buffer_started",
  ],
  observes: [["mmu_interval_notifier_insert", "invalidate"]],
  start: () => ({ started: {}, entered: {} }),
  after(memory, _, event, report) {
    switch (event.type) {
      case "mmu_notifier_invalidate_range_start":
        memory.started[event.mm] ??= {};
        (memory.started[event.mm] as Memory["started"][MmId])[event.region] = {
          at: latest(event),
          seen: witness(event, "the invalidation started"),
        };
        break;
      case "mmu_interval_notifier_insert":
      case "deferred_list_apply": {
        if (event.type === "mmu_interval_notifier_insert" && event.rc !== 0) return;
        const seen = witness(event, inserted);
        memory.entered[event.notifier] = { at: earliest(event), seen };
        break;
      }
      case "invalidate": {
        const started = memory.started[event.mm]?.[event.region];
        const entered = memory.entered[event.notifier];
        if (started === undefined || entered === undefined) return;
        if (started.at >= entered.at) {
          report.held();
          return;
        }
        report.violated({
          message: `notifier${event.notifier} is called by a region that had started before it was inserted.`,
          evidence: [started.seen, entered.seen],
        });
        break;
      }
      default:
        Object.assign(memory, { started: {}, entered: {} });
    }
  },
};
