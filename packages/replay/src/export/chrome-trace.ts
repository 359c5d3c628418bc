/**
 * Events to Chrome's trace format, by the rules that Perfetto's importer really follows (spec/formats.md 1.5).
 *
 * Each task is a thread with its calls as slices: read sections, range faults, starts and ends of invalidations,
 * callbacks. Each mm is a thread of the process "address spaces": there invalidations are asynchronous bands,
 * and the sequence number and the count of open regions are counters. An arrow leads from the set_seq of a
 * callback to the retry that it causes; both its ends lie inside slices, or nobody would draw it. What a section is,
 * and what made it retry, is said in `timeline/read-sections.ts`.
 */
import { openRegion, type State } from "@mmreplay/core";
import type { MmEvent, TaskId } from "@mmreplay/events";
import { type Callback, ReadSections, type SectionStep } from "../timeline/read-sections.ts";
import { type OpenSlice, Slices } from "./slices.ts";

/** Process ids of the trace. */
const ADDRESS_SPACES = 1;
const TASKS = 2;
const NS_PER_US = 1000;

/** A record of the format; times are microseconds. */
export type ChromeRecord = Record<string, unknown> & { readonly ph: string };

/** Calls whose return is another event: the slices of a task. */
const CALLS: Readonly<Record<string, string>> = {
  hmm_range_fault: "hmm_range_fault",
  invalidate: "invalidate",
  mmu_notifier_invalidate_range_start: "invalidate_range_start",
  mmu_notifier_invalidate_range_end: "invalidate_range_end",
  mmu_interval_notifier_remove: "mmu_interval_notifier_remove",
  migrate_vma_setup: "migrate_vma_setup",
  migrate_vma_pages: "migrate_vma_pages",
  migrate_vma_finalize: "migrate_vma_finalize",
  dmirror_fops_unlocked_ioctl: "dmirror_ioctl",
};
const RETURNS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CALLS).map(([type, name]) => [`${type}_return`, name]),
);
const SECTION = "read section";

/** Turns events into records; each event is given with the state after it. */
export class ChromeTrace {
  readonly #write: (record: ChromeRecord) => void;
  readonly #slices = new Slices<TaskId>();
  readonly #sections = new ReadSections();
  /** Where an arrow begins: at the set_seq of a callback that is exported, or, before that is seen, at its call. */
  readonly #told = new WeakMap<Callback, number>();
  /** The callback that each task is in. */
  readonly #callbacks = new Map<TaskId, Callback>();
  /** Sections that have stored, or retried, and when: they end there unless they go on. */
  readonly #closing = new Map<TaskId, number>();
  readonly #violations: ReadonlyMap<number, string>;
  readonly #named = new Set<string>();
  /** Names of the open bands, by their ids. */
  readonly #bands = new Map<string, string>();
  #now = 0;
  #arrows = 0;
  #sequences = "";

  /**
   * @param write Takes each record when it is complete.
   * @param violations What is violated at which event.
   */
  constructor(
    write: (record: ChromeRecord) => void,
    violations: ReadonlyMap<number, string> = new Map(),
  ) {
    this.#write = write;
    this.#violations = violations;
    for (const [pid, name] of [
      [ADDRESS_SPACES, "address spaces"],
      [TASKS, "tasks"],
    ]) {
      write({ ph: "M", name: "process_name", pid, tid: 0, args: { name } });
    }
  }

  /** The next event, and the state after it. */
  event(event: MmEvent, state: State): void {
    const step = this.overlook(event);
    this.#close(event.task, step);
    if (step?.is === "begins") this.#begins(event.task, step);
    this.#call(event);
    this.#tell(event);
    this.#section(event, step);
    this.#band(event, state);
    this.#counters(state);
    const violated = this.#violations.get(event.index);
    if (violated === undefined) return;
    this.#instant(event.task, violated, "g", { index: event.index });
  }

  /** An event that is not exported: time passes, tasks get their names, and sections go on, all the same. */
  overlook(event: MmEvent): SectionStep | undefined {
    // A recorded step may be known to lie before one that was printed earlier; a viewer needs one order.
    this.#now = Math.max(this.#now, event.at === undefined ? event.index : event.at / NS_PER_US);
    if (event.type === "task_start") this.#name(TASKS, event.task, event.name);
    if (event.type === "lost_events") this.#sections.forget();
    return this.#sections.saw(event);
  }

  /** No more events come: what is open stays open. */
  end(): void {
    for (const task of [...this.#closing.keys()]) this.#close(task, undefined);
    for (const { thread, slice } of this.#slices.left()) {
      const { name, category: cat, from: ts, args } = slice;
      this.#write({ ph: "B", name, cat, ts, pid: TASKS, tid: thread, args });
    }
  }

  /** A section that has stored or retried ends where it did so, now that its task does something else. */
  #close(task: TaskId, step: SectionStep | undefined): void {
    const ts = this.#closing.get(task);
    if (ts === undefined || step?.is === "goes_on") return;
    this.#closing.delete(task);
    this.#end(task, SECTION, ts);
  }

  #begins(task: TaskId, { section }: SectionStep): void {
    this.#end(task, SECTION);
    if (section === undefined) return;
    this.#begin(task, SECTION, "read", { notifier: section.notifier, seq: section.seq });
  }

