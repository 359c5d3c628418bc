/**
 * Mappings are cut where an operation begins and ends, and joined where they differ in nothing.
 */
import type { State } from "@mmreplay/core";
import type { EventBody } from "@mmreplay/events";
import { mmId, type Protection } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { permits, vmaOf } from "../../../../packages/core/src/memory/vma.ts";
import { apply, reduced } from "../../../support/memory-run.ts";

type Mmap = Omit<EventBody<"mmap_region">, "task" | "type" | "mm">;
const mm = mmId(0);
const pages = (startPage: number, endPageExclusive: number) => ({ startPage, endPageExclusive });
const map = (from: number, to: number, how: Partial<Mmap> = {}) =>
  ({ type: "mmap_region", mm, ...pages(from, to), prot: "read_write", ...how }) as const;
const unmap = (from: number, to: number) =>
  ({ type: "do_munmap", mm, ...pages(from, to) }) as const;
const protect = (from: number, to: number, prot: Protection) =>
  ({ type: "mprotect_fixup", mm, ...pages(from, to), prot }) as const;
const move = (from: number, to: number, at: number) =>
  ({ type: "mremap", mm, ...pages(from, to), to: at }) as const;
const advise = (from: number, to: number) =>
  ({ type: "hugepage_madvise", mm, ...pages(from, to) }) as const;

/** The mappings as text: pages, protection, and what of a file they show. */
function mappings(state: State): string[] {
  return (state.mms[0]?.vmas ?? []).map((vma) => {
    const shows = vma.file === null ? "" : ` file${vma.file}+${vma.filePage}`;
    const huge = vma.huge ? " huge" : "";
    return `${vma.startPage}-${vma.endPageExclusive} ${vma.prot}${shows}${huge}`;
  });
}

const after = (...events: readonly Omit<EventBody, "task">[]): string[] =>
  mappings(reduced(...events));

describe("mmap", () => {
  it("joins neighbours that differ in nothing, on both sides", () => {
    expect(after(map(0, 2), map(4, 6), map(2, 4))).toEqual(["0-6 read_write"]);
  });

  it("keeps neighbours apart that differ in protection, kind or file, or have a gap", () => {
    expect(after(map(0, 2), map(2, 4, { prot: "read" }), map(5, 6, { prot: "read" }))).toEqual([
      "0-2 read_write",
      "2-4 read",
      "5-6 read",
    ]);
    expect(after(map(0, 2), map(2, 4, { kind: "hugetlb" })).length).toBe(2);
    expect(after(map(0, 2), map(2, 4, { file: 0 })).length).toBe(2);
  });

  it("joins mappings of a file only where its pages go on", () => {
    const file = { file: 3, kind: "shared" } as const;
    expect(
      after(map(8, 10, { ...file, filePage: 4 }), map(10, 12, { ...file, filePage: 6 })),
    ).toEqual(["8-12 read_write file3+4"]);
    expect(
      after(map(8, 10, { ...file, filePage: 4 }), map(10, 12, { ...file, filePage: 5 })).length,
    ).toBe(2);
  });

  it("over another mapping, or of no page, cannot happen", () => {
    expect(() => after(map(0, 4), map(3, 5))).toThrow("a mapping over another one");
    expect(() => after(map(3, 3))).toThrow("an empty mapping");
  });
});

describe("munmap", () => {
  it("in the middle leaves two, each showing what it showed", () => {
    expect(after(map(0, 8, { file: 1, filePage: 10 }), unmap(2, 5))).toEqual([
      "0-2 read_write file1+10",
      "5-8 read_write file1+15",
    ]);
  });

  it("takes all mappings and parts of them that lie in its pages, and of holes nothing", () => {
    expect(after(map(0, 2), map(3, 5, { prot: "read" }), map(8, 9), unmap(1, 8))).toEqual([
      "0-1 read_write",
      "8-9 read_write",
    ]);
    expect(after(map(0, 2), unmap(4, 6))).toEqual(["0-2 read_write"]);
  });
});

describe("mprotect", () => {
  it("in the middle makes three of one, and back again one of three", () => {
    const state = reduced(map(0, 8, { file: 1 }), protect(2, 5, "read"));
    expect(mappings(state)).toEqual([
      "0-2 read_write file1+0",
      "2-5 read file1+2",
      "5-8 read_write file1+5",
    ]);
    apply(state, protect(2, 5, "read_write"));
    expect(mappings(state)).toEqual(["0-8 read_write file1+0"]);
  });

  it("changes what is mapped of its pages, and maps nothing", () => {
    expect(after(map(0, 2), map(4, 6), protect(1, 5, "none"))).toEqual([
      "0-1 read_write",
      "1-2 none",
      "4-5 none",
      "5-6 read_write",
    ]);
  });

  it("none permits nothing, read no write, and no mapping nothing", () => {
    const { vmas = [] } =
      reduced(map(0, 3), protect(0, 1, "none"), protect(1, 2, "read")).mms[0] ?? {};
    const asked = [0, 1, 2, 3].map((page) =>
      [false, true].map((write) => permits(vmaOf(vmas, page), write)),
    );
    expect(asked).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [false, false],
    ]);
  });
});

describe("mremap", () => {
  it("moves a part with its protection and its place in the file, and leaves the rest", () => {
    expect(after(map(0, 8, { file: 1, filePage: 4, prot: "read" }), move(2, 4, 20))).toEqual([
      "0-2 read file1+4",
      "4-8 read file1+8",
      "20-22 read file1+6",
    ]);
  });

  it("beside a mapping that it continues becomes one with it", () => {
    expect(after(map(0, 2), map(8, 10), move(8, 10, 2))).toEqual(["0-4 read_write"]);
  });

  it("over its own old pages may happen, over another mapping not", () => {
    expect(after(map(0, 4), move(0, 4, 2))).toEqual(["2-6 read_write"]);
    expect(() => after(map(0, 2), map(4, 6), move(0, 2, 5))).toThrow("moved over another one");
  });
});

describe("MADV_HUGEPAGE", () => {
  it("cuts, and stays with a mapping that is cut again or moved", () => {
    expect(after(map(0, 8), advise(2, 6), unmap(3, 4), move(4, 6, 12))).toEqual([
      "0-2 read_write",
      "2-3 read_write huge",
      "6-8 read_write",
      "12-14 read_write huge",
    ]);
  });
});

describe("a page", () => {
  it("belongs to the mapping that begins at or before it and ends after it", () => {
    const { vmas = [] } = reduced(map(2, 4)).mms[0] ?? {};
    expect([1, 2, 3, 4].map((page) => vmaOf(vmas, page)?.startPage)).toEqual([
      undefined,
      2,
      2,
      undefined,
    ]);
  });
});
