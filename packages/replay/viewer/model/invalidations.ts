/**
 * Invalidations and their callbacks by their events, and when each mm has any open.
 */
import type { MmEvent } from "@mmreplay/events";
import type { Span } from "./span.ts";

/** A stretch in which some invalidation of an mm is open. */
export interface Cover {
  readonly start: number;
  end: number;
}

/** Follows the invalidations of all mms. */
export class Invalidations {
  readonly spans: Span[] = [];
  readonly covers = new Map<number, Cover[]>();
  readonly #regions = new Map<string, Span>();
  readonly #callbacks = new Map<string, Span>();

  /** Is told of every event, in order. */
  saw(event: MmEvent): void {
    switch (event.type) {
      case "mmu_notifier_invalidate_range_start":
        this.#regions.set(`${event.mm}:${event.region}`, this.#begin(event, event.event));
        this.#cover(event.mm, event.index);
        return;
      case "mmu_notifier_invalidate_range_start_return":
        this.#extend(`${event.mm}:${event.region}`, event, event.rc !== 0);
        return;
      case "mmu_notifier_invalidate_range_end":
      case "mn_itree_inv_end":
        this.#extend(`${event.mm}:${event.region}`, event, false);
        return;
      case "mmu_notifier_invalidate_range_end_return":
        this.#extend(`${event.mm}:${event.region}`, event, true);
        return;
      case "invalidate": {
        this.#extend(`${event.mm}:${event.region}`, event, false);
        const span = this.#begin(event, `callback, cur_seq ${event.seq}`);
        this.#callbacks.set(`${event.task}:${event.notifier}`, span);
        return;
      }
      case "invalidate_return":
        this.#returned(event.task, event.notifier, event.index);
        return;
      default:
        return;
    }
  }

  /** The invalidations that never ended reach to the last event. */
  end(last: number): void {
    for (const span of this.#regions.values()) this.#stretch(span, last);
    this.forget();
  }

  /** Nothing that was open is known any more. */
  forget(): void {
    this.#regions.clear();
    this.#callbacks.clear();
  }

  #begin(event: MmEvent & { readonly mm: number }, label: string): Span {
    const callback = event.type === "invalidate";
    const span: Span = {
      kind: callback ? "callback" : "invalidation",
      start: event.index,
      end: event.index,
      task: event.task,
      cpu: event.cpu ?? -1,
      notifier: callback ? event.notifier : -1,
      mm: event.mm,
      label,
      outcome: "unknown",
    };
    this.spans.push(span);
    return span;
  }

  #returned(task: number, notifier: number, index: number): void {
    const key = `${task}:${notifier}`;
    const span = this.#callbacks.get(key);
    if (span !== undefined) span.end = index;
    this.#callbacks.delete(key);
  }

  #extend(key: string, { index }: MmEvent, closes: boolean): void {
    const span = this.#regions.get(key);
    if (span === undefined) return;
    this.#stretch(span, index);
    if (closes) this.#regions.delete(key);
  }

  #stretch(span: Span, index: number): void {
    span.end = index;
    const cover = this.covers.get(span.mm)?.at(-1);
    if (cover !== undefined) cover.end = Math.max(cover.end, index);
  }

  /** A region begins: a new stretch, unless one of this mm is still open. */
  #cover(mm: number, index: number): void {
    const covers = this.covers.get(mm) ?? [];
    this.covers.set(mm, covers);
    const open = [...this.#regions.values()].some((span) => span.mm === mm && span.start < index);
    const last = covers.at(-1);
    if (open && last !== undefined) last.end = index;
    else covers.push({ start: index, end: index });
  }
}
