/**
 * Page faults: what each finds, what it leaves, and whom it tells (protocol.md 5.3).
 */
import { type Operation, ZERO_PAGE } from "@mmreplay/core";
import { mmId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import {
  alone,
  codesIn,
  entryAt,
  inTurn,
  kindsAt,
  readIn,
  toldIn,
} from "../../../support/memory-run.ts";
import { insert, N } from "../../../support/operations.ts";

const map = (how: object = {}): Operation => ({
  op: "mmap",
  page: 0,
  np: 2,
  prot: "read_write",
  ...how,
});
const access = (write: boolean, page = 0, np = 1): Operation => ({
  op: "cpu_access",
  write,
  page,
  np,
  value: 7,
});
const on = (
  op: "page_mkclean" | "try_to_unmap" | "change_prot_numa" | "memory_failure",
): Operation => ({
  op,
  page: 0,
  np: 1,
});
const opens = insert(N, 0, 4);
const forked = { processes: [0, 0, 1].map(mmId) };
const fork: Operation = { op: "fork", child: mmId(1) };

/** What was there, the access, the entry afterwards, and what was told. */
const FAULTS: readonly (readonly [
  string,
  readonly Operation[],
  "reads" | "writes",
  string,
  string[],
])[] = [
  ["nothing", [map()], "reads", "read_only", []],
  ["nothing", [map()], "writes", "writable", []],
  ["the zero page", [map(), access(false)], "writes", "writable", ["CLEAR 0-1"]],
  [
    "a cleaned page of its own",
    [map(), access(true), on("page_mkclean")],
    "writes",
    "writable",
    [],
  ],
  [
    "a page that was written out",
    [map(), access(true), on("try_to_unmap")],
    "reads",
    "read_only",
    [],
  ],
  [
    "a page that was written out",
    [map(), access(true), on("try_to_unmap")],
    "writes",
    "writable",
    [],
  ],
  ["a NUMA hint", [map(), access(true), on("change_prot_numa")], "reads", "writable", []],
  ["a NUMA hint", [map(), access(true), on("change_prot_numa")], "writes", "writable", []],
  ["nothing of a file", [map({ file: 0 })], "reads", "read_only", []],
  ["nothing of a file, privately", [map({ file: 0 })], "writes", "writable", []],
  [
    "a file's page, privately",
    [map({ file: 0 }), access(false)],
    "writes",
    "writable",
    ["CLEAR 0-1"],
  ],
  ["a file's page", [map({ file: 0, kind: "shared" }), access(false)], "writes", "writable", []],
];

describe("a fault", () => {
  const faults = FAULTS.map(([what, before, verb, kind, told]) => ({
    what,
    before,
    verb,
    kind,
    told,
  }));

  it.each(faults)("that $verb $what leaves a $kind entry", ({ before, verb, kind, told }) => {
    const prepared = alone([opens, ...before]);
    const run = alone([opens, ...before, access(verb === "writes")]);
    expect(entryAt(run, 0)?.kind).toBe(kind);
    expect(toldIn(run).slice(toldIn(prepared).length)).toEqual(told);
  });

  it("that reads untouched memory finds the zero page, and takes no frame", () => {
    const run = alone([map(), access(false)]);
    expect([entryAt(run, 0)?.frame, readIn(run), run.state.frames.length]).toEqual([
      ZERO_PAGE,
      [0],
      2,
    ]);
  });

  it("that replaces the zero page leaves it mapped nowhere, and the new page once", () => {
    const run = alone([map(), access(false), access(true)]);
    expect(run.state.frames.map(({ maps, pins }) => [maps, pins])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it("in a private mapping of a file takes a frame for the file and one for the copy", () => {
    const run = alone([map({ file: 0 }), access(true)]);
    expect(run.state.frames.slice(2).map(({ maps, pins }) => [maps, pins])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it.each([
    ["without a mapping", []],
    ["that writes where it may only read", [map({ prot: "read" })]],
    ["on a page whose memory has failed", [map(), access(true), on("memory_failure")]],
    ["on memory without struct page", [map({ kind: "pfnmap", insert: "special" })]],
  ] as const)("%s fails, and the access with it", (_, before) => {
    const run = alone([...before, access(true)]);
    expect(run.events.filter(({ type }) => type === "bad_area").length).toBe(1);
    expect(run.state.mms[0]).toMatchObject({ mmapLock: null, mmapReaders: [] });
  });

  it("on a page that a child shares copies it, for whoever writes first, and the other has its own", () => {
    const parent = [opens, map(), access(true), fork];
    const child: Operation[] = [{ op: "child" }, access(true)];
    const run = inTurn([parent, child, [access(true)]], {
      processes: [...forked.processes, mmId(0)],
    });
    // The child has copied and the parent writes to what is left to it: it is told of the fork alone.
    expect(toldIn(run)).toEqual(["PROTECTION_PAGE 0-2", "CLEAR 0-1"]);
    expect([entryAt(run, 0)?.kind, entryAt(run, 0, 1)?.kind]).toEqual(["writable", "writable"]);
    expect(entryAt(run, 0)?.frame).not.toBe(entryAt(run, 0, 1)?.frame);
  });
});

describe("a fault in a huge page", () => {
  const huge = { pmdOrder: 1 };
  const advised: Operation[] = [map(), { op: "madvise_hugepage", page: 0, np: 2 }];

  it("maps all of it, where it is advised and fits and nothing is there", () => {
    const run = alone([...advised, access(true, 1)], huge);
    expect(kindsAt(run, 0, 2)).toEqual(["huge_writable", "huge_writable"]);
    expect(kindsAt(alone([map(), access(true, 1)], huge), 0, 2)).toEqual([undefined, "writable"]);
    expect(kindsAt(alone([map(), access(true, 1)], { ...huge, hugeAlways: true }), 0, 2)).toEqual([
      "huge_writable",
      "huge_writable",
    ]);
  });

  it("maps small pages where the mapping ends inside the PMD, or a small page is there", () => {
    const short = alone([...advised, access(true, 1)], { pmdOrder: 2 });
    expect(kindsAt(short, 0, 2)).toEqual([undefined, "writable"]);
    const late = alone([map(), access(true), advised[1] as Operation, access(true, 1)], huge);
    expect(kindsAt(late, 0, 2)).toEqual(["writable", "writable"]);
  });

  it("of zeroes splits it to write, and tells: the PMD, then the page", () => {
    const run = alone([opens, ...advised, access(false), access(true, 1)], huge);
    expect(toldIn(run)).toEqual(["CLEAR 0-2", "CLEAR 1-2"]);
    expect(kindsAt(run, 0, 2)).toEqual(["read_only", "writable"]);
  });

  it("of the pool copies all of it, and tells once", () => {
    const pool = map({ kind: "hugetlb" });
    const child: Operation[] = [{ op: "child" }, { ...insert(N, 0, 4) }, access(true, 1)];
    const run = inTurn([[pool, access(true, 0, 2), fork], child], { ...huge, ...forked });
    expect(toldIn(run).at(-1)).toBe("CLEAR 0-2");
    expect(kindsAt(run, 0, 2, 1)).toEqual(["huge_writable", "huge_writable"]);
    expect(kindsAt(run, 0, 2)).toEqual(["huge_read_only", "huge_read_only"]);
  });
});

describe("a device's fault", () => {
  const device = (command: "READ" | "WRITE"): Operation => ({
    op: "dmirror",
    command,
    n: N,
    page: 0,
    np: 1,
  });

  it("that replaces the zero page collides with its own caller, which goes round once more", () => {
    const run = alone([opens, map(), access(false), device("WRITE")]);
    const results = run.events.flatMap((event) =>
      event.type === "hmm_range_fault_return" ? [event.rc] : [],
    );
    expect([results, codesIn(run)]).toEqual([[-16, 0], [0]]);
  });

  it("that only reads leaves the device no right to write", () => {
    const run = alone([opens, map(), device("READ"), device("WRITE")]);
    const maps = run.events.flatMap((event) => (event.type === "device_map" ? event.entries : []));
    expect(maps.map(([, , writable]) => writable)).toEqual([false, true]);
  });
});
