/**
 * K-I17, K-I22, K-I25 and K-I32 in forms that need no memory: what one step shows of a lifetime.
 *
 * A freed object keeps its place in the state, so a step that touches one can be seen as it happens.
 */
import type { MmEvent, NotifierId } from "@mmreplay/events";
import { regionCalledBy } from "../address-space/region.ts";
import type { State } from "../state/state.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I17 at the return of the removal, and at each later step of the core that uses the notifier. */
export const K_I17_AT_RETURN: Rule<null> = {
  id: "K-I17",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "When a removal returns, its notifier is neither in the tree nor on the deferred list, and no step uses it afterwards.",
  source: "kerneldoc of mmu_interval_notifier_remove; 319561669a59",
  on: [
    "mmu_interval_notifier_remove_return",
    "deferred_list_apply",
    "invalidate",
    "driver_lock",
    "mmu_interval_set_seq",
    "device_unmap",
  ],
  observes: [["mm_create", "mmu_interval_notifier_remove_return"]],
  start: noMemory,
  after(_, state, event, report) {
    const used = usedBy(state, event);
    const notifier = used === null ? undefined : state.notifiers[used];
    if (notifier === undefined) return;
    if (event.type === "mmu_interval_notifier_remove_return") {
      const where = notifier.deferred ? "on the deferred list" : "in the tree";
      if (!notifier.deferred && !notifier.inTree) report.held();
      else {
        report.violated({
          message: `The removal of notifier${used} returns while it is still ${where}.`,
        });
      }
    } else if (notifier.phase !== "free") report.held();
    else report.violated({ message: `notifier${used} is used after its removal has returned.` });
  },
};

/** The notifier that a step of the core or of a callback uses. */
function usedBy(state: State, event: MmEvent): NotifierId | null {
  switch (event.type) {
    case "mmu_interval_notifier_remove_return":
    case "deferred_list_apply":
    case "invalidate":
      return event.notifier;
    default:
      return regionCalledBy(state, event.task)?.next ?? null;
  }
}

/** K-I22 by the lock that a refusing callback holds. */
export const K_I22_HOLDS_NOTHING: Rule<null> = {
  id: "K-I22",
  kind: "transition",
  simulatedOnly: true,
  severity: "contract",
  statement: "A callback that answers false does not keep the driver's lock.",
  source: "7608bf40cf24",
  on: ["invalidate_return"],
  observes: [["mm_create", "invalidate_return"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "invalidate_return" || event.result) return;
    const mirror = state.notifiers[event.notifier]?.mirror;
    if (mirror == null || state.mirrors[mirror]?.lock !== event.task) report.held();
    else {
      report.violated({
        message: `The callback of notifier${event.notifier} answers false and keeps the driver's lock.`,
      });
    }
  },
};

/** K-I25 at the end of a refused walk. */
export const K_I25_AT_UNLOCK: Rule<{ missing: number | null; refused: boolean }> = {
  id: "K-I25",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement: "A refused walk over the plain list does not stop before its last end.",
  source: "mn_hlist_invalidate_range_start; c2655835fd8c",
  on: ["srcu_read_unlock"],
  observes: [["mm_create", "mn_hlist_invalidate_range_start"]],
  start: () => ({ missing: null, refused: false }),
  before(memory, state, event) {
    const walk = state.tasks[event.task]?.walk;
    memory.refused = walk?.failed === true;
    memory.missing = memory.refused ? (walk?.cursor ?? null) : null;
  },
  after(memory, _, __, report) {
    if (!memory.refused) return;
    if (memory.missing === null) report.held();
    else {
      report.violated({
        message: `The start was refused, and the end of plain${memory.missing}, which had been started, is not called.`,
      });
    }
  },
};

/** K-I32 by what a walk calls. */
export const K_I32_BY_CALL: Rule<null> = {
  id: "K-I32",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "No plain notifier is called after it was freed, and its own release comes before its unlink.",
  source: "mmu_notifier_unregister; d34883d4e35c",
  on: ["mn_hlist_invalidate_range_start", "mn_hlist_invalidate_end", "mn_hlist_callback"],
  observes: [["mm_create", "mn_hlist_callback"]],
  start: noMemory,
  after(_, state, event, report) {
    if (!("plain" in event) || event.plain === null || !("mm" in event)) return;
    const plain = state.plains[event.plain];
    const own = event.type === "mn_hlist_callback" && state.tasks[event.task]?.walk === null;
    // The exit alone empties the list under a section of somebody else.
    const exits = state.mms[event.mm]?.users === 0;
    if (plain?.phase === "free") {
      report.violated({ message: `plain${event.plain} is called after it was freed.` });
    } else if (own && plain?.linked === false && !exits) {
      report.violated({
        message: `The release of plain${event.plain} runs after it has left the list, where an exit no longer finds it.`,
      });
    } else report.held();
  },
};
