/**
 * Counters of each address space: its sequence number, and how many invalidations are open.
 */
import type { State } from "@mmreplay/core";
import { ADDRESS_SPACES, microseconds, type Write } from "./chrome-record.ts";

/** The counters of a trace. */
export class SequenceCounters {
  readonly #write: Write;
  #before = "";

  /** @param write Takes all values whenever one of them has changed. */
  constructor(write: Write) {
    this.#write = write;
  }

  /** The state after an event. */
  saw({ mms }: State, atNs: number): void {
    const sequences = mms.map(({ subs }) => [subs?.seq ?? 0, subs?.active ?? 0]);
    const text = JSON.stringify(sequences);
    if (text === this.#before) return;
    this.#before = text;
    for (const [mm, [seq, active]] of sequences.entries()) {
      const counter = { ph: "C", pid: ADDRESS_SPACES, tid: mm, ts: microseconds(atNs) };
      this.#write({ ...counter, name: `mm${mm} invalidate_seq`, args: { seq } });
      this.#write({ ...counter, name: `mm${mm} active_invalidate_ranges`, args: { active } });
    }
  }
}
