/**
 * Files: the cache holds one reference on each of its frames, and the lock keeps page faults away.
 */
import { entryOf, type Operation } from "@mmreplay/core";
import { mmId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { cachedFrame, filePageIn } from "../../../../packages/core/src/memory/file.ts";
import {
  alone,
  apply,
  entryAt,
  inTurn,
  kindsAt,
  readIn,
  reduced,
  toldIn,
} from "../../../support/memory-run.ts";
import { insert, N } from "../../../support/operations.ts";

const FILE = 0;
const map = (page: number, np: number, how: object = {}): Operation => ({
  op: "mmap",
  page,
  np,
  prot: "read_write",
  kind: "shared",
  file: FILE,
  ...how,
});
const access = (write: boolean, page: number, np = 1, value = 7): Operation => ({
  op: "cpu_access",
  write,
  page,
  np,
  value,
});
const write = (page: number, np: number, value: number): Operation => ({
  op: "file_write",
  file: FILE,
  page,
  np,
  value,
});
const read = (page: number, np: number): Operation => ({ op: "file_read", file: FILE, page, np });
const punch = (page: number, np: number): Operation => ({ op: "unmap_mapping_range", page, np });

describe("a page of a file", () => {
  it("is found by every mapping of it, at the place that the mapping shows", () => {
    const run = alone([
      map(0, 4, { filePage: 2 }),
      map(8, 2, { filePage: 4, file: FILE, kind: "private" }),
      access(true, 3),
      access(false, 9),
      read(5, 1),
    ]);
    expect(readIn(run)).toEqual([7, 7]);
    expect(entryAt(run, 9)?.frame).toBe(entryAt(run, 3)?.frame);
    expect(cachedFrame(run.state, { file: FILE, filePage: 5 })).toBe(entryAt(run, 3)?.frame);
  });

  it("is not shown by a mapping of another file, or of another page", () => {
    const run = alone([
      map(0, 2),
      map(4, 2, { file: 1 }),
      access(true, 0),
      access(false, 4),
      access(false, 1),
    ]);
    expect(readIn(run)).toEqual([0, 0]);
  });

  it("keeps its content without any mapping, held by the cache", () => {
    const run = alone([map(0, 1), access(true, 0), { op: "munmap", page: 0, np: 1 }, read(0, 1)]);
    const frame = cachedFrame(run.state, { file: FILE, filePage: 0 });
    expect(run.state.frames[frame]).toMatchObject({ maps: 0, pins: 1, content: 7 });
    expect(readIn(run)).toEqual([7]);
  });

  it("is mapped by another task before the one that brought it in has dropped its reference", () => {
    const add = { type: "filemap_add_folio", file: FILE, filePage: 0, frame: 2 } as const;
    const mapped = { type: "handle_mm_fault", mm: mmId(0), entries: [[0, 2]] } as const;
    const state = reduced(
      { type: "alloc_page", frame: 2, copyOf: null } as never,
      add,
      mapped as never,
    );
    apply(state, { type: "put_page", frame: 2 } as never);
    expect(state.frames[2]).toMatchObject({ maps: 1, pins: 1 });
  });

  it("is in memory once", () => {
    const add = { type: "filemap_add_folio", file: FILE, filePage: 0 } as const;
    const state = reduced({ type: "alloc_page", frame: 2, copyOf: null } as never);
    apply(state, { ...add, frame: 2 } as never);
    apply(state, { type: "alloc_page", frame: 3, copyOf: null } as never);
    expect(() => apply(state, { ...add, frame: 3 } as never)).toThrow(
      "a second frame of a file's page",
    );
    expect(filePageIn(state, 2)).toEqual({ file: FILE, filePage: 0 });
    expect(filePageIn(state, 3)).toBeUndefined();
  });
});

describe("write(2)", () => {
  it("reaches shared mappings and private ones that have no copy yet, and no copy", () => {
    const run = alone([
      map(0, 1),
      map(4, 1, { kind: "private" }),
      map(8, 1, { kind: "private" }),
      access(true, 8, 1, 3),
      write(0, 1, 40),
      ...[0, 4, 8].map((page) => access(false, page)),
    ]);
    expect(readIn(run)).toEqual([40, 40, 3]);
    expect(toldIn(run)).toEqual([]);
  });
});

describe("a hole that is punched", () => {
  it("takes the pages from the mapping and from memory; what is read then is empty", () => {
    const run = alone([
      insert(N, 0, 8),
      map(0, 4),
      access(true, 0, 4),
      punch(1, 2),
      access(false, 0, 4),
    ]);
    expect(toldIn(run)).toEqual(["CLEAR 1-3"]);
    expect(readIn(run)).toEqual([7, 0, 0, 10]);
    expect(run.state.files[FILE]?.lock).toBeNull();
  });

  it("leaves a private mapping the copies that it has made", () => {
    const private_ = map(0, 2, { kind: "private" });
    const run = alone([
      private_,
      access(true, 0),
      access(false, 1),
      punch(0, 2),
      access(false, 0, 2),
    ]);
    expect(readIn(run)).toEqual([0, 7, 0]);
  });

  it("where no page is in memory drops nobody's reference", () => {
    const { state } = alone([map(0, 4), punch(0, 4)]);
    expect(state.frames[0]?.pins).toBe(0);
  });

  it("takes the file's pages that its mapping showed, whatever page of the file that is", () => {
    const run = alone([map(4, 2, { filePage: 6 }), access(true, 4, 2), punch(5, 1)]);
    const cache = run.state.files[FILE]?.cache ?? { leaves: {} };
    expect([6, 7].map((page) => entryOf(cache, page) === 0)).toEqual([false, true]);
    expect(kindsAt(run, 4, 6)).toEqual(["writable", undefined]);
  });

  it("of pages that show no file is left out", () => {
    const anonymous: Operation = { op: "mmap", page: 0, np: 1, prot: "read_write" };
    const run = alone([anonymous, access(true, 0), punch(0, 1), access(false, 0)]);
    expect(readIn(run)).toEqual([7]);
    expect(run.events.some(({ type }) => type === "filemap_remove_folio")).toBe(false);
  });
});

describe("the lock of a file", () => {
  it("has one holder", () => {
    const locks = { type: "filemap_invalidate_lock", file: FILE } as const;
    const state = reduced(locks);
    expect(() => apply(state, locks)).toThrow("a second holder of a file's lock");
    apply(state, { type: "filemap_invalidate_unlock", file: FILE } as never);
    apply(state, locks);
  });

  it("is free again after each of two holes that are punched one after the other", () => {
    const run = inTurn([[map(0, 2), access(true, 0, 2)], [punch(0, 1)], [punch(1, 1)]]);
    expect(kindsAt(run, 0, 2)).toEqual([undefined, undefined]);
  });
});
