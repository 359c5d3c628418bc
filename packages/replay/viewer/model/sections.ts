/**
 * Read sections by their events: from read_begin to the store, or to the check that says "again".
 *
 * What made a section retry is the first invalidation that called its notifier back after it had begun: from then
 * on its sequence was an old one. Where none was seen, it is the last one before. An -EBUSY of hmm_range_fault is
 * the same answer, one call earlier.
 */
import type { EventOf, MmEvent } from "@mmreplay/events";
import { type Arrow, numberIn, type Span } from "./span.ts";

const EBUSY = -16;

/** A callback, as the sections of its notifier see it. */
interface Hit {
  readonly index: number;
  readonly task: number;
  readonly cpu: number;
}

/** Follows the sections of all tasks. */
export class Sections {
  readonly spans: Span[] = [];
  readonly arrows: Arrow[] = [];
  /** The section that each task is in. */
  readonly #open = new Map<number, Span>();
  /** The first callback in each section. */
  readonly #first = new Map<Span, Hit>();
  /** The last one of each notifier. */
  readonly #last = new Map<number, Hit>();
  readonly #mmOf: (notifier: number) => number;

  /** @param mmOf The mm of a notifier. */
  constructor(mmOf: (notifier: number) => number) {
    this.#mmOf = mmOf;
  }

  /** Is told of every event, in order. */
  saw(event: MmEvent): void {
    switch (event.type) {
      case "invalidate":
        this.#hit(event);
        return;
      case "mmu_interval_read_begin":
      case "read_seq_unguarded":
        this.#begin(event, event.notifier);
        return;
      case "hmm_range_fault_return":
        if (event.rc === EBUSY) this.#retried(event, event.notifier);
        else this.#extend(event, event.notifier);
        return;
      case "mmu_interval_read_retry":
        this.#check(event);
        return;
      case "device_map_begin":
      case "device_map":
      case "hmm_range_fault":
      case "hmm_vma_handle_pte":
        this.#extend(event, event.notifier);
        return;
      case "device_fault_return":
        this.#open.delete(event.task);
        return;
      default:
        return;
    }
  }

  /** The sections of each task; none begins before the one before it has ended. */
  byTask(): ReadonlyMap<number, readonly Span[]> {
    const own = new Map<number, Span[]>();
    for (const span of this.spans) {
      const list = own.get(span.task);
      if (list === undefined) own.set(span.task, [span]);
      else list.push(span);
    }
    return own;
  }

  /** Nothing that was open is known any more. */
  forget(): void {
    this.#open.clear();
  }

  #hit({ index, task, cpu, notifier }: EventOf<"invalidate">): void {
    const hit = { index, task, cpu: cpu ?? -1 };
    this.#last.set(notifier, hit);
    for (const span of this.#open.values()) {
      if (span.notifier === notifier && !this.#first.has(span)) this.#first.set(span, hit);
    }
  }

  #begin(event: MmEvent, notifier: number): void {
    const span: Span = {
      kind: "section",
      start: event.index,
      end: event.index,
      task: event.task,
      cpu: event.cpu ?? -1,
      notifier,
      mm: this.#mmOf(notifier),
      label: `seq ${numberIn(event, "seq")}`,
      outcome: "unknown",
    };
    this.spans.push(span);
    this.#open.set(event.task, span);
  }

  /** A section goes on after its check: a store may follow, even if the driver has let go of its lock. */
  #extend({ task, index }: MmEvent, notifier: number | null): void {
    const span = this.#open.get(task);
    if (span?.notifier === notifier) span.end = index;
  }

  #check(event: EventOf<"mmu_interval_read_retry">): void {
    if (event.result) {
      this.#retried(event, event.notifier);
      return;
    }
    const span = this.#open.get(event.task);
    if (span === undefined) return;
    span.end = event.index;
    span.outcome = "kept";
  }

  #retried(event: MmEvent, notifier: number): void {
    const span = this.#open.get(event.task);
    if (span !== undefined) {
      span.end = event.index;
      span.outcome = "retried";
      this.#open.delete(event.task);
    }
    const first = span === undefined ? undefined : this.#first.get(span);
    const hit = first ?? this.#last.get(notifier);
    if (hit === undefined) return;
    this.arrows.push({
      from: hit.index,
      to: event.index,
      fromTask: hit.task,
      toTask: event.task,
      fromCpu: hit.cpu,
      toCpu: event.cpu ?? -1,
      notifier,
    });
  }
}
