/**
 * What a trace says of read sections: their ends, their outcomes, and the callback from which an arrow leads.
 */
import { emptyState } from "@mmreplay/core";
import { eventIndex, type MmEvent } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import {
  type ChromeRecord,
  ChromeTrace,
} from "../../../../packages/replay/src/export/chrome-trace.ts";
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
  const sections = records.filter(({ ph, cat }) => (ph === "X" || ph === "B") && cat === "read");
  const flows = records.filter(({ cat }) => cat === "flow");
  return {
    records,
    sections: sections.map(({ ph, ts, dur, args }) => {
      const { outcome } = args as { outcome?: string };
      return [ph, ts, ph === "X" ? Number(ts) + Number(dur) : null, outcome];
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

  it("that is still open at the end begins and does not end", () => {
    expect(traced([read, check(false)]).sections).toEqual([["B", 0, null, "kept"]]);
  });
});

describe("an arrow of a trace", () => {
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
