/**
 * PMDs: which are split, and when; what one huge entry becomes (protocol.md 5.3, __split_huge_pmd).
 */
import type { Operation } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import {
  pmdOrder,
  pmdPages,
  pmdStart,
} from "../../../../packages/core/src/tasks/memory/huge-pages.ts";
import { alone, kindsAt, readIn, toldIn } from "../../../support/memory-run.ts";
import { insert, N } from "../../../support/operations.ts";

type Name = Extract<Operation, { onto?: number | undefined }>["op"];

const ORDER = 2;
const huge = { pmdOrder: ORDER };
const opens = insert(N, 0, 16);
const map = (page: number, np: number, how: object = {}): Operation => ({
  op: "mmap",
  page,
  np,
  prot: "read_write",
  ...how,
});
const write = (page: number, np = 1): Operation => ({
  op: "cpu_access",
  write: true,
  page,
  np,
  value: 5,
});
const on = (op: Name, page: number, np: number, more: object = {}): Operation => ({
  op,
  page,
  np,
  ...more,
});
/** One huge page, at 0, of a mapping of two PMDs. */
const HUGE: readonly Operation[] = [
  opens,
  map(0, 8),
  { op: "madvise_hugepage", page: 0, np: 8 },
  write(0, 4),
];

describe("a PMD", () => {
  it("maps 512 pages of 4 KiB where a scenario does not say otherwise", () => {
    expect([pmdOrder({}), pmdPages({}), pmdStart({}, 1023)]).toEqual([9, 512, 512]);
    expect([pmdPages(huge), pmdStart(huge, 7)]).toEqual([4, 4]);
  });
});

describe("a mapping that is cut inside a PMD that it covers", () => {
  const cuts: readonly (readonly [string, Operation])[] = [
    ["munmap", on("munmap", 1, 1)],
    ["mprotect", on("mprotect", 1, 1, { prot: "read" })],
  ];

  it.each(cuts)("by %s splits the PMD first, also where nothing in it is huge", (_, cut) => {
    const small = [opens, map(0, 8), write(1)];
    expect(toldIn(alone([...small, cut], huge))[0]).toBe("CLEAR 0-4");
  });

  it.each(cuts)("by %s at both ends, in two PMDs, splits both", (name) => {
    const operation =
      name === "munmap" ? on("munmap", 2, 4) : on("mprotect", 2, 4, { prot: "read" });
    const run = alone([opens, map(0, 8), write(0, 8), operation], huge);
    expect(toldIn(run).slice(0, 2)).toEqual(["CLEAR 0-4", "CLEAR 4-8"]);
  });

  it("at the edge of a PMD is not split", () => {
    const run = alone([...HUGE, on("munmap", 4, 4)], huge);
    expect(toldIn(run)).toEqual(["UNMAP 4-8"]);
    expect(kindsAt(run, 0, 4)).toEqual(Array(4).fill("huge_writable"));
  });

  it("is not where the mapping does not cover the PMD, or no page table is there", () => {
    const short = alone([opens, map(0, 3), write(0, 3), on("munmap", 1, 1)], huge);
    expect(toldIn(short)).toEqual(["UNMAP 1-2"]);
    const empty = alone([opens, map(0, 8), on("munmap", 1, 1)], huge);
    expect(toldIn(empty)).toEqual(["UNMAP 1-2"]);
    // Another PMD of the same page table of PMDs has pages: the table is there.
    const beside = alone([opens, map(0, 8), write(6), on("munmap", 1, 1)], huge);
    expect(toldIn(beside)).toEqual(["CLEAR 0-4", "UNMAP 1-2"]);
  });

  it("is not in a scenario without huge pages", () => {
    const run = alone([opens, map(0, 8), write(0, 8), on("munmap", 1, 1)]);
    expect(toldIn(run)).toEqual(["UNMAP 1-2"]);
  });
});

describe("a huge page of which a part is meant", () => {
  const parts: readonly (readonly [Name, string[]])[] = [
    ["madvise_dontneed", ["CLEAR 1-2", "CLEAR 0-4"]],
    ["page_mkclean", ["PROTECTION_PAGE 1-2", "CLEAR 0-4"]],
    ["try_to_unmap", ["CLEAR 1-2", "CLEAR 0-4"]],
    ["change_prot_numa", ["PROTECTION_VMA 1-2", "CLEAR 0-4"]],
  ];

  it.each(parts)("by %s is split inside its invalidation", (op, told) => {
    const run = alone([...HUGE, on(op, 1, 1)], huge);
    expect(toldIn(run)).toEqual(told);
    expect(kindsAt(run, 0, 4).filter((kind) => kind === "writable").length).toBe(3);
  });

  it("keeps what it holds", () => {
    const reads: Operation = { op: "cpu_access", write: false, page: 0, np: 4 };
    expect(readIn(alone([...HUGE, on("split_huge_pmd", 0, 1), reads], huge))).toEqual([5, 6, 7, 8]);
  });

  it("is not split by what is meant for all of it, but by reclaim", () => {
    const protects = alone([...HUGE, on("mprotect", 0, 4, { prot: "read" })], huge);
    expect(kindsAt(protects, 0, 4)).toEqual(Array(4).fill("huge_read_only"));
    const out = alone([...HUGE, on("try_to_unmap", 0, 4)], huge);
    expect([toldIn(out), kindsAt(out, 0, 4)]).toEqual([
      ["CLEAR 0-4", "CLEAR 0-4"],
      Array(4).fill("swap"),
    ]);
  });

  it("moves as a whole in a migration, which tells once", () => {
    const run = alone([...HUGE, on("migrate_pages", 0, 4)], huge);
    expect(toldIn(run)).toEqual(["CLEAR 0-4"]);
    expect(kindsAt(run, 0, 4)).toEqual(Array(4).fill("huge_writable"));
  });
});

describe("a mapping of the pool", () => {
  it("that is unmapped tells of its huge page once more", () => {
    const run = alone([opens, map(0, 4, { kind: "hugetlb" }), write(0), on("munmap", 0, 4)], huge);
    expect(toldIn(run)).toEqual(["UNMAP 0-4", "UNMAP 0-4"]);
    expect(kindsAt(run, 0, 4)).toEqual(Array(4).fill(undefined));
  });
});
