import { describe, expect, it } from "vitest";
import { changesBetween, leavesOf } from "../../../../packages/replay/src/report/changes.ts";

describe("what changed between two states", () => {
  it("is nothing for equal ones", () => {
    expect(changesBetween({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
    expect(changesBetween({ a: [], b: {} }, { a: [], b: {} })).toEqual([]);
  });

  it("is named down to the leaf", () => {
    const before = { mms: [{ subs: { seq: 4, tree: [1] } }] };
    const after = { mms: [{ subs: { seq: 5, tree: [1, 2] } }] };
    expect(changesBetween(before, after)).toEqual([
      { path: "mms[0].subs.seq", before: 4, after: 5 },
      { path: "mms[0].subs.tree[1]", after: 2 },
    ]);
  });

  it("is a value that is gone, or of another kind", () => {
    expect(changesBetween({ a: { b: 1 }, c: 2 }, { a: null })).toEqual([
      { path: "a", before: { b: 1 }, after: null },
      { path: "c", before: 2 },
    ]);
    expect(changesBetween({ a: [] }, { a: {} })).toEqual([{ path: "a", before: [], after: {} }]);
  });

  it("is named unmistakably where a key is no identifier", () => {
    expect(changesBetween({ leaves: { 12: 0 } }, { leaves: { 12: 1 } })).toEqual([
      { path: "leaves[12]", before: 0, after: 1 },
    ]);
  });
});

describe("the leaves of a state", () => {
  it("are all values with their paths", () => {
    expect(leavesOf({ a: [1, {}], b: null })).toEqual([
      { path: "a[0]", value: 1 },
      { path: "a[1]", value: {} },
      { path: "b", value: null },
    ]);
  });
});
