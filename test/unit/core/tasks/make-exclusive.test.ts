/**
 * make_device_exclusive_range: which pages count as granted (protocol.md 5.2).
 */
import type { Operation } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { codesIn, entryAt, toldIn } from "../../../support/memory-run.ts";
import { insert, N, scenario } from "../../../support/operations.ts";
import { watchRules } from "../../../support/rule-watch.ts";
import { startRun } from "../../../support/run.ts";
import { follow } from "../../../support/schedule.ts";

const EBUSY = -16;
const PAGE = { page: 0, np: 1 };
const SET_UP: readonly Operation[] = [
  insert(N, 0, 4),
  { op: "mmap", ...PAGE, prot: "read_write" },
  { op: "cpu_access", write: true, ...PAGE, value: 5 },
];
const EXCLUSIVE: Operation = { op: "dmirror", command: "EXCLUSIVE", n: N, ...PAGE };

/** EXCLUSIVE of one page, which something is done to between its look-up and its lock. */
function meanwhile(other: Operation) {
  const programs = [SET_UP, [EXCLUSIVE], [other]];
  const driver = { exclusivePages: "unchecked" } as const;
  const rules = watchRules();
  const parts = scenario({ pages: 8, present: 0, driver, programs });
  const run = startRun({ ...parts, memory: true }, { watch: rules });
  follow(run, "0* 1@exclusive_gup 1 2* 1*");
  expect(run.unfinished()).toEqual([]);
  expect(rules.violated()).toEqual([]);
  return run;
}

const grantOf = (run: ReturnType<typeof meanwhile>) =>
  run.events.flatMap((event) =>
    event.type === "make_device_exclusive_range_return" ? [event.pages] : [],
  );

describe("a page that was looked up for writing", () => {
  it("and became read-only before it was locked is not granted, and the device maps nothing", () => {
    const run = meanwhile({ op: "page_mkclean", ...PAGE });
    expect(toldIn(run)).toEqual(["PROTECTION_PAGE 0-1", "EXCLUSIVE 0-1"]);
    expect(codesIn(run)).toEqual([EBUSY]);
    expect(run.state.mirrors[0]?.device.leaves).toEqual({});
    const { frame } = entryAt(run, 0) ?? {};
    expect(run.state.frames[frame ?? 0]).toMatchObject({ pins: 0, locked: false });
  });

  it("and is gone by then is not granted either, and its entry stays absent", () => {
    const run = meanwhile({ op: "madvise_dontneed", ...PAGE });
    expect(codesIn(run)).toEqual([EBUSY]);
    expect(entryAt(run, 0)).toBeUndefined();
  });

  it("and still is what it was is granted", () => {
    const run = meanwhile({ op: "page_mkclean", page: 1, np: 1 });
    expect([grantOf(run), codesIn(run), entryAt(run, 0)?.kind]).toEqual([[1], [0], "exclusive"]);
  });
});
