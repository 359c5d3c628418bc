/**
 * K-I1: the sequence only grows, and only in two ways.
 *
 * 2k to 2k+1 at a start that overlaps a notifier or at an insert while a region is open; 2k+1 to
 * 2k+2 at the end that closes the epoch.
 */
import type { EventOf, MmId, Seq } from "@mmreplay/events";
import { isOdd, seqDistance } from "../state/seq.ts";
import { isRecorded } from "./position.ts";
import { type Rule, type Witness, witness } from "./rule.ts";

interface Memory {
  seq: Seq | null;
  /** Greatest cur_seq that a callback of an mm was given. */
  called: Record<MmId, { seq: Seq; seen: Witness }>;
}

const given = ({ notifier, seq }: EventOf<"invalidate">): string =>
  `callback of notifier${notifier} is given ${seq}`;

/** K-I1. */
export const K_I1: Rule<Memory> = {
  id: "K-I1",
  kind: "transition",
  severity: "safety",
  statement:
    "invalidate_seq never decreases; it goes from even to odd at a start with overlap or an insert while a region is open, and from odd to even at the end that closes the epoch.",
  source: "mn_itree_inv_start_range, mn_itree_inv_end, __mmu_interval_notifier_insert",
  on: [
    "mmu_notifier_invalidate_range_start",
    "mmu_interval_notifier_insert",
    "mn_itree_inv_end",
    "mmu_interval_notifier_remove",
    "deferred_list_apply",
    "invalidate",
    "mmu_notifier_subscriptions_destroy",
    "lost_events",
    "buffer_started",
  ],
  observes: [["invalidate"], ["mmu_notifier_invalidate_range_start", "mn_itree_inv_end"]],
  start: () => ({ seq: null, called: {} }),
  before(memory, state, event) {
    memory.seq = "mm" in event ? (state.mms[event.mm]?.subs?.seq ?? null) : null;
  },
  after(memory, state, event, report) {
    if (event.type === "lost_events" || event.type === "buffer_started") memory.called = {};
    if (!("mm" in event)) return;
    if (event.type === "mmu_notifier_subscriptions_destroy") {
      delete memory.called[event.mm];
      return;
    }
    if (event.type === "invalidate") {
      const greatest = memory.called[event.mm];
      if (greatest !== undefined && seqDistance(greatest.seq, event.seq, state.seqModulus) < 0) {
        report.violated({
          message: `A callback was given cur_seq ${event.seq} after another had been given ${greatest.seq}.`,
          evidence: [greatest.seen],
        });
        return;
      }
      const seen = witness(event, given);
      memory.called[event.mm] = { seq: event.seq, seen };
      report.held();
      return;
    }
    if (isRecorded(event)) return;
    const after = state.mms[event.mm]?.subs?.seq ?? null;
    const { seq } = memory;
    if (seq === null || after === null) return;
    const grown = seqDistance(seq, after, state.seqModulus);
    if (grown === 0) {
      report.held();
      return;
    }
    const toOdd =
      event.type === "mmu_notifier_invalidate_range_start" ||
      event.type === "mmu_interval_notifier_insert";
    const expected = toOdd ? !isOdd(seq) : event.type === "mn_itree_inv_end" && isOdd(seq);
    if (grown === 1 && expected) report.held();
    else report.violated({ message: `invalidate_seq went from ${seq} to ${after}.` });
  },
};
