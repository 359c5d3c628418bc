/**
 * What was written last follows the page: its file, its copy, its new place, its child.
 *
 * Every run also asks M-I1 and M-I2, which compare it with the frames; here the values themselves are said.
 */
import type { Operation } from "@mmreplay/core";
import { mmId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { lastWritten, mmOfMirror } from "../../../../packages/core/src/memory/last-write.ts";
import { mmOf } from "../../../../packages/core/src/state/state.ts";
import { alone, type Ended, inTurn, readIn } from "../../../support/memory-run.ts";
import { exit, insert, M, N } from "../../../support/operations.ts";

const CHILD = mmId(1);
const map = (page: number, np: number, how: object = {}): Operation => ({
  op: "mmap",
  page,
  np,
  prot: "read_write",
  ...how,
});
const write = (page: number, value: number): Operation => ({
  op: "cpu_access",
  write: true,
  page,
  np: 1,
  value,
});
const read = (page: number): Operation => ({ op: "cpu_access", write: false, page, np: 1 });
const device = (command: "READ" | "WRITE", page: number, value = 0, n = N): Operation => ({
  op: "dmirror",
  command,
  n,
  page,
  np: 1,
  value,
});
const last = ({ state }: Ended, page: number, mm = 0): number =>
  lastWritten(state, mmOf(state, mmId(mm)), page);

describe("private memory", () => {
  it("holds what the CPU or the device wrote last, and 0 before", () => {
    const run = alone([insert(N, 0, 4), map(0, 2), write(0, 5), device("WRITE", 0, 6), read(0)]);
    expect([last(run, 0), last(run, 1), ...readIn(run)]).toEqual([6, 0, 6]);
  });

  it("keeps it when it is written out and comes back, or is moved to another frame", () => {
    const out: Operation = { op: "try_to_unmap", page: 0, np: 1 };
    const moves: Operation = { op: "migrate_pages", page: 0, np: 1 };
    const run = alone([map(0, 1), write(0, 5), out, read(0), moves, read(0)]);
    expect(readIn(run)).toEqual([5, 5]);
  });

  it("forgets it when the page is given back", () => {
    const zap: Operation = { op: "madvise_dontneed", page: 0, np: 1 };
    const run = alone([map(0, 1), write(0, 5), zap, read(0)]);
    expect([last(run, 0), ...readIn(run)]).toEqual([0, 0]);
  });

  it("takes it along to its new place, and leaves nothing at the old one", () => {
    const moves: Operation = { op: "mremap", page: 0, np: 2, to: 8 };
    const run = alone([map(0, 2), write(0, 5), write(1, 6), moves, read(8), read(9)]);
    expect([last(run, 0), last(run, 1)]).toEqual([0, 0]);
    expect(readIn(run)).toEqual([5, 6]);
  });
});

describe("a private mapping of a file", () => {
  const file = map(0, 1, { file: 0 });
  const shared = map(4, 1, { kind: "shared", file: 0 });

  it("shows what the file holds until it is written to", () => {
    const run = alone([file, shared, write(4, 5), read(0), write(4, 6), read(0)]);
    expect(readIn(run)).toEqual([5, 6]);
  });

  it("has a copy of its own afterwards, and another one shows the file still", () => {
    const run = alone([
      insert(N, 0, 8),
      file,
      map(1, 1, { file: 0 }),
      shared,
      write(4, 5),
      device("WRITE", 0, 9),
      write(4, 6),
      ...[0, 1, 4].map(read),
    ]);
    expect([readIn(run), last(run, 0), last(run, 4)]).toEqual([[9, 6, 6], 9, 6]);
  });

  it("shows the file again when the copy is given back", () => {
    const zap: Operation = { op: "madvise_dontneed", page: 0, np: 1 };
    const run = alone([file, shared, write(4, 5), write(0, 9), zap, read(0)]);
    expect(readIn(run)).toEqual([5]);
  });

  it("moves with its copy", () => {
    const moves: Operation = { op: "mremap", page: 0, np: 1, to: 12 };
    const run = alone([file, shared, write(0, 9), moves, read(12), read(4)]);
    expect(readIn(run)).toEqual([9, 0]);
  });
});

describe("a page in the middle of munmap", () => {
  const shared: Operation = map(0, 1, { kind: "shared", file: 0 });

  it("is the file's still, for whoever reads it through the old entry", () => {
    const run = alone([shared, write(0, 5)]);
    const mm = mmOf(run.state, mmId(0));
    mm.vmas = [];
    expect(lastWritten(run.state, mm, 0)).toBe(5);
  });
});

describe("fork", () => {
  const processes = [0, 0, 1].map(mmId);

  it("gives the child what the parent's private memory held, and each writes its own", () => {
    const parent = [map(0, 2), write(0, 5), write(1, 6), { op: "fork", child: CHILD } as const];
    const child = [{ op: "child" } as const, read(0), write(1, 7), read(1)];
    const run = inTurn([[...parent], child], { processes });
    expect(readIn(run)).toEqual([5, 7]);
    expect([last(run, 1), last(run, 1, 1)]).toEqual([6, 7]);
  });

  it("shares what the file of a shared mapping holds, in both directions", () => {
    const parent = [
      map(0, 1, { kind: "shared", file: 0 }),
      write(0, 5),
      { op: "fork", child: CHILD } as const,
      { op: "wait_child", child: CHILD } as const,
      read(0),
    ];
    const child = [{ op: "child" } as const, read(0), write(0, 7), exit];
    const run = inTurn([parent, child], { processes });
    expect(readIn(run)).toEqual([5, 7]);
  });

  it("leaves a driver instance the address space of its notifier", () => {
    const opens = { ...insert(M, 0, 8), mirror: 1 } as Operation;
    const parent = [insert(N, 0, 8), map(0, 1), write(0, 5), { op: "fork", child: CHILD } as const];
    const child = [{ op: "child" } as const, opens, device("WRITE", 0, 7, M), read(0)];
    const run = inTurn([parent, child], { processes });
    expect([mmOfMirror(run.state, 0), mmOfMirror(run.state, 1)]).toEqual([0, 1]);
    expect([readIn(run), last(run, 0), last(run, 0, 1)]).toEqual([[7], 5, 7]);
  });
});
