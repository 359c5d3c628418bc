/**
 * The checks of an exported trace notice what Perfetto would not draw, or would draw the wrong way round.
 */
import { describe, expect, it } from "vitest";
import { imported, type TraceRecord, unbalanced, wrongArrows } from "../../../support/perfetto.ts";

const on = (tid: number): Pick<TraceRecord, "pid" | "tid"> => ({ pid: 2, tid });
const slice = (tid: number, name: string, ts: number, dur: number): TraceRecord => ({
  ...on(tid),
  ph: "X",
  name,
  ts,
  dur,
});
const instant = (tid: number, name: string, ts: number): TraceRecord => ({
  ...on(tid),
  ph: "i",
  s: "t",
  name,
  ts,
});
const arrow = (from: number, to: number): TraceRecord[] => [
  { ...on(1), ph: "s", cat: "flow", name: "retry", id: 1, ts: from },
  { ...on(0), ph: "f", bp: "e", cat: "flow", name: "retry", id: 1, ts: to },
];
const callback = slice(1, "invalidate", 2, 4);

describe("an arrow", () => {
  it("may end where a slice begins, and not where it ends", () => {
    const retry = slice(0, "retry", 8, 0.001);
    expect(wrongArrows([callback, slice(0, "read section", 0, 8), retry, ...arrow(3, 8)])).toEqual(
      [],
    );
    expect(wrongArrows([callback, slice(0, "read section", 0, 8), ...arrow(3, 8)])).toEqual([
      "flow retry 1 f at 8: inside no slice",
      "flow retry 1 f at 8: points back",
    ]);
  });

  it("may not end at a mark without a length", () => {
    const section = slice(0, "read section", 0, 8);
    expect(wrongArrows([callback, section, instant(0, "retry", 8), ...arrow(3, 8)])).toEqual([
      "flow retry 1 f at 8: inside no slice",
    ]);
  });

  it("is turned around where it leads to a section that began before its source", () => {
    const section = slice(0, "read section", 0, 8);
    expect(wrongArrows([callback, section, ...arrow(3, 7)])).toEqual([
      "flow retry 1 f at 7: points back",
    ]);
  });

  it("is tied to a slice that is over as long as none begins after it", () => {
    const records = [slice(0, "section", 0, 8), slice(0, "call", 1, 1), callback, ...arrow(3, 7)];
    const end = records.at(-1) as TraceRecord;
    expect(imported(records).tied.get(end)?.name).toBe("call");
    expect(wrongArrows(records)).toContain("flow retry 1 f at 7: inside no slice");
  });

  it("has two ends, the first one first", () => {
    const around = [callback, slice(0, "retry", 8, 1)];
    const [begin, end] = arrow(3, 8) as [TraceRecord, TraceRecord];
    expect(wrongArrows([...around, begin])).toEqual(["flow retry 1: no end"]);
    expect(wrongArrows([...around, end])).toEqual(["flow retry 1 f at 8: ends before it begins"]);
  });
});

describe("slices", () => {
  it("cross where one begins inside another and ends after it", () => {
    const later = slice(0, "b", 3, 5);
    expect(imported([slice(0, "a", 0, 4), later]).crossing).toEqual([later]);
    expect(imported([slice(0, "a", 0, 8), later, slice(0, "c", 8, 2)]).crossing).toEqual([]);
  });
});

describe("what begins", () => {
  it("ends, once", () => {
    const band = { ...on(0), cat: "invalidation", id: "0x1", name: "UNMAP", ts: 0 };
    const [b, e] = [
      { ...band, ph: "b" },
      { ...band, ph: "e" },
    ];
    expect(unbalanced([b, e])).toEqual([]);
    expect(unbalanced([b])).toEqual(["band invalidation 0x1 UNMAP does not end"]);
    expect(unbalanced([e, b])).toContain("band invalidation 0x1 UNMAP ends before it begins");
    expect(unbalanced([{ ...on(0), ph: "B", name: "call", ts: 0 }])).toEqual([
      "slice of 2 0 does not end",
    ]);
  });
});
