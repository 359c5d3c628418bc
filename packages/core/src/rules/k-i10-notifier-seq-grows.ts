/** K-I10: a notifier's own sequence never decreases between its insertion and its removal. */
import type { EventOf, NotifierId, Seq } from "@mmreplay/events";
import { seqDistance } from "../state/seq.ts";
import { type Rule, type Witness, witness } from "./rule.ts";

interface Memory {
  last: Record<NotifierId, { seq: Seq; seen: Witness }>;
}

const acknowledged = ({ seq }: EventOf<"mmu_interval_set_seq">): string => `set_seq(${seq})`;

/** K-I10. */
export const K_I10: Rule<Memory> = {
  id: "K-I10",
  kind: "monitor",
  severity: "safety",
  statement: "Between insert and remove a notifier's invalidate_seq never decreases.",
  source: "mmu_interval_set_seq: cur_seq is constant in an epoch",
  on: [
    "mmu_interval_notifier_insert",
    "learn_notifier_gone",
    "mmu_interval_set_seq",
    "lost_events",
    "buffer_started",
  ],
  observes: [["mmu_interval_set_seq"]],
  start: () => ({ last: {} }),
  after(memory, state, event, report) {
    if (event.type === "lost_events" || event.type === "buffer_started") {
      memory.last = {};
      return;
    }
    if (event.type === "mmu_interval_notifier_insert" || event.type === "learn_notifier_gone") {
      delete memory.last[event.notifier];
      return;
    }
    if (event.type !== "mmu_interval_set_seq") return;
    const last = memory.last[event.notifier];
    if (last !== undefined && seqDistance(last.seq, event.seq, state.seqModulus) < 0) {
      report.violated({
        message: `set_seq(${event.seq}) on notifier${event.notifier}, which had acknowledged ${last.seq}.`,
        evidence: [last.seen],
      });
    } else report.held();
    memory.last[event.notifier] = {
      seq: event.seq,
      seen: witness(event, acknowledged),
    };
  },
};
