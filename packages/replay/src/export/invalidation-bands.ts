/**
 * Invalidations as asynchronous bands of their address space, from the call of the start to the return of the end.
 *
 * They overlap as they like, so they are no slices. A band is told by its id: mm and region.
 */
import { openRegion, type State } from "@mmreplay/core";
import type { EventOf, MmEvent } from "@mmreplay/events";
import {
  ADDRESS_SPACES,
  type Arguments,
  argumentsOf,
  microseconds,
  type Write,
} from "./chrome-record.ts";

/** A band that has begun. */
interface OpenBand {
  readonly name: string;
  readonly mm: number;
}

/** The bands of a trace. */
export class InvalidationBands {
  readonly #write: Write;
  /** By their ids. */
  readonly #open = new Map<string, OpenBand>();

  /** @param write Takes the beginning and the end of each band. */
  constructor(write: Write) {
    this.#write = write;
  }

  /** Is told of each event that is exported, with the state after it. */
  saw(event: MmEvent, { mms }: State, atNs: number): void {
    const begins = event.type === "mmu_notifier_invalidate_range_start";
    const refused = event.type === "mmu_notifier_invalidate_range_start_return" && event.rc !== 0;
    if (!begins && !refused && event.type !== "mmu_notifier_invalidate_range_end_return") return;
    const { mm, region } = event;
    const id = `0x${(mm * 2 ** 32 + region).toString(16)}`;
    // Lost events may have taken the end of a region whose number is used again.
    this.#end(id, atNs, begins ? { lost: true } : {});
    if (begins) this.#begin(id, event, mms[mm], atNs);
  }

  /** No more events come: what is open is cut off. */
  cut(atNs: number): void {
    for (const id of [...this.#open.keys()]) this.#end(id, atNs, { cut: true });
  }

  #begin(
    id: string,
    event: EventOf<"mmu_notifier_invalidate_range_start">,
    mm: State["mms"][number] | undefined,
    atNs: number,
  ): void {
    const seq = (mm === undefined ? undefined : openRegion(mm, event.region))?.seq ?? null;
    const band = { name: `${event.event} invalidation`, mm: event.mm };
    this.#open.set(id, band);
    this.#record("b", id, band, atNs, { ...argumentsOf(event), seq });
  }

  #end(id: string, atNs: number, args: Arguments): void {
    const band = this.#open.get(id);
    if (band === undefined) return;
    this.#open.delete(id);
    this.#record("e", id, band, atNs, args);
  }

  #record(ph: "b" | "e", id: string, { name, mm }: OpenBand, atNs: number, args: Arguments): void {
    const track = { cat: "invalidation", id, pid: ADDRESS_SPACES, tid: mm };
    this.#write({ ...track, ts: microseconds(atNs), ph, name, args });
  }
}
