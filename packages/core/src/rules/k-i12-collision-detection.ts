/**
 * K-I12: a callback that returned true can be seen by every later retry check.
 *
 * The callback must have executed set_seq: otherwise a reader that began before the region finds
 * its number unchanged. A recording shows it by values: a later observation of the notifier's
 * number that is older than what a returned callback was given. Where no such value comes, the
 * missing set_seq itself counts, but only for a notifier that is read at all (the kernel waives
 * set_seq for others) and only in a whole recording.
 */
import type { MmEvent, NotifierId, Seq, TaskId } from "@mmreplay/events";
import { seqDistance } from "../state/seq.ts";
import type { State } from "../state/state.ts";
import { earliest, isRecorded, latest } from "./position.ts";
import { type Report, type Rule, type Witness, witness } from "./rule.ts";

interface Acknowledged {
  /** cur_seq of the callback. */
  seq: Seq;
  at: number;
  seen: Witness;
  /** set_seq was seen inside the callback. */
  told: boolean;
}

interface Memory {
  /** The callback that a task is in. */
  inside: Record<TaskId, { notifier: NotifierId; seq: Seq; told: boolean }>;
  /** The latest callback of a notifier that returned true. */
  last: Record<NotifierId, Acknowledged>;
  /** Notifiers that have been read since their insertion. */
  read: Record<NotifierId, true>;
}

/** K-I12. */
export const K_I12: Rule<Memory> = {
  id: "K-I12",
  kind: "monitor",
  severity: "safety",
  statement:
    "Once a notifier's callback for an overlapping region has returned true, it has executed set_seq(cur_seq), and every later read_retry with a sequence from before the region is true.",
  source: "comments on mmu_interval_read_retry and mmu_interval_set_seq",
  on: [
    "invalidate",
    "mmu_interval_set_seq",
    "invalidate_return",
    "mmu_interval_read_begin",
    "hmm_range_fault",
    "mmu_interval_read_retry",
    "device_map_begin",
    "device_map",
    "mmu_interval_notifier_insert",
    "learn_notifier_gone",
    "mmu_interval_notifier_remove",
    "lost_events",
    "buffer_started",
  ],
  observes: [["invalidate_return"]],
  start: () => ({ inside: {}, last: {}, read: {} }),
  after(memory, state, event, report) {
    switch (event.type) {
      case "invalidate":
        memory.inside[event.task] = { notifier: event.notifier, seq: event.seq, told: false };
        break;
      case "mmu_interval_set_seq": {
        const inside = memory.inside[event.task];
        if (inside?.notifier === event.notifier) inside.told = inside.seq === event.seq;
        break;
      }
      case "invalidate_return":
        returned(memory, state, event, report);
        break;
      case "mmu_interval_read_begin":
        memory.read[event.notifier] = true;
        shows(memory, state, event, event.notifier, event.seq, 1, report);
        break;
      case "hmm_range_fault":
        memory.read[event.notifier] = true;
        break;
      case "mmu_interval_read_retry":
        memory.read[event.notifier] = true;
        if (!event.result) shows(memory, state, event, event.notifier, event.seq, 1, report);
        else report.held();
        break;
      case "device_map_begin":
        memory.read[event.notifier] = true;
        shows(memory, state, event, event.notifier, event.recordedSeq ?? null, 1, report);
        break;
      case "device_map":
        stored(memory, state, event, report);
        break;
      case "mmu_interval_notifier_insert":
      case "learn_notifier_gone":
        forget(memory, event.notifier);
        break;
      case "mmu_interval_notifier_remove":
        settle(memory, event.notifier, report);
        forget(memory, event.notifier);
        break;
      default:
        Object.assign(memory, { inside: {}, last: {}, read: {} });
    }
  },
  end(memory, _, report) {
    for (const id of Object.keys(memory.last)) settle(memory, Number(id) as NotifierId, report);
  },
};

function forget(memory: Memory, notifier: NotifierId): void {
  delete memory.last[notifier];
  delete memory.read[notifier];
}

function returned(
  memory: Memory,
  state: State,
  event: Extract<MmEvent, { type: "invalidate_return" }>,
  report: Report,
): void {
  const inside = memory.inside[event.task];
  delete memory.inside[event.task];
  if (!event.result) return;
  if (inside?.notifier !== event.notifier) return;
  const { seq, told } = inside;
  const region = state.mms[event.mm]?.regions[event.region];
  const owned = region !== undefined && region.owner !== null && region.event === "MIGRATE";
  const how = told
    ? `(cur_seq ${seq})`
    : `without set_seq(${seq})${owned ? ", skipping its owner's MIGRATE" : ""}`;
  const seen = witness(event, `callback of notifier${event.notifier} returned true ${how}`);
  if (told) report.held();
  else if (!isRecorded(event)) report.violated({ message: untold(event.notifier, seq) });
  else settle(memory, event.notifier, report);
  memory.last[event.notifier] = { seq, at: latest(event), seen, told };
}

const untold = (notifier: NotifierId, seq: Seq): string =>
  `The callback of notifier${notifier} returned true without set_seq(${seq}): a reader that began before the region does not notice it.`;

/** An event shows the notifier's number at a place; null: it does not say. */
function shows(
  memory: Memory,
  state: State,
  event: MmEvent,
  notifier: NotifierId,
  seq: Seq | null,
  cases: number,
  report: Report,
): void {
  const last = memory.last[notifier];
  if (seq === null) return;
  if (last === undefined || last.at >= earliest(event)) {
    report.held(cases);
    return;
  }
  if (seqDistance(last.seq, seq, state.seqModulus) >= 0) {
    last.told = true;
    report.held(cases);
    return;
  }
  report.violated({
    message: `${untold(notifier, last.seq)} Later its sequence was still ${seq}.`,
    evidence: [last.seen, witness(event, `${event.type} shows sequence ${seq}`)],
    at: last.seen,
    byValue: true,
  });
  delete memory.last[notifier];
}

/** A store rests on its section's number; it is a case for each entry that it stores. */
function stored(
  memory: Memory,
  state: State,
  event: Extract<MmEvent, { type: "device_map" }>,
  report: Report,
): void {
  const section = state.tasks[event.task]?.section;
  if (event.notifier === null || section?.notifier !== event.notifier) return;
  const last = memory.last[event.notifier];
  const current = last === undefined || seqDistance(last.seq, section.seq, state.seqModulus) >= 0;
  if (current) report.held(event.entries.length);
}

/** No value has shown whether the last callback told; its set_seq is missing. */
function settle(memory: Memory, notifier: NotifierId, report: Report): void {
  const last = memory.last[notifier];
  if (last === undefined || last.told || memory.read[notifier] === undefined) return;
  report.violated({
    message: untold(notifier, last.seq),
    absent: "mmu_interval_set_seq",
    at: last.seen,
    evidence: [last.seen],
  });
  last.told = true;
}
