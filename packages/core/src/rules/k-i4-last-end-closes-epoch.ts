/** K-I4: only the end that brings the active count to 0 makes the sequence even. */
import type { EventOf, MmId, Seq } from "@mmreplay/events";
import { isOdd } from "../state/seq.ts";
import { isRecorded } from "./position.ts";
import { type Rule, type Witness, witness } from "./rule.ts";

interface Memory {
  seq: Seq | null;
  /** What the open regions of an mm were given in their callbacks: region, cur_seq, where. */
  given: Record<MmId, { region: number; seq: Seq; seen: Witness }[]>;
}

const called = ({ seq }: EventOf<"invalidate">): string => `callback with cur_seq ${seq}`;

/** K-I4. */
export const K_I4: Rule<Memory> = {
  id: "K-I4",
  kind: "transition",
  severity: "safety",
  statement:
    "invalidate_seq goes from odd to even only in the END that brings active_invalidate_ranges to 0; while a region is open an odd value stays.",
  source: "mn_itree_inv_end",
  on: [
    "mn_itree_inv_end",
    "mmu_notifier_invalidate_range_start",
    "mmu_interval_notifier_insert",
    "invalidate",
    "mmu_notifier_invalidate_range_end",
    "mmu_notifier_invalidate_range_start_return",
    "mmu_notifier_subscriptions_destroy",
    "lost_events",
    "buffer_started",
  ],
  observes: [["invalidate"], ["mmu_notifier_invalidate_range_start", "mn_itree_inv_end"]],
  start: () => ({ seq: null, given: {} }),
  before(memory, state, event) {
    memory.seq = "mm" in event ? (state.mms[event.mm]?.subs?.seq ?? null) : null;
  },
  after(memory, state, event, report) {
    if (!("mm" in event)) {
      memory.given = {};
      return;
    }
    if (event.type === "mmu_notifier_subscriptions_destroy") {
      delete memory.given[event.mm];
      return;
    }
    memory.given[event.mm] ??= [];
    const given = memory.given[event.mm] as Memory["given"][MmId];
    if (event.type === "invalidate") {
      const other = given.find((one) => one.seq !== event.seq && one.region !== event.region);
      if (other !== undefined) {
        report.violated({
          message: `A callback is given cur_seq ${event.seq} while a region with ${other.seq} is open.`,
          evidence: [other.seen],
          needs: ["mmu_notifier_invalidate_range_end"],
        });
        return;
      }
      report.held();
      if (!given.some((one) => one.region === event.region)) {
        const seen = witness(event, called);
        given.push({ region: event.region, seq: event.seq, seen });
      }
      return;
    }
    // END alone ends a refused start whose return is not probed.
    const ends =
      event.type === "mmu_notifier_invalidate_range_end" ||
      event.type === "mn_itree_inv_end" ||
      (event.type === "mmu_notifier_invalidate_range_start_return" && event.rc !== 0);
    if (ends) memory.given[event.mm] = given.filter((one) => one.region !== event.region);
    if (isRecorded(event)) return;
    const subs = state.mms[event.mm]?.subs;
    if (!subs || memory.seq === null || !isOdd(memory.seq)) return;
    if (subs.seq === memory.seq || (event.type === "mn_itree_inv_end" && subs.active === 0)) {
      report.held();
    } else {
      report.violated({
        message: `invalidate_seq went from ${memory.seq} to ${subs.seq} with ${subs.active} regions open.`,
      });
    }
  },
};
