/**
 * Recorded events by hand: each rests on a line, and the rules see what its probes would print.
 */
import { emptyState, reduceInPlace, type State } from "@mmreplay/core";
import {
  address,
  type EventBody,
  eventIndex,
  type MmEvent,
  mirrorId,
  mmId,
  notifierId,
  regionId,
  type Seq,
  type TaskId,
  taskId,
} from "@mmreplay/events";
import { type RuleWatch, watchRules } from "./rule-watch.ts";

const mm = mmId(0);
const notifier = notifierId(0);
const mirror = mirrorId(0);
const range = { start: address(0x1000), end: address(0x5000) };

/** The events of a recording about one mm, one mirror and one notifier over `[0x1000, 0x5000)`. */
export const said = {
  mm: (seq: number): EventBody => ({ type: "learn_mm", task: taskId(0), mm, seq: seq as Seq }),
  notifier: (seq: number | null): EventBody => ({
    type: "learn_notifier",
    task: taskId(0),
    mm,
    notifier,
    mirror,
    start: range.start,
    last: address(0x4fff),
    seq: seq as Seq | null,
  }),
  gone: (): EventBody => ({ type: "learn_notifier_gone", task: taskId(0), mm, notifier }),
  start: (task: TaskId, id: number): EventBody => ({
    type: "mmu_notifier_invalidate_range_start",
    task,
    mm,
    region: regionId(id),
    ...range,
    event: "CLEAR",
    blockable: true,
    owner: null,
  }),
  callback: (task: TaskId, id: number, seq: number): EventBody => ({
    type: "invalidate",
    task,
    mm,
    region: regionId(id),
    notifier,
    seq: seq as Seq,
  }),
  setSeq: (task: TaskId, seq: number): EventBody => ({
    type: "mmu_interval_set_seq",
    task,
    notifier,
    seq: seq as Seq,
  }),
  answer: (task: TaskId, id: number, result = true): EventBody => ({
    type: "invalidate_return",
    task,
    mm,
    region: regionId(id),
    notifier,
    result,
  }),
  readBegin: (task: TaskId, seq: number): EventBody => ({
    type: "mmu_interval_read_begin",
    task,
    mm,
    notifier,
    seq: seq as Seq,
    waits: null,
  }),
  store: (task: TaskId, seq: number, recordedSeq: number): EventBody => ({
    type: "device_map_begin",
    task,
    mirror,
    notifier,
    seq: seq as Seq,
    ...range,
    recordedSeq: recordedSeq as Seq,
  }),
  remove: (task: TaskId): EventBody => ({
    type: "mmu_interval_notifier_remove",
    task,
    mm,
    notifier,
  }),
  removed: (task: TaskId): EventBody => ({
    type: "mmu_interval_notifier_remove_return",
    task,
    mm,
    notifier,
  }),
  unpairedEnd: (task: TaskId, refused: boolean): EventBody => ({
    type: "unpaired_range_end",
    task,
    mm,
    ...range,
    refused,
  }),
  lost: (): EventBody =>
    ({ type: "lost_events", task: taskId(0), cpu: 0, count: 5, since: 0 }) as unknown as EventBody,
} as const;

/** What was learned, and what the rules said of it. */
export interface Told {
  readonly state: State;
  readonly rules: RuleWatch;
}

/** Folds recorded events, one a line, under the eyes of all rules. */
export function tell(bodies: readonly EventBody[]): Told {
  const state = emptyState();
  const rules = watchRules();
  for (const [index, body] of bodies.entries()) {
    const event = { ...body, index: eventIndex(index), evidence: [index + 1] } as MmEvent;
    rules.before(state, event);
    reduceInPlace(state, event);
    rules.after(state, event);
  }
  rules.end(state);
  return { state, rules };
}
