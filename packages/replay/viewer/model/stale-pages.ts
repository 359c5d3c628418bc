/**
 * Pages that a violation made stale, from the event that shows it until they are unmapped or mapped anew.
 *
 * The violation names a device and a stretch of pages. What it says of them depends on its event: a callback that has
 * returned says it of what is mapped then; a store, of what it stores; the begin of a store, of what its task stores next.
 */
import { type State, someEntry } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import type { StaleFrom } from "../../src/view/violations.ts";

/** One page of one device, stale in the moments `[from, to)`. */
interface Stretch {
  readonly mirror: number;
  readonly page: number;
  readonly from: number;
  to: number;
}

/** Follows stale pages through all events. */
export class StalePages {
  readonly #marks: readonly StaleFrom[];
  /** The next mark. */
  #next = 0;
  /** By the event they begin at, ascending. */
  readonly #stretches: Stretch[] = [];
  /** By device, then by page. */
  readonly #open = new Map<number, Map<number, Stretch>>();
  /** Stores that have begun with pages which were no longer the CPU's, by task. */
  readonly #begun = new Map<number, StaleFrom[]>();

  /** @param marks What violations say, in the order of their events. */
  constructor(marks: readonly StaleFrom[]) {
    this.#marks = marks;
  }

  /** Is told of every event, in order, with the state after it. */
  saw(event: MmEvent, state: State): void {
    const begun = this.#follow(event);
    const here: StaleFrom[] = [];
    for (; this.#marks[this.#next]?.index === event.index; this.#next += 1) {
      here.push(this.#marks[this.#next] as StaleFrom);
    }
    if (event.type === "device_map_begin") this.#begun.set(event.task, here);
    else if (event.type === "device_map") this.#stored(event, [...begun, ...here]);
    else for (const mark of here) this.#mapped(mark, event.index, state);
  }

  /** The stale pages of a device at a moment. */
  at(mirror: number, moment: number): ReadonlySet<number> {
    const pages = new Set<number>();
    for (const one of this.#stretches) {
      if (one.from > moment) break;
      if (one.mirror === mirror && moment < one.to) pages.add(one.page);
    }
    return pages;
  }

  /** What is unmapped or mapped anew is stale no longer; answers what the store of this event began with. */
  #follow(event: MmEvent): readonly StaleFrom[] {
    switch (event.type) {
      case "device_unmap":
        for (const page of this.#open.get(event.mirror)?.keys() ?? []) {
          if (page >= event.startPage && page < event.endPageExclusive) {
            this.#close(event.mirror, page, event.index);
          }
        }
        return [];
      case "device_map":
        for (const [page] of event.entries) this.#close(event.mirror, page, event.index);
        return this.#begun.get(event.task) ?? [];
      case "mmu_interval_read_begin":
      case "read_seq_unguarded":
      case "device_fault_return":
        this.#begun.delete(event.task);
        return [];
      default:
        return [];
    }
  }

  #stored(
    { mirror, entries, index }: Extract<MmEvent, { type: "device_map" }>,
    marks: readonly StaleFrom[],
  ): void {
    for (const [page] of entries) {
      const named = marks.some(
        (mark) => mark.mirror === mirror && page >= mark.from && page < mark.to,
      );
      if (named) this.#begin(mirror, page, index);
    }
  }

  #mapped({ mirror, from, to }: StaleFrom, index: number, state: State): void {
    const device = state.mirrors[mirror]?.device;
    if (device === undefined) return;
    someEntry(device, from, to, (page) => {
      this.#begin(mirror, page, index);
      return false;
    });
  }

  #begin(mirror: number, page: number, from: number): void {
    const open = this.#open.get(mirror) ?? new Map<number, Stretch>();
    this.#open.set(mirror, open);
    if (open.has(page)) return;
    const stretch = { mirror, page, from, to: Number.POSITIVE_INFINITY };
    open.set(page, stretch);
    this.#stretches.push(stretch);
  }

  #close(mirror: number, page: number, at: number): void {
    const stretch = this.#open.get(mirror)?.get(page);
    if (stretch === undefined) return;
    stretch.to = at;
    this.#open.get(mirror)?.delete(page);
  }
}
