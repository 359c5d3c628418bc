/**
 * What a table writes for each event: the kernel's function, its arguments that matter, its result.
 *
 * Steps without a function of their own get plain words. What is not recorded but follows stands in
 * brackets with a question mark. An event that has no entry here is printed by its type.
 */
import { frameOfCpu, isRecorded, kindOf } from "@mmreplay/core";
import {
  addLength,
  type EventOf,
  type EventType,
  type MmEvent,
  type NotifierId,
} from "@mmreplay/events";
import { functionName, pageSpan, returnCode, span, subName } from "./names.ts";

/** One event in words. */
export interface Words {
  readonly text: string;
  /** Instead of the text where that takes more than two lines. */
  readonly short?: string;
  /** State remarks below it, without their brackets. */
  readonly remarks?: readonly string[];
  /** Says nothing that the reader misses; shown only as evidence. */
  readonly quiet?: boolean;
}

type Wording = { [T in EventType]?: (event: EventOf<T>, subject: NotifierId | null) => Words };

const call = (type: string, args = ""): string => `${functionName(type)}(${args})`;

const WORDING: Wording = {
  mmu_interval_read_begin: (e, subject) => ({
    text: `${call(e.type, subName(e.notifier, subject))} = ${e.seq}`,
    ...(e.waits ? { remarks: ["sleeps until subs->invalidate_seq moves"] } : {}),
  }),
  read_begin_wake: (e, subject) => ({
    text: `read_begin(${subName(e.notifier, subject)}) wakes, seq ${e.seq}`,
  }),
  read_seq_unguarded: (e, subject) => ({
    text: `seq = ${e.seq} of ${subName(e.notifier, subject)}`,
    remarks: ["without read_begin"],
  }),
  mmu_interval_read_retry: (e, subject) => ({
    text: `${call(e.type, `${subName(e.notifier, subject)}, ${e.seq}`)} = ${e.result}`,
  }),
  mmu_interval_check_retry: (e, subject) => ({
    text: `${call(e.type, `${subName(e.notifier, subject)}, ${e.seq}`)} = ${e.result}`,
  }),
  mmu_interval_set_seq: (e, subject) => ({
    text: call(e.type, `${subName(e.notifier, subject)}, ${e.seq}`),
  }),
  mmu_notifier_invalidate_range_start: (e) => ({
    text: call(e.type),
    remarks: [
      `${e.event} ${span(e.start, e.end)}`,
      ...(e.blockable === false ? ["not blockable"] : []),
      ...(e.owner === null ? [] : ["owner set: it may skip this"]),
    ],
  }),
  mmu_notifier_invalidate_range_start_return: (e) => ({
    text: `${call(e.type)} = ${returnCode(e.rc)}`,
    quiet: e.rc === 0,
  }),
  mmu_notifier_invalidate_range_end: (e) => ({ text: call(e.type) }),
  mmu_notifier_invalidate_range_end_return: (e) => ({
    text: `${call(e.type)} returns`,
    quiet: true,
  }),
  mn_itree_inv_end: (e) => ({ text: call(e.type), quiet: true }),
  unpaired_range_end: (e) => ({
    text: "invalidate_range_end()",
    remarks: [
      `${span(e.start, e.end)}, no such region is open`,
      ...(e.refused ? ["its start had returned -EAGAIN"] : []),
    ],
  }),
  invalidate: (e, subject) => ({
    text: call(e.type, `${subName(e.notifier, subject)}, cur_seq ${e.seq}`),
  }),
  invalidate_return: (e) => ({ text: `invalidate() = ${e.result}` }),
  hmm_range_fault: (e) => ({
    text: call(e.type, `seq ${e.seq}`),
    remarks: [span(e.start, e.end)],
  }),
  hmm_range_fault_return: (e) => ({ text: `${call(e.type)} = ${returnCode(e.rc)}` }),
  hmm_vma_handle_pte: (e) => ({ text: call(e.type), remarks: frameWords(e.entries) }),
  cpu_pte_change: (e) => ({ text: "change CPU PTEs", remarks: frameWords(e.entries) }),
  handle_mm_fault: (e) => ({ text: call(e.type), remarks: frameWords(e.entries) }),
  driver_lock: () => ({ text: "lock(driver)" }),
  driver_unlock: () => ({ text: "unlock(driver)" }),
  driver_trylock_fail: () => ({ text: "trylock(driver) = false" }),
  driver_set: (e) => ({
    text: Object.entries(e.variables)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", "),
  }),
  device_map_begin: (e) => ({
    text: `store pages looked up at seq ${e.seq}`,
    remarks: [span(e.start, e.end), ...sequenceAtStore(e)],
  }),
  device_map: (e) => mapped(e),
  device_unmap: (e) => pagesIn("unmap", e.startPage, e.endPageExclusive),
  device_fault: () => ({ text: "device fault", quiet: true }),
  device_fault_return: (e) => ({
    text: `device fault: ${e.result.replaceAll("_", " ")}`,
    quiet: !isRecorded(e) && e.result === "stored",
  }),
  mmu_interval_notifier_insert_begin: (e) => ({ text: call(e.type), quiet: true }),
  mmget: (e) => ({ text: call(e.type), quiet: true }),
  mmput: (e) => ({ text: call(e.type), quiet: true }),
  mmu_interval_notifier_insert: (e, subject) => ({
    text: `${call(e.type, subName(e.notifier, subject))} = ${returnCode(e.rc)}`,
    remarks: interval(e),
  }),
  driver_remove_begin: (e, subject) => ({
    text: `stop faults through ${subName(e.notifier, subject)}`,
  }),
  mmu_interval_notifier_remove: (e, subject) => ({
    text: call(e.type, subName(e.notifier, subject)),
  }),
  remove_wake: (e, subject) => ({ text: `remove(${subName(e.notifier, subject)}) wakes` }),
  mmu_interval_notifier_remove_return: (e, subject) => ({
    text: `${call(e.type, subName(e.notifier, subject))} returns`,
  }),
  deferred_list_apply: (e, subject) => ({
    text: `apply deferred ${subName(e.notifier, subject)}`,
    quiet: true,
  }),
  wake_up_all: (e) => ({ text: call(e.type), quiet: true }),
  migrate_vma_setup: (e) => ({ text: call(e.type), remarks: [span(e.start, e.end)] }),
  migrate_vma_setup_return: (e) => ({
    text: `${call(e.type)} = ${returnCode(e.rc)}`,
    quiet: e.rc === 0,
  }),
  migrate_copy: (e) => ({ text: "copy pages", remarks: [span(e.start, e.end)] }),
  migrate_vma_pages_return: (e) => ({ text: `${call(e.type)} returns`, quiet: true }),
  migrate_vma_finalize_return: (e) => ({ text: `${call(e.type)} returns`, quiet: true }),
  make_device_exclusive_range_return: (e) => ({ text: `${call(e.type)} = ${e.pages}` }),
  lost_events: (e) => ({ text: `[ LOST ${e.count === 0 ? "some" : e.count} events ]` }),
  buffer_started: (e) => ({ text: `[ CPU ${e.cpu}: nothing known before ]` }),
  mmu_notifier_call: (e) => ({ text: `${e.operation}()` }),
  mn_hlist_callback: (e) => ({ text: `ops->${e.operation}(plain${e.plain}) = ${e.result}` }),
  mn_hlist_invalidate_range_start: (e) => ({
    text: `ops->invalidate_range_start(plain${e.plain}) = ${returnCode(e.rc)}`,
  }),
  mn_hlist_invalidate_end: (e) => ({ text: `ops->invalidate_range_end(plain${e.plain})` }),
  task_skip: (e) => ({ text: `(no ${e.of}: ${e.why.replaceAll("_", " ")})` }),
  mmu_notifier_register: (e) => ({ text: `${call(e.type)} = ${returnCode(e.rc)}` }),
};

