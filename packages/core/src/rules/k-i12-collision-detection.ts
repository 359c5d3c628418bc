/**
 * K-I12: a callback that returned true can be seen by every later retry check.
 *
 * The callback must have executed set_seq: otherwise a reader that began before the region finds
 * its number unchanged. A recording shows it by values: a later observation of the notifier's
 * number that is older than what a returned callback was given. Where no such value comes, the
 * missing set_seq itself counts, but only for a notifier that is read at all (the kernel waives
 * set_seq for others) and only in a whole recording.
 */
import type { EventOf, MmEvent, NotifierId, Seq, TaskId } from "@mmreplay/events";
import { seqDistance } from "../state/seq.ts";
import type { State } from "../state/state.ts";
import { earliest, isRecorded, latest } from "./position.ts";
import { type Report, type Rule, type Witness, witness } from "./rule.ts";

interface Acknowledged {
  /** cur_seq of the callback. */
  seq: Seq;
  at: number;
  returned: EventOf<"invalidate_return">;
  /** In words: with which set_seq it returned. */
  how: "told" | "untold" | "skipping";
  /** set_seq was seen inside the callback, or a value shows it. */
  told: boolean;
}

type SetSeq = Extract<MmEvent, { type: "mmu_interval_set_seq" }>;

/** A callback that has not returned. */
interface Inside {
  notifier: NotifierId;
  seq: Seq;
  told: boolean;
  /** Its set_seq, where that came without the lock. */
  bare: SetSeq | null;
  /** When its task last took or left a lock. */
  lockedAt: number | null;
}

interface Memory {
  /** The callback that a task is in. */
  inside: Record<TaskId, Inside>;
  /** The latest callback of a notifier that returned true. */
  last: Record<NotifierId, Acknowledged>;
  /** Notifiers that have been read since their insertion. */
  read: Record<NotifierId, true>;
  /** Locks are seen to be taken. */
  locks: boolean;
}

const none = (): Memory => ({ inside: {}, last: {}, read: {}, locks: false });

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
    "driver_lock",
    "driver_unlock",
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
  start: none,
  after(memory, state, event, report) {
    switch (event.type) {
      case "invalidate":
        memory.inside[event.task] = {
          notifier: event.notifier,
          seq: event.seq,
          told: false,
          bare: null,
          lockedAt: null,
        };
        break;
      case "driver_lock":
      case "driver_unlock":
        locking(memory, event);
        break;
      case "mmu_interval_set_seq": {
        const inside = memory.inside[event.task];
        if (inside?.notifier !== event.notifier) break;
        inside.told = inside.seq === event.seq;
        if (!holdsLock(state, event)) inside.bare = event;
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
        Object.assign(memory, none());
    }
  },
  end(memory, _, report) {
    for (const id of Object.keys(memory.last)) settle(memory, Number(id) as NotifierId, report);
  },
};

/** Whether the task holds the lock of the notifier's driver; a notifier without driver has none. */
function holdsLock(state: State, { notifier, task }: SetSeq): boolean {
  const mirror = state.notifiers[notifier]?.mirror ?? null;
  return mirror === null || state.mirrors[mirror]?.lock === task;
}

/** The time of an event, as far as its clock can tell it from another. */
const timeOf = (event: MmEvent): number => event.at ?? event.index;

/**
 * A callback that takes the lock after set_seq shuts readers out in time. One that takes or leaves it
 * at the very time of set_seq may have held it.
 */
function locking(memory: Memory, event: MmEvent): void {
  memory.locks = true;
  const callback = memory.inside[event.task];
  if (callback === undefined) return;
  callback.lockedAt = timeOf(event);
  if (callback.bare === null) return;
  if (event.type === "driver_lock" || timeOf(callback.bare) === timeOf(event)) callback.bare = null;
}

/** set_seq after the lock, or without one: a reader between lock and set_seq passes its check. */
function unlocked({ locks }: Memory, { bare, lockedAt }: Inside, report: Report): void {
  if (!locks || bare === null || timeOf(bare) === lockedAt) return;
  const seen = witness(bare, `set_seq(${bare.seq}) without the driver's lock`);
  report.violated({
    message: `set_seq(${bare.seq}) of notifier${bare.notifier} is executed when the callback does not hold the driver's lock and does not take it any more: a reader that has it does not notice the region.`,
    ...(isRecorded(bare) ? { absent: "driver_lock" as const } : {}),
    at: seen,
    evidence: [seen],
  });
}

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
  if (inside?.notifier !== event.notifier) return;
  if (!event.result) return;
  unlocked(memory, inside, report);
  const { seq, told } = inside;
  const region = state.mms[event.mm]?.regions[event.region];
  // A grant that its own device asked for is protected by the locks of its pages (drivers.md 2.5).
  if (!told && region?.event === "EXCLUSIVE" && region.owner !== null) return;
  const owned = region !== undefined && region.owner !== null && region.event === "MIGRATE";
  const how = told ? "told" : owned ? "skipping" : "untold";
  if (told) report.held();
  else if (!isRecorded(event)) report.violated({ message: untold(event.notifier, seq) });
  else settle(memory, event.notifier, report);
  memory.last[event.notifier] = { seq, at: latest(event), returned: event, how, told };
}

function seenOf({ seq, returned, how }: Acknowledged): Witness {
  const skips = how === "skipping" ? ", skipping its owner's MIGRATE" : "";
  const words = how === "told" ? `(cur_seq ${seq})` : `without set_seq(${seq})${skips}`;
  return witness(returned, `callback of notifier${returned.notifier} returned true ${words}`);
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
    evidence: [seenOf(last), witness(event, `${event.type} shows sequence ${seq}`)],
    at: seenOf(last),
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
    at: seenOf(last),
    evidence: [seenOf(last)],
  });
  last.told = true;
}
