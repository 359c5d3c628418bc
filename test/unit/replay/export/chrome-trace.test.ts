/**
 * What a trace says of read sections: their ends, their outcomes, and the callback from which an arrow leads.
 */
import { emptyState } from "@mmreplay/core";
import { eventIndex, type MmEvent } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import type { ChromeRecord } from "../../../../packages/replay/src/export/chrome-record.ts";
import { ChromeTrace } from "../../../../packages/replay/src/export/chrome-trace.ts";
import { imported, type TraceRecord, wrongArrows } from "../../../support/perfetto.ts";
import { recordedOf } from "../../viewer/recorded.ts";

type Body = Readonly<Record<string, unknown>>;

function traced(bodies: readonly Body[], exported: (index: number) => boolean = () => true) {
  const records: ChromeRecord[] = [];
  const trace = new ChromeTrace((record) => records.push(record));
  for (const [index, body] of bodies.entries()) {
    const event = { ...body, index: eventIndex(index) } as unknown as MmEvent;
    if (exported(index)) trace.event(event, emptyState());
    else trace.overlook(event);
  }
  trace.end();
  const sections = records.filter(({ cat }) => cat === "read");
  const flows = records.filter(({ cat }) => cat === "flow");
  return {
    records,
    sections: sections.map(({ ph, ts, dur, args }) => {
      const { outcome, cut } = args as { outcome?: string; cut?: true };
      const said = [ph, ts, Number(ts) + Number(dur), outcome];
      return cut === undefined ? said : [...said, "cut"];
    }),
    flows: flows.map(({ ph, ts, tid }) => [ph, ts, tid]),
  };
}

const NOTIFIER = { mm: 0, notifier: 0 };
const read = { type: "mmu_interval_read_begin", task: 0, ...NOTIFIER, seq: 1, waits: false };
const check = (result: boolean): Body => ({
  type: "mmu_interval_read_retry",
  task: 0,
  notifier: 0,
  seq: 1,
  result,
});
const store = { type: "device_map", task: 0, mirror: 0, notifier: 0, entries: [] };
const fault = { type: "hmm_range_fault", task: 0, notifier: 0, seq: 1 };
const busy = { type: "hmm_range_fault_return", task: 0, notifier: 0, rc: -16 };
const over = { type: "device_fault_return", task: 0, notifier: 0, result: "stored" };
const unlock = { type: "driver_unlock", task: 0, mirror: 0 };
const callback = (task: number, notifier = 0): Body[] => [
  { type: "invalidate", task, mm: 0, region: task, notifier, seq: 3 },
  { type: "mmu_interval_set_seq", task, notifier, seq: 3 },
  { type: "invalidate_return", task, mm: 0, region: task, notifier, result: true },
];

describe("a read section of a trace", () => {
  it("lasts to its last store, and is kept", () => {
    const { sections } = traced([read, check(false), store, store, unlock, read, over]);
    expect(sections).toEqual([
      ["X", 0, 3, "kept"],
      ["X", 5, 6, undefined],
    ]);
  });

  it("is retried where its check, or hmm_range_fault, says so", () => {
    expect(traced([read, check(true), unlock]).sections).toEqual([["X", 0, 1, "retried"]]);
    expect(traced([read, fault, busy, unlock]).sections).toEqual([["X", 0, 2, "retried"]]);
  });

  it("that is still open at the end is cut off there", () => {
    expect(traced([read, check(false)]).sections).toEqual([["X", 0, 1, "kept", "cut"]]);
  });

  it("is cut off where the selection ends, not where the recording does", () => {
    const { sections } = traced([read, check(false), unlock, unlock], (index) => index < 2);
    expect(sections).toEqual([["X", 0, 1, "kept", "cut"]]);
  });
});

const region = (type: string, fields: Body = {}): Body => ({
  type: `mmu_notifier_invalidate_range_${type}`,
  task: 1,
  mm: 0,
  region: 3,
  ...fields,
});