/** The words for an event; `subject` is the notifier that is called `sub`. */
export function wordsOf(event: MmEvent, subject: NotifierId | null): Words {
  // The table's entry of a type takes the event of that type; TypeScript cannot pair the two unions.
  const wording = WORDING[event.type] as
    | ((event: MmEvent, subject: NotifierId | null) => Words)
    | undefined;
  if (wording !== undefined) return wording(event, subject);
  const returns = event.type.endsWith("_return");
  return { text: `${call(event.type)}${returns ? " returns" : ""}` };
}

/** Pages and their frames; of many the first. */
export function frameWords(entries: readonly (readonly [number, number])[]): string[] {
  return entries
    .slice(0, 3)
    .map(([page, entry]) => `${pageSpan(page, page + 1)} -> ${entryWords(entry)}`)
    .concat(entries.length > 3 ? [`and ${entries.length - 3} more`] : []);
}

/** A CPU entry: its frame, and what it is if it is not writable. */
function entryWords(entry: number): string {
  const kind = kindOf(entry);
  if (kind === undefined) return "none";
  const frame = `frame ${frameOfCpu(entry)}`;
  return kind === "writable" ? frame : `${frame} (${kind.replace("_", "-")})`;
}

function mapped(event: EventOf<"device_map">): Words {
  const pages = event.entries.map(([page]) => page);
  const [first, last] = [pages[0], pages.at(-1)];
  if (first === undefined || last === undefined) return { text: "map nothing" };
  const together = last - first + 1 === pages.length;
  const words = together
    ? pagesIn("map", first, last + 1)
    : { text: `map ${pages.length} pages from ${pageSpan(first, first + 1)}` };
  // A recording does not show the frames.
  if (isRecorded(event)) return words;
  const [entry, second] = frameWords(event.entries.map(([page, frame]) => [page, frame]));
  return second === undefined ? { text: `map ${entry}` } : words;
}

function pagesIn(verb: string, first: number, endExclusive: number): Words {
  return {
    text: `${verb} ${pageSpan(first, endExclusive)}`,
    short: `${verb} ${pageSpan(first, first + 1)} (${endExclusive - first} pages)`,
  };
}

/** What an inserted notifier covers. */
function interval({ rc, start, length }: EventOf<"mmu_interval_notifier_insert">): string[] {
  const end = rc === 0 ? addLength(start, length) : undefined;
  return end === undefined ? [] : [span(start, end)];
}

/** What the notifier's own number was when the store began, where it was recorded. */
function sequenceAtStore(event: EventOf<"device_map_begin">): string[] {
  const { recordedSeq, seq } = event;
  if (recordedSeq === undefined) return [];
  return recordedSeq === seq
    ? [`sub->invalidate_seq = ${seq}`]
    : [`sub->invalidate_seq = ${recordedSeq}: retry was due`];
}
