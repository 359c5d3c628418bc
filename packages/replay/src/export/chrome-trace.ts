/**
 * Events to Chrome's trace format, by the rules that Perfetto's importer really follows (spec/formats.md 1.5).
 *
 * Each task is a thread with its calls and read sections as slices; arrows lead from the set_seq of a callback to the
 * retry that it causes. Each mm is a thread of the process "address spaces", with invalidations as bands and its
 * sequence number as a counter. One file for each kind of track; this one knows the time and the order in which they
 * are told of an event:
 *
 * 1. a read section that is over ends, and one that begins is begun, so that the event's call lies inside it;
 * 2. the call or return;
 * 3. the callback that the event belongs to, which a later arrow may lead from;
 * 4. the section's outcome, which a return of hmm_range_fault decides, so after 2; then the arrow, which needs the mark
 *    of the retry;
 * 5. bands and counters, which only read the state; last the violations, which belong to none of them.
 */
import type { State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import type { Finding } from "../recording/check-report.ts";
import { ReadSections, type SectionStep } from "../timeline/read-sections.ts";
import { drawCall } from "./call-slices.ts";
import { ADDRESS_SPACES, microseconds, nanosecondsOf, TASKS, type Write } from "./chrome-record.ts";
import { InvalidationBands } from "./invalidation-bands.ts";
import { RetryArrows } from "./retry-arrows.ts";
import { SectionSlices } from "./section-slices.ts";
import { SequenceCounters } from "./sequence-counters.ts";
import { TaskSlices } from "./task-slices.ts";

/** What a trace says of a violation. */
export type MarkedFinding = Pick<Finding, "rule" | "index" | "message">;

/** Turns events into records; each event is given with the state after it. */
export class ChromeTrace {
  readonly #write: Write;
  readonly #sections = new ReadSections();
  readonly #slices: TaskSlices;
  readonly #sectionSlices: SectionSlices;
  readonly #arrows: RetryArrows;
  readonly #bands: InvalidationBands;
  readonly #counters: SequenceCounters;
  /** What is violated at an event. */
  readonly #findings = new Map<number, MarkedFinding[]>();
  readonly #named = new Set<string>();
  #nowNs = 0;
  /** When the last event was that is exported. */
  #lastNs = 0;

  /**
   * @param write Takes each record when it is complete.
   * @param findings What is violated.
   */
  constructor(write: Write, findings: readonly MarkedFinding[] = []) {
    this.#write = write;
    this.#slices = new TaskSlices(write);
    this.#sectionSlices = new SectionSlices(this.#slices);
    this.#arrows = new RetryArrows(write, this.#slices);
    this.#bands = new InvalidationBands(write);
    this.#counters = new SequenceCounters(write);
    for (const finding of findings) {
      const list = this.#findings.get(finding.index);
      if (list === undefined) this.#findings.set(finding.index, [finding]);
      else list.push(finding);
    }
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
    const atNs = this.#nowNs;
    this.#lastNs = atNs;
    if ("mm" in event && typeof event.mm === "number") {
      this.#name(ADDRESS_SPACES, event.mm, `mm${event.mm}`);
    }
    this.#sectionSlices.before(event, step, atNs);
    drawCall(this.#slices, event, atNs);
    this.#arrows.saw(event, (notifier) => this.#sections.lastOf(notifier), atNs);
    this.#sectionSlices.after(event, step, atNs);
    this.#arrows.draw(event, step, atNs);
    this.#bands.saw(event, state, atNs);
    this.#counters.saw(state, atNs);
    for (const finding of this.#findings.get(event.index) ?? []) this.#violated(event, finding);
  }

  /** An event that is not exported: time passes, tasks get their names, and sections go on, all the same. */
  overlook(event: MmEvent): SectionStep | undefined {
    // A recorded step may be known to lie before one that was printed earlier; a viewer needs one order.
    this.#nowNs = Math.max(this.#nowNs, nanosecondsOf(event));
    if (event.type === "task_start") this.#name(TASKS, event.task, event.name);
    if (event.type === "lost_events") this.#sections.forget();
    return this.#sections.saw(event);
  }

  /** No more events come: what is open is cut off at the last event. */
  end(): void {
    this.#sectionSlices.end();
    this.#slices.cut(this.#lastNs);
    this.#bands.cut(this.#lastNs);
  }

  /** A line through all tracks; several of one event lie on each other, each with its own name. */
  #violated({ task, index }: MmEvent, { rule, message }: MarkedFinding): void {
    const line = { ph: "i", name: `${rule} violated`, s: "g", pid: TASKS, tid: task };
    this.#write({ ...line, ts: microseconds(this.#nowNs), args: { index, message } });
  }

  #name(pid: number, tid: number, name: string): void {
    const key = `${pid} ${tid} ${name}`;
    if (this.#named.has(key)) return;
    this.#named.add(key);
    this.#write({ ph: "M", name: "thread_name", pid, tid, args: { name } });
  }
}
