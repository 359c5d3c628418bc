/**
 * What the mm does to pages besides taking entries away: it writes them out, drops, moves, merges, replaces and
 * collapses them.
 */
import { type Operation, ZERO_PAGE } from "@mmreplay/core";
import { mmId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { M_I1, M_I2 } from "../../../../packages/core/src/rules/m-i1-last-write.ts";
import { alone, entryAt, inTurn, kindsAt, readIn, toldIn } from "../../../support/memory-run.ts";
import { insert, N, scenario } from "../../../support/operations.ts";
import { watchRules } from "../../../support/rule-watch.ts";
import { startRun } from "../../../support/run.ts";
import { finish, follow } from "../../../support/schedule.ts";

type Name = Extract<Operation, { onto?: number | undefined }>["op"];

const map = (np = 4, how: object = {}): Operation => ({
  op: "mmap",
  page: 0,
  np,
  prot: "read_write",
  ...how,
});
const write = (page: number, value: number, np = 1): Operation => ({
  op: "cpu_access",
  write: true,
  page,
  np,
  value,
});
const read = (page: number, np = 1): Operation => ({ op: "cpu_access", write: false, page, np });
const on = (op: Name, page = 0, np = 1, more: object = {}): Operation => ({
  op,
  page,
  np,
  ...more,
});
const opens = insert(N, 0, 16);
const device = (command: "READ" | "WRITE", page: number, value = 0): Operation => ({
  op: "dmirror",
  command,
  n: N,
  page,
  np: 1,
  value,
});

describe("MADV_FREE, then reclaim", () => {
  it("drops the page: what is read then is empty", () => {
    const run = alone([map(), write(0, 5), on("madvise_free"), on("try_to_unmap"), read(0)]);
    expect([readIn(run), entryAt(run, 0)?.frame]).toEqual([[0], ZERO_PAGE]);
  });

  it.each([
    ["the CPU", write(0, 6)],
    ["a device", device("WRITE", 0, 6)],
  ] as const)("keeps a page to which %s has written since", (_, again) => {
    const steps = [on("madvise_free"), again, on("try_to_unmap")];
    const run = alone([opens, map(), write(0, 5), ...steps, read(0)]);
    expect(readIn(run)).toEqual([6]);
  });

  it("keeps a page that was only read since until it is reclaimed", () => {
    const run = alone([map(), write(0, 5), on("madvise_free"), read(0)]);
    expect(readIn(run)).toEqual([5]);
  });

  it("keeps a page that a child maps, too", () => {
    const fork: Operation = { op: "fork", child: mmId(1) };
    const parent = [map(), write(0, 5), fork, on("madvise_free"), on("try_to_unmap"), read(0)];
    const run = inTurn([parent, [{ op: "child" }]], { processes: [0, 0, 1].map(mmId) });
    expect(readIn(run)).toEqual([5]);
  });
});

describe("reclaim", () => {
  it("writes private memory out, and lets go of a file's page, which the cache keeps", () => {
    const file = { page: 8, kind: "shared", file: 0 };
    const run = alone([map(), map(1, file), write(0, 5), write(8, 6), on("try_to_unmap", 0, 9)]);
    expect([entryAt(run, 0)?.kind, entryAt(run, 8)]).toEqual(["swap", undefined]);
    expect(readIn(alone([map(1, file), write(8, 6), on("try_to_unmap", 8), read(8)]))).toEqual([6]);
  });

  it("leaves the zero page where it is", () => {
    expect(entryAt(alone([map(), read(0), on("try_to_unmap")]), 0)?.frame).toBe(ZERO_PAGE);
  });
});

describe("KSM", () => {
  const twins = [map(), write(0, 5), write(1, 5)];
  const protects = on("ksm_write_protect", 0, 2);
  const merges = on("ksm_replace_page", 0, 1, { onto: 1 });

  it("merges two write-protected pages that hold the same, and the next write copies", () => {
    const run = alone([...twins, protects, merges]);
    expect(entryAt(run, 0)?.frame).toBe(entryAt(run, 1)?.frame);
    const later = alone([...twins, protects, merges, write(0, 6), read(0), read(1)]);
    expect(readIn(later)).toEqual([6, 5]);
  });

  it.each([
    ["that differ", [map(), write(0, 5), write(1, 6), protects]],
    ["of which one may be written", [...twins, on("ksm_write_protect", 1)]],
    ["of which one was written again", [...twins, protects, write(1, 5)]],
    ["of which the other was given away", [...twins, on("madvise_free", 1), protects]],
  ])("leaves two pages alone %s", (_, before) => {
    const run = alone([...before, merges]);
    expect(entryAt(run, 0)?.frame).not.toBe(entryAt(run, 1)?.frame);
  });
});

describe("a uprobe", () => {
  const text = map(2, { file: 0, prot: "read" });
  const writes: Operation = { op: "file_write", file: 0, page: 0, np: 1, value: 5 };

  it("replaces the page of the file by a copy, which reads as it did", () => {
    const run = alone([opens, writes, text, read(0), on("uprobe_write_opcode"), read(0)]);
    expect([readIn(run), toldIn(run)]).toEqual([[5, 5], ["CLEAR 0-1"]]);
    expect(run.state.frames[entryAt(run, 0)?.frame ?? 0]).toMatchObject({ maps: 1, pins: 0 });
  });

  it("leaves a page that is absent alone, and tells nobody", () => {
    const run = alone([opens, text, on("uprobe_write_opcode")]);
    expect([entryAt(run, 0), toldIn(run)]).toEqual([undefined, []]);
  });

  it("gives its copy back where the page has gone meanwhile", () => {
    const programs = [[text, read(0)], [on("uprobe_write_opcode")], [on("try_to_unmap")]];
    const run = startRun({ ...scenario({ present: 0, programs }), memory: true });
    follow(run, "0* 1@mapping_entries 2* 1*");
    expect([run.unfinished(), run.state.frames.at(-1)]).toMatchObject([[], { maps: 0, pins: 0 }]);
  });
});

describe("khugepaged", () => {
  const huge = { pmdOrder: 2 };
  const collapses = on("collapse_huge_page");

  it("makes one page of small ones, zeroes where nothing was, and tells once", () => {
    const run = alone(
      [opens, map(), write(0, 5), write(2, 6), read(3), collapses, read(0, 4)],
      huge,
    );
    expect(kindsAt(run, 0, 4)).toEqual(Array(4).fill("huge_writable"));
    expect([readIn(run), toldIn(run)]).toEqual([[0, 5, 0, 6, 0], ["CLEAR 0-4"]]);
    expect(run.state.frames.filter(({ maps }) => maps === 1).length).toBe(4);
  });

  it.each([
    ["that nothing populates", [map()]],
    ["in a mapping that ends inside", [map(3), write(0, 5)]],
    ["of a file", [map(4, { file: 0 }), write(0, 5, 4)]],
    ["with a page that was written out", [map(), write(0, 5, 4), on("try_to_unmap")]],
    [
      "with a page that is merged",
      [
        map(),
        write(0, 5),
        write(1, 5),
        on("ksm_write_protect", 0, 2),
        on("ksm_replace_page", 0, 1, { onto: 1 }),
      ],
    ],
  ] as const)("leaves a PMD alone %s, and tells nobody", (_, before) => {
    const prepared = alone([opens, ...before], huge);
    const run = alone([opens, ...before, collapses], huge);
    expect(kindsAt(run, 0, 4)).toEqual(kindsAt(prepared, 0, 4));
    expect(toldIn(run)).toEqual(toldIn(prepared));
  });
});

describe("a migration", () => {
  const moves = on("migrate_pages", 0, 2);

  it("keeps content and rights, in other frames", () => {
    const before = alone([map(), write(0, 5), read(1)]);
    const run = alone([map(), write(0, 5), read(1), moves, read(0, 2)]);
    expect(kindsAt(run, 0, 2)).toEqual(["writable", "read_only"]);
    expect(entryAt(run, 0)?.frame).not.toBe(entryAt(before, 0)?.frame);
    expect([readIn(run), entryAt(run, 1)?.frame]).toEqual([[0, 5, 0], ZERO_PAGE]);
  });

  it("leaves a file's page, which the cache names, and moves a private copy of one", () => {
    const shared = map(1, { kind: "shared", file: 0 });
    const own = map(1, { page: 1, file: 0 });
    const before = [shared, own, write(0, 5), write(1, 6)];
    const [prepared, run] = [alone(before), alone([...before, moves, read(0), read(1)])];
    expect(entryAt(run, 0)).toEqual(entryAt(prepared, 0));
    expect(entryAt(run, 1)).not.toEqual(entryAt(prepared, 1));
    expect(readIn(run)).toEqual([5, 6]);
  });

  /** One task is in the middle of a migration; another one does something; both come to their end. */
  function meanwhile(other: Operation, setUp: readonly Operation[], pmdOrder?: number) {
    const rules = watchRules([M_I1, M_I2]);
    const programs = [setUp, [on("migrate_pages", 0, 4)], [other], [read(0, 4)]];
    const parts = { ...scenario({ present: 0, programs }), memory: true };
    const run = startRun(pmdOrder === undefined ? parts : { ...parts, pmdOrder }, { watch: rules });
    follow(run, "0* 1@migrate_restore 2*");
    finish(run);
    expect(rules.violated()).toEqual([]);
    expect(run.unfinished()).toEqual([]);
    return run;
  }
  const protects = on("mprotect", 0, 4, { prot: "read" });

  it("ends, and nobody waits for ever, where mprotect takes rights away in the middle of it", () => {
    const run = meanwhile(protects, [map(), write(0, 5, 4)]);
    expect(kindsAt(run, 0, 4)).toEqual(Array(4).fill("read_only"));
    expect(readIn(run)).toEqual([5, 6, 7, 8]);
  });

  it("ends where the huge page is split in the middle of it", () => {
    const advises: Operation = { op: "madvise_hugepage", page: 0, np: 4 };
    const run = meanwhile(on("split_huge_pmd"), [map(), advises, write(0, 5, 4)], 2);
    expect(kindsAt(run, 0, 4)).toEqual(Array(4).fill("writable"));
    expect(readIn(run)).toEqual([5, 6, 7, 8]);
  });

  it("finds the page where mremap has moved it in the middle of it", () => {
    const programs = [
      [map(), write(0, 5)],
      [on("migrate_pages")],
      [on("mremap", 0, 1, { to: 8 })],
      [read(8)],
    ];
    const run = startRun({ ...scenario({ present: 0, programs }), memory: true });
    follow(run, "0* 1@migrate_copy 2* 1* 3*");
    expect([run.unfinished(), readIn(run)]).toEqual([[], [5]]);
  });

  it("serves the child that fork has made in the middle of it, too", () => {
    const programs: Operation[][] = [
      [map(), write(0, 5)],
      [on("migrate_pages")],
      [{ op: "fork", child: mmId(1) }, write(0, 6)],
      [{ op: "child" }, read(0)],
    ];
    const processes = [0, 0, 0, 1].map(mmId);
    const run = startRun({ ...scenario({ present: 0, programs }), memory: true, processes });
    follow(run, "0* 1@migrate_copy 2*");
    finish(run);
    expect([run.unfinished(), readIn(run)]).toEqual([[], [5]]);
  });

  it("leaves what khugepaged has isolated to khugepaged", () => {
    const programs = [
      [map(), write(0, 5, 2)],
      [on("migrate_pages")],
      [on("collapse_huge_page")],
      [read(0, 2)],
    ];
    const run = startRun({ ...scenario({ present: 0, programs }), memory: true, pmdOrder: 1 });
    follow(run, "0* 2@collapse_copy 1* 2* 3*");
    expect([run.unfinished(), readIn(run)]).toEqual([[], [5, 6]]);
    expect(kindsAt(run, 0, 2)).toEqual(["huge_writable", "huge_writable"]);
  });

  it("gives its copy back where the page is taken away in the middle of it", () => {
    const run = meanwhile(on("madvise_dontneed", 0, 4), [map(), write(0, 5, 4)]);
    expect(readIn(run)).toEqual([0, 0, 0, 0]);
    expect(run.state.frames.filter(({ pins }) => pins > 0).length).toBe(1);
  });
});

describe("a hint of NUMA balancing", () => {
  it("is set only on what its invalidation covers, though more is populated by now", () => {
    const programs = [[opens, map(8), write(4, 5)], [on("change_prot_numa", 0, 8)], [write(0, 6)]];
    const rules = watchRules();
    const parts = { ...scenario({ present: 0, programs }), memory: true, pmdOrder: 1 };
    const run = startRun(parts, { watch: rules });
    follow(run, "0* 1@mapping_entries 2* 1*");
    expect([run.unfinished(), rules.violated(), toldIn(run)]).toEqual([
      [],
      [],
      ["PROTECTION_VMA 4-8"],
    ]);
    expect([entryAt(run, 0)?.kind, entryAt(run, 4)?.kind]).toEqual([
      "writable",
      "protnone_writable",
    ]);
  });
});
