/** What the page arranges: columns, axes, links, lanes. */
import { describe, expect, it } from "vitest";
import { roundStep } from "../../../packages/replay/viewer/draw/ruler.ts";
import { axisOf, fitted, zoomed } from "../../../packages/replay/viewer/model/axis.ts";
import { Column, firstWhere } from "../../../packages/replay/viewer/model/column.ts";
import { lanesOf, pinnedFirst } from "../../../packages/replay/viewer/model/lanes.ts";
import { readLink } from "../../../packages/replay/viewer/model/link.ts";
import { recordedOf } from "./recorded.ts";

describe("a column", () => {
  it("keeps more values than it began with", () => {
    const column = new Column();
    for (let value = 0; value < 10_000; value += 1) column.push(value * 2);
    expect([column.length, column.at(9_999), column.at(10_000)]).toEqual([
      10_000,
      19_998,
      Number.NaN,
    ]);
    expect([column.firstAtLeast(-1), column.firstAtLeast(7), column.firstAtLeast(99_999)]).toEqual([
      0, 4, 10_000,
    ]);
  });

  it("the first place where a condition holds is found in any part", () => {
    for (let edge = 0; edge <= 9; edge += 1)
      expect(firstWhere(0, 9, (at) => at >= edge)).toBe(edge);
  });
});

describe("an axis", () => {
  const recorded = recordedOf([
    { type: "mm_create", task: 0, mm: 0, at: 100 },
    { type: "mmget", task: 0, mm: 0, at: 50 },
    { type: "mmput", task: 0, mm: 0, at: 5_000_000 },
  ]);

  it("time never falls: an event lies where it was ordered", () => {
    const axis = axisOf(recorded, "time");
    expect([0, 1, 2].map((index) => axis.position(index))).toEqual([100, 100, 5_000_000]);
    expect([axis.indexAt(100), axis.indexAt(101), axis.indexAt(9e9)]).toEqual([0, 2, 3]);
  });

  it("a window keeps its least width and stays inside", () => {
    const axis = axisOf(recorded, "time");
    const narrow = fitted(axis, { from: 500, to: 501 });
    expect(narrow.to - narrow.from).toBe(axis.least);
    const beyond = fitted(axis, { from: 9e6, to: 9e6 + 10_000 });
    expect(beyond.to).toBeLessThan(5_200_000);
    expect(beyond.to - beyond.from).toBeCloseTo(10_000);
  });

  it("a place that is zoomed around stays where it is", () => {
    expect(zoomed({ from: 0, to: 100 }, 0.5, 20)).toEqual({ from: 10, to: 60 });
  });

  it("numbers of the ruler are round", () => {
    expect([0.4, 3, 7, 12, 480, 501].map(roundStep)).toEqual([0.5, 5, 10, 20, 500, 1000]);
  });
});

describe("a link", () => {
  it("says where one stands; what is wrong in it says nothing", () => {
    expect(readLink("#e=18234&mark=1,2&lanes=cpu&axis=time&q=retry")).toEqual({
      cursor: 18_234,
      marks: { a: 1, b: 2 },
      mode: "cpu",
      axis: "time",
      query: "retry",
    });
    expect(readLink("#e=-1").cursor).toBe(-1);
    expect(readLink("#e=-2&mark=x&lanes=moon&axis=")).toEqual({
      cursor: null,
      marks: { a: null, b: null },
      mode: null,
      axis: null,
      query: "",
    });
  });
});

describe("lanes", () => {
  const recorded = recordedOf([
    { type: "mm_create", task: 2, mm: 1 },
    { type: "mm_create", task: 1, mm: 0 },
    { type: "task_start", task: 0, name: "idle" },
    { type: "mmu_notifier_invalidate_range_start", task: 1, mm: 0, region: 7, event: "CLEAR" },
    { type: "invalidate", task: 1, mm: 0, region: 7, notifier: 0, seq: 3 },
    { type: "invalidate_return", task: 1, mm: 0, region: 7, notifier: 0, result: true },
    { type: "mmu_notifier_invalidate_range_end_return", task: 1, mm: 0, region: 7 },
  ]);
  const lanes = lanesOf(recorded, recorded.finish([]), "task", (_, id) => `t${id}`);

  it("those of an mm lie together, those of none last", () => {
    expect(lanes.map(({ label }) => label)).toEqual(["t1", "t2", "t0"]);
  });

  it("a callback lies in a row below its invalidation", () => {
    const rows = lanes[0]?.rows.map((row) => row.map(({ kind, start, end }) => [kind, start, end]));
    expect(rows).toEqual([[["invalidation", 3, 6]], [["callback", 4, 5]]]);
  });

  it("those of a finding come first, in the order of its evidence", () => {
    expect(pinnedFirst(lanes, [0, 2, 0, 9]).map(({ id }) => id)).toEqual([0, 2, 1]);
  });
});
