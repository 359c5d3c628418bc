/**
 * get_user_pages, and pages of coherent memory: what a reference finds, where the page is afterwards, who is
 * told.
 */
import { type Operation, ZERO_PAGE } from "@mmreplay/core";
import { type DmirrorCommand, type GupKind, mirrorId, mmId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import {
  alone,
  codesIn,
  type Ended,
  entryAt,
  kindsAt,
  readIn,
  toldIn,
} from "../../../support/memory-run.ts";
import { insert, M, N, scenario } from "../../../support/operations.ts";
import { watchRules } from "../../../support/rule-watch.ts";
import { startRun } from "../../../support/run.ts";
import { finish, follow } from "../../../support/schedule.ts";

const [EFAULT, EBUSY] = [-14, -16];
const [PRIVATE, COHERENT] = [0, 2];
const KINDS: readonly GupKind[] = ["get", "get_fast", "pin_longterm", "pin_longterm_fast"];

const map = (prot: "none" | "read" | "read_write" = "read_write", how: object = {}): Operation => ({
  op: "mmap",
  page: 0,
  np: 4,
  prot,
  ...how,
});
const write: Operation = { op: "cpu_access", write: true, page: 0, np: 1, value: 5 };
const read: Operation = { op: "cpu_access", write: false, page: 0, np: 1 };
const device = (command: DmirrorCommand, n = N): Operation => ({
  op: "dmirror",
  command,
  n,
  page: 0,
  np: 1,
  value: 7,
});
const gup = (how: GupKind, writes = true): Operation => ({
  op: "gup",
  page: 0,
  how,
  write: writes,
});
const opens = insert(N, 0, 8);
const moved = [opens, map(), write, device("MIGRATE_TO_DEV")];

const on = (device: number) => ({ devices: [device] });
/** Results of get_user_pages. */
const given = ({ events }: Pick<Ended, "events">) =>
  events.flatMap((event) => (event.type === "get_user_pages_return" ? [event] : []));
/** The device in whose memory a page is; null: in system memory. */
const deviceAt = (run: Ended) => run.state.frames[entryAt(run, 0)?.frame ?? 0]?.device;

describe("get_user_pages", () => {
  it.each(KINDS)("faults an absent page in, as %s", (how) => {
    const run = alone([map(), gup(how)]);
    expect(given(run)).toMatchObject([{ rc: 0, frame: entryAt(run, 0)?.frame }]);
    expect(entryAt(run, 0)?.kind).toBe("writable");
  });

  it("finds the zero page where it does not ask for writing", () => {
    const run = alone([map(), gup("get", false)]);
    expect(given(run)).toMatchObject([{ rc: 0, frame: ZERO_PAGE }]);
  });

  it.each(["get_fast", "pin_longterm_fast"] as const)(
    "needs no mmap lock for a page that is there, as %s",
    (how) => {
      const { events } = alone([map(), write, gup(how)]);
      const from = events.findIndex(({ type }) => type === "gup_test_ioctl");
      expect(events.slice(from).map(({ type }) => type)).not.toContain("mmap_lock");
    },
  );

  it.each([
    ["no mapping", []],
    ["a mapping that may not be written", [map("read")]],
    ["memory without a struct page", [map("read_write", { kind: "pfnmap", insert: "special" })]],
  ] as const)("fails where there is %s", (_, before) => {
    for (const how of KINDS) {
      expect(given(alone([...before, gup(how)]))).toMatchObject([{ rc: EFAULT, frame: 0 }]);
    }
  });

  it.each(KINDS)("brings a page of device-private memory back, as %s", (how) => {
    const run = alone([...moved, gup(how), read], on(PRIVATE));
    expect([deviceAt(run), readIn(run).at(-1)]).toEqual([null, 5]);
  });

  it.each([
    ["get", COHERENT],
    ["get_fast", COHERENT],
    ["pin_longterm", null],
    ["pin_longterm_fast", null],
  ] as const)("of a page of coherent memory, as %s, leaves it on device %s", (how, where) => {
    const run = alone([...moved, gup(how), read], on(COHERENT));
    expect([deviceAt(run), readIn(run).at(-1)]).toEqual([where, 5]);
  });

  it("tells of the move to system memory by a CLEAR", () => {
    const before = toldIn(alone(moved, on(COHERENT)));
    const run = alone([...moved, gup("pin_longterm")], on(COHERENT));
    expect(toldIn(run).slice(before.length)).toEqual(["CLEAR 0-1"]);
  });

  it("gives up where somebody else refers to the page, too: -EBUSY", () => {
    const rules = watchRules();
    const programs = [[], moved, [gup("get")], [gup("pin_longterm"), read]];
    const parts = scenario({ pages: 8, present: 0, programs });
    const run = startRun({ ...parts, memory: true, ...on(COHERENT) }, { watch: rules });
    follow(run, "1* 2@gup_put 3* 2*");
    finish(run);
    expect(given(run)).toMatchObject([
      { longterm: false, rc: 0 },
      { longterm: true, rc: EBUSY, frame: 0 },
    ]);
    expect(rules.violated()).toEqual([]);
  });
});

describe("a page of coherent memory", () => {
  it("is mapped for the CPU, which writes to it where it is", () => {
    const run = alone(
      [...moved, { ...write, value: 6 } as Operation, device("READ")],
      on(COHERENT),
    );
    expect([entryAt(run, 0)?.kind, deviceAt(run), readIn(run).at(-1)]).toEqual([
      "writable",
      COHERENT,
      6,
    ]);
  });

  it("is collected by its own device alone", () => {
    const opensOther = { ...insert(M, 0, 8), mirror: mirrorId(1) } as Operation;
    for (const command of ["MIGRATE_TO_DEV", "MIGRATE_TO_SYS"] as const) {
      const run = alone([opensOther, ...moved, device(command, M)], { devices: [COHERENT, 3] });
      expect(deviceAt(run)).toBe(COHERENT);
    }
    const back = alone([...moved, device("MIGRATE_TO_SYS")], on(COHERENT));
    expect([deviceAt(back), codesIn(back).at(-1)]).toEqual([null, 0]);
  });

  it("goes back to system memory when the device's memory is released", () => {
    const run = alone([...moved, device("RELEASE"), read], on(COHERENT));
    expect([deviceAt(run), entryAt(run, 0)?.kind, readIn(run).at(-1)]).toEqual([
      null,
      "writable",
      5,
    ]);
  });

  it("is shared by fork, and copied to system memory by a write", () => {
    const fork: Operation = { op: "fork", child: mmId(1) };
    const run = alone([...moved, fork, write], on(COHERENT));
    expect([deviceAt(run), entryAt(run, 0, 1)?.kind]).toEqual([null, "read_only"]);
  });
});

describe("khugepaged", () => {
  /** A PMD of four pages; page 0 has a reference while the PMD is looked at, or no more. */
  const collapses = (schedule: string) => {
    const fills: Operation = { op: "cpu_access", write: true, page: 0, np: 4, value: 5 };
    const setUp = [opens, map(), fills];
    const programs = [setUp, [gup("get")], [{ op: "collapse_huge_page", page: 0, np: 4 } as const]];
    const rules = watchRules();
    const parts = { ...scenario({ present: 0, programs }), memory: true, pmdOrder: 2 };
    const run = startRun(parts, { watch: rules });
    follow(run, schedule);
    expect([run.unfinished(), rules.violated()]).toEqual([[], []]);
    return { told: toldIn(run), kinds: new Set(kindsAt(run, 0, 4)) };
  };

  it("leaves a PMD alone of which somebody refers to a page", () => {
    expect(collapses("0* 1@gup_put 2* 1*")).toEqual({ told: [], kinds: new Set(["writable"]) });
  });

  it("collapses it when the reference is dropped", () => {
    const { told, kinds } = collapses("0* 1* 2*");
    expect([told, kinds]).toEqual([["CLEAR 0-4"], new Set(["huge_writable"])]);
  });
});
