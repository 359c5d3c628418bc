/** K-I11: all callbacks of a region see the same odd number. */
import type { EventOf, MmId, RegionId, Seq } from "@mmreplay/events";
import { isOdd } from "../state/seq.ts";
import { type Rule, type Witness, witness } from "./rule.ts";

interface Memory {
  given: Record<MmId, Record<RegionId, { seq: Seq; seen: Witness }>>;
}

const called = ({ seq }: EventOf<"invalidate">): string => `callback with cur_seq ${seq}`;

/** K-I11. */
export const K_I11: Rule<Memory> = {
  id: "K-I11",
  kind: "monitor",
  severity: "safety",
  statement: "Every callback of a region is given the same cur_seq, and it is odd.",
  source: "mn_itree_invalidate",
  on: ["invalidate", "mmu_notifier_invalidate_range_start"],
  observes: [["invalidate"]],
  start: () => ({ given: {} }),
  after(memory, _, event, report) {
    if (event.type === "mmu_notifier_invalidate_range_start") {
      delete memory.given[event.mm]?.[event.region];
      return;
    }
    if (event.type !== "invalidate") return;
    memory.given[event.mm] ??= {};
    const given = memory.given[event.mm] as Memory["given"][MmId];
    const first = given[event.region];
    if (!isOdd(event.seq)) {
      report.violated({ message: `A callback is given the even cur_seq ${event.seq}.` });
    } else if (first !== undefined && first.seq !== event.seq) {
      report.violated({
        message: `Callbacks of one region are given cur_seq ${first.seq} and ${event.seq}.`,
        evidence: [first.seen],
      });
    } else report.held();
    given[event.region] ??= {
      seq: event.seq,
      seen: witness(event, called),
    };
  },
};
