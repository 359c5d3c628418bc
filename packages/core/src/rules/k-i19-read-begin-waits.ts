/**
 * K-I19: read_begin waits exactly for the epoch that its notifier has acknowledged.
 *
 * A recording shows a missing wait by values: read_begin had returned s, and later a callback is still
 * given s as cur_seq, so the mm's sequence was s all the time; or s is what the callback of a region was
 * given that was open during the whole call.
 */
import type { EventOf, MmEvent, MmId, NotifierId, RegionId, Seq } from "@mmreplay/events";
import { seqDistance } from "../state/seq.ts";
import type { State } from "../state/state.ts";
import { earliest, isRecorded, latest } from "./position.ts";
import { type Report, type Rule, type Witness, witness } from "./rule.ts";

interface Memory {
  mustWait: boolean;
  /** Greatest number that a read_begin on an mm has returned, and where. */
  returned: Record<MmId, { seq: Seq; at: number; seen: Witness }>;
  mmOf: Record<NotifierId, MmId>;
  /** What the callbacks of open regions were given. */
  open: Record<MmId, Record<RegionId, { seq: Seq; at: number; seen: Witness; reads: Witness[] }>>;
}

const called = ({ seq }: EventOf<"invalidate">): string => `a callback is given cur_seq ${seq}`;
const begun = ({ seq }: EventOf<"mmu_interval_read_begin" | "read_begin_wake">): string =>
  `read_begin returned ${seq}`;

/** K-I19. */
export const K_I19: Rule<Memory> = {
  id: "K-I19",
  kind: "monitor",
  severity: "liveness",
  statement:
    "read_begin waits if and only if the notifier's invalidate_seq equals the mm's at its step, and wakes when the mm's has moved.",
  source: "mmu_interval_read_begin",
  on: [
    "mmu_interval_read_begin",
    "read_begin_wake",
    "invalidate",
    "invalidate_return",
    "mmu_notifier_invalidate_range_end",
    "lost_events",
    "buffer_started",
    "mmu_notifier_subscriptions_destroy",
  ],
  observes: [
    ["mm_create", "mmu_interval_read_begin"],
    ["invalidate", "mmu_interval_read_begin"],
  ],
  start: () => ({ mustWait: false, returned: {}, mmOf: {}, open: {} }),
  before(memory, state, event) {
    if (event.type === "mmu_interval_read_begin") {
      memory.mustWait = state.mms[event.mm]?.subs?.seq === event.seq;
    } else if (event.type === "read_begin_wake") {
      const sleep = state.tasks[event.task]?.sleep;
      memory.mustWait = sleep != null && state.mms[sleep.mm]?.subs?.seq === sleep.seq;
    }
  },
  after(memory, state, event, report) {
    switch (event.type) {
      case "mmu_interval_read_begin":
        memory.mmOf[event.notifier] = event.mm;
        if (event.waits !== null && !isRecorded(event) && event.waits !== memory.mustWait) {
          report.violated({
            message: event.waits
              ? `read_begin waits although the mm's sequence is not ${event.seq}.`
              : `read_begin does not wait although the mm's sequence is still ${event.seq}.`,
          });
          return;
        }
        report.held();
        if (isRecorded(event)) suspect(memory, event);
        if (event.waits !== true || isRecorded(event)) remember(memory, state, event.mm, event);
        break;
      case "read_begin_wake": {
        const mm = memory.mmOf[event.notifier];
        if (memory.mustWait)
          report.violated({ message: "read_begin woke before its epoch ended." });
        else report.held();
        if (mm !== undefined) remember(memory, state, mm, event);
        break;
      }
      case "invalidate": {
        given(memory, state, event);
        const returned = memory.returned[event.mm];
        if (returned?.seq !== event.seq || returned.at >= earliest(event)) return;
        report.violated({
          message: `read_begin had returned ${event.seq}, and a callback is still given cur_seq ${event.seq}: it did not wait for the end of its epoch.`,
          evidence: [returned.seen],
        });
        delete memory.returned[event.mm];
        for (const region of Object.values(memory.open[event.mm] ?? {})) region.reads = [];
        break;
      }
      case "invalidate_return":
        if (!event.result) delete memory.open[event.mm]?.[event.region];
        break;
      case "mmu_notifier_invalidate_range_end":
        ended(memory, event, report);
        break;
      case "mmu_notifier_subscriptions_destroy":
        delete memory.returned[event.mm];
        delete memory.open[event.mm];
        break;
      default:
        memory.returned = {};
        memory.open = {};
    }
  },
};

/** A release ends before its return is seen, so its epoch is not known to be open. */
function given(memory: Memory, state: State, event: EventOf<"invalidate">): void {
  const region = state.mms[event.mm]?.regions[event.region];
  if (!isRecorded(event) || region === undefined || region.event === "RELEASE") return;
  memory.open[event.mm] ??= {};
  (memory.open[event.mm] as Memory["open"][MmId])[event.region] = {
    seq: event.seq,
    at: latest(event),
    seen: witness(event, called),
    reads: [],
  };
}

/** A call that lay, so far, in an epoch whose callback had been given the number it returned. */
function suspect(memory: Memory, event: EventOf<"mmu_interval_read_begin">): void {
  for (const region of Object.values(memory.open[event.mm] ?? {})) {
    if (region.seq !== event.seq || region.at >= earliest(event)) continue;
    region.reads.push(witness(event, begun));
  }
}

/** The region ends only now: what was read in it had to wait. */
function ended(
  memory: Memory,
  event: EventOf<"mmu_notifier_invalidate_range_end">,
  report: Report,
): void {
  const region = memory.open[event.mm]?.[event.region];
  delete memory.open[event.mm]?.[event.region];
  for (const read of region?.reads ?? []) {
    report.violated({
      message: `read_begin returned ${region?.seq} while an invalidation with that cur_seq was open: it did not wait.`,
      evidence: [region?.seen as Witness, read],
    });
  }
}

function remember(
  memory: Memory,
  state: State,
  mm: MmId,
  event: Extract<MmEvent, { type: "mmu_interval_read_begin" | "read_begin_wake" }>,
): void {
  const last = memory.returned[mm];
  if (last !== undefined && seqDistance(last.seq, event.seq, state.seqModulus) < 0) return;
  memory.returned[mm] = {
    seq: event.seq,
    at: latest(event),
    seen: witness(event, begun),
  };
}