  #section({ type, task }: MmEvent, step: SectionStep | undefined): void {
    switch (step?.is) {
      case "goes_on":
        if (type === "device_map") this.#closing.set(task, this.#now);
        break;
      case "kept":
        this.#slices.tell(task, SECTION, { outcome: "kept" });
        break;
      case "retried":
        if (step.section !== undefined) this.#slices.tell(task, SECTION, { outcome: "retried" });
        this.#retried(task, step);
        this.#closing.set(task, this.#now);
        break;
      case "left":
        this.#end(task, SECTION);
        break;
      default:
    }
  }

  /** The arrow to a retry begins where the callback that caused it told the notifier. */
  #retried(task: TaskId, { notifier, cause }: SectionStep & { readonly is: "retried" }): void {
    this.#instant(task, "retry", "t", { notifier });
    const from = cause === undefined ? undefined : this.#told.get(cause);
    if (cause === undefined || from === undefined || !this.#slices.inside(task)) return;
    this.#arrows += 1;
    const arrow = { name: "retry", cat: "flow", id: this.#arrows, pid: TASKS };
    this.#write({ ...arrow, ph: "s", ts: from, tid: cause.task });
    this.#write({ ...arrow, ph: "f", bp: "e", ts: this.#now, tid: task });
  }

  /** When a callback was made, and when it told its notifier. */
  #tell(event: MmEvent): void {
    const { type, task } = event;
    if (type === "invalidate") {
      const made = this.#sections.lastOf(event.notifier);
      if (made === undefined) return;
      this.#callbacks.set(task, made);
      this.#told.set(made, this.#now);
    }
    if (type === "invalidate_return") this.#callbacks.delete(task);
    if (type !== "mmu_interval_set_seq") return;
    this.#instant(task, "set_seq", "t", { notifier: event.notifier, seq: event.seq });
    const callback = this.#callbacks.get(task);
    if (callback !== undefined) this.#told.set(callback, this.#now);
  }

  #call(event: MmEvent): void {
    const { type, task } = event;
    const called = CALLS[type];
    if (called !== undefined) this.#begin(task, called, "call", argumentsOf(event));
    const returned = RETURNS[type];
    if (returned !== undefined) {
      if ("rc" in event) this.#slices.tell(task, returned, { rc: event.rc });
      this.#end(task, returned);
    }
  }

  /** An invalidation, from the call of its start to the return of its end. */
  #band(event: MmEvent, state: State): void {
    const begins = event.type === "mmu_notifier_invalidate_range_start";
    const refused = event.type === "mmu_notifier_invalidate_range_start_return" && event.rc !== 0;
    if (!begins && !refused && event.type !== "mmu_notifier_invalidate_range_end_return") return;
    const { mm, region } = event;
    this.#name(ADDRESS_SPACES, mm, `mm${mm}`);
    const id = `0x${(mm * 2 ** 32 + region).toString(16)}`;
    const record = { cat: "invalidation", id, pid: ADDRESS_SPACES, tid: mm, ts: this.#now };
    const open = state.mms[mm] === undefined ? undefined : openRegion(state.mms[mm], region);
    const before = this.#bands.get(id);
    // Lost events may have taken the end of a region whose number is used again.
    if (before !== undefined) this.#write({ ...record, ph: "e", name: before, args: {} });
    this.#bands.delete(id);
    if (!begins) return;
    const name = `${event.event} invalidation`;
    this.#bands.set(id, name);
    this.#write({
      ...record,
      ph: "b",
      name,
      args: { ...argumentsOf(event), seq: open?.seq ?? null },
    });
  }

  #counters(state: State): void {
    const sequences = state.mms.map(({ subs }) => [subs?.seq ?? 0, subs?.active ?? 0]);
    const text = JSON.stringify(sequences);
    if (text === this.#sequences) return;
    this.#sequences = text;
    for (const [mm, [seq, active]] of sequences.entries()) {
      const counter = { ph: "C", pid: ADDRESS_SPACES, tid: mm, ts: this.#now };
      this.#write({ ...counter, name: `mm${mm} invalidate_seq`, args: { seq } });
      this.#write({ ...counter, name: `mm${mm} active_invalidate_ranges`, args: { active } });
    }
  }

  #begin(task: TaskId, name: string, category: string, args: OpenSlice["args"]): void {
    this.#slices.begin(task, { name, category, from: this.#now, args });
  }

  #end(task: TaskId, name: string, at: number = this.#now): void {
    for (const slice of this.#slices.end(task, name, at)) {
      const { name: ended, category: cat, from: ts, to, args } = slice;
      this.#write({ ph: "X", name: ended, cat, ts, dur: to - ts, pid: TASKS, tid: task, args });
    }
  }

  #instant(task: TaskId, name: string, s: "t" | "g", args: Record<string, unknown>): void {
    this.#write({ ph: "i", name, s, ts: this.#now, pid: TASKS, tid: task, args });
  }

  #name(pid: number, tid: number, name: string): void {
    const key = `${pid} ${tid} ${name}`;
    if (this.#named.has(key)) return;
    this.#named.add(key);
    this.#write({ ph: "M", name: "thread_name", pid, tid, args: { name } });
  }
}

/** Where an event rests in the recording, and what it names. */
function argumentsOf(event: MmEvent): Record<string, unknown> {
  const { index, type, task, at, order, places, goto, set, call, ret, evidence, cpu, ...own } =
    event as MmEvent & Record<string, unknown>;
  return { index, ...(evidence === undefined ? {} : { line: evidence[0] }), ...own };
}
