/**
 * Translations outlive their entries only where a change says that it does not flush.
 */
import { mmId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { cpuEntry } from "../../../../packages/core/src/memory/cpu-entry.ts";
import { translation } from "../../../../packages/core/src/memory/tlb.ts";
import { mmOf } from "../../../../packages/core/src/state/state.ts";
import { apply, reduced } from "../../../support/memory-run.ts";

const mm = mmId(0);
const mapped = [
  { type: "alloc_page", frame: 2, copyOf: null },
  { type: "alloc_page", frame: 3, copyOf: null },
  {
    type: "handle_mm_fault",
    mm,
    entries: [
      [0, 2],
      [1, cpuEntry("read_only", 3)],
    ],
  },
] as never[];
const change = (noFlush?: true) =>
  ({
    type: "cpu_pte_change",
    mm,
    region: null,
    entries: [
      [0, 0],
      [1, 0],
    ],
    ...(noFlush === undefined ? {} : { noFlush }),
  }) as never;
const seen = (state: ReturnType<typeof reduced>): number[] =>
  [0, 1].map((page) => translation(mmOf(state, mm), page));

describe("the CPU uses", () => {
  it("the entry as it is after a change", () => {
    const state = reduced(...mapped, change());
    expect(seen(state)).toEqual([0, 0]);
  });

  it("the old one after a change that does not flush, until flush_tlb_range of its page", () => {
    const state = reduced(...mapped, change(true));
    expect(seen(state)).toEqual([2, cpuEntry("read_only", 3)]);
    apply(state, { type: "flush_tlb_range", mm, startPage: 1, endPageExclusive: 2 } as never);
    expect(seen(state)).toEqual([2, 0]);
    apply(state, { type: "flush_tlb_range", mm, startPage: 0, endPageExclusive: 1 } as never);
    expect(seen(state)).toEqual([0, 0]);
  });

  it("no old entry that allowed nothing", () => {
    const hint = { type: "handle_mm_fault", mm, entries: [[0, cpuEntry("protnone", 2)]] } as never;
    const state = reduced(...mapped, hint, change(true));
    expect(seen(state)[0]).toBe(0);
  });
});