describe("an invalidation of a trace", () => {
  const bandsOf = (bodies: readonly Body[]) =>
    traced(bodies)
      .records.filter(({ cat }) => cat === "invalidation")
      .map(({ ph, ts, args }) => [ph, ts, ph === "e" ? args : {}]);

  it("lasts to the return of its end", () => {
    expect(bandsOf([region("start"), region("end"), region("end_return")])).toEqual([
      ["b", 0, {}],
      ["e", 2, {}],
    ]);
  });

  it("ends where it was refused", () => {
    expect(bandsOf([region("start"), region("start_return", { rc: -11 }), unlock])).toEqual([
      ["b", 0, {}],
      ["e", 1, {}],
    ]);
  });

  it("that is still open at the end is cut off there; where its number comes again, its end was lost", () => {
    expect(bandsOf([region("start"), unlock, region("start"), unlock])).toEqual([
      ["b", 0, {}],
      ["e", 2, { lost: true }],
      ["b", 2, {}],
      ["e", 3, { cut: true }],
    ]);
  });
});

describe("violations of a trace", () => {
  it("are a line each, also where one event violates two rules", () => {
    const records: ChromeRecord[] = [];
    const found = [
      { rule: "K-I14", index: 0, message: "one" },
      { rule: "K-I26", index: 0, message: "other" },
      { rule: "K-I26", index: 1, message: "later" },
    ];
    const trace = new ChromeTrace((record) => records.push(record), found);
    trace.event({ ...unlock, index: eventIndex(0) } as unknown as MmEvent, emptyState());
    trace.event({ ...unlock, index: eventIndex(1) } as unknown as MmEvent, emptyState());
    const lines = records.filter(({ ph, s }) => ph === "i" && s === "g");
    expect(lines.map(({ name, ts, args }) => [name, ts, args])).toEqual([
      ["K-I14 violated", 0, { index: 0, message: "one" }],
      ["K-I26 violated", 0, { index: 0, message: "other" }],
      ["K-I26 violated", 1, { index: 1, message: "later" }],
    ]);
  });
});

describe("an arrow of a trace", () => {
  it("is tied to slices that are not over where all of it happens in one nanosecond", () => {
    const events = [read, ...callback(1), check(true), unlock].map((body) => ({ ...body, at: 7 }));
    const records = traced(events).records as unknown as TraceRecord[];
    expect(wrongArrows(records)).toEqual([]);
    expect(imported(records).crossing).toEqual([]);
  });

  it("leads from the first callback in the section, where it told the notifier", () => {
    const events = [
      ...callback(1),
      read,
      ...callback(2, 7),
      ...callback(3),
      ...callback(4),
      check(true),
    ];
    expect(traced(events).flows).toEqual([
      ["s", 8, 3],
      ["f", 13, 0],
    ]);
  });

  it("leads to an -EBUSY, too, and from the last callback where none came in the section", () => {
    expect(traced([...callback(1), ...callback(2), read, fault, busy]).flows).toEqual([
      ["s", 4, 2],
      ["f", 8, 0],
    ]);
  });

  it("is not drawn from a callback that is not exported, nor from another one in its place", () => {
    const events = [...callback(1), read, ...callback(2), check(true)];
    expect(traced(events, (index) => index !== 4).flows).toEqual([]);
    expect(traced(events, (index) => index > 2).flows).toHaveLength(2);
  });

  it("is drawn where the page draws one", () => {
    const events = [
      ...callback(1),
      read,
      fault,
      busy,
      read,
      ...callback(2),
      check(true),
      read,
      check(false),
    ];
    const { arrows } = recordedOf(events).sections;
    const { flows } = traced(events);
    const ends = flows.filter(([ph]) => ph === "f").map(([, ts, tid]) => [ts, tid]);
    expect(ends).toEqual(arrows.map(({ to, toTask }) => [to, toTask]));
    const begins = flows.filter(([ph]) => ph === "s").map(([, , tid]) => tid);
    expect(begins).toEqual(arrows.map(({ fromTask }) => fromTask));
  });
});
