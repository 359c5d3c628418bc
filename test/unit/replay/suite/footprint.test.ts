/**
 * The footprint of a run: what it does to a buffer, and nothing else; the recordings are compared by it.
 */
import {
  addressOfPage,
  type EventBody,
  type MmEvent,
  mirrorId,
  mmId,
  taskId,
} from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { footprint } from "../../../support/footprint.ts";

const BUFFER = { page: 10, np: 4 };
const [A, B] = [taskId(1), taskId(2)];
const mm = mmId(0);
const mirror = mirrorId(0);
const CLEAR = (pages: string) => `CLEAR ${pages}, blockable true, no owner`;

/** Events of tasks that have opened the device, each as far as a footprint reads it. */
function events(...bodies: readonly object[]): MmEvent[] {
  const opens = [A, B].map((task) => ({ type: "mmu_interval_notifier_insert", mm, task }));
  return [...opens, ...bodies].map((body, index) => ({ task: A, ...body, index })) as never;
}

const start = (from: number, to: number, region = 1, event = "CLEAR", rest: object = {}) => ({
  type: "mmu_notifier_invalidate_range_start",
  mm,
  region,
  event,
  blockable: true,
  owner: null,
  ...rest,
  start: addressOfPage(from),
  end: addressOfPage(to),
});
const enter = (region = 1) => ({ type: "invalidate", mm, region });
const answer = (region = 1, result = true) => ({ type: "invalidate_return", mm, region, result });
const end = (region = 1) => ({ type: "mmu_notifier_invalidate_range_end", mm, region });
const put = (writable: boolean, ...pages: number[]) => ({
  type: "device_map",
  mirror,
  entries: pages.map((page) => [page, page + 1, writable]),
});
const store = (...pages: number[]) => put(true, ...pages);
const erase = (startPage: number, endPageExclusive: number) => ({
  type: "device_unmap",
  mirror,
  startPage,
  endPageExclusive,
});
const walk = (from: number, to: number, rc: number) => [
  { type: "hmm_range_fault", start: addressOfPage(from), end: addressOfPage(to) },
  { type: "hmm_range_fault_return", rc },
];
const retry = (result: boolean): Partial<EventBody> => ({
  type: "mmu_interval_read_retry",
  result,
});
const lines = (...bodies: readonly object[]): string[] | undefined =>
  footprint(events(...bodies), BUFFER, { entries: true })[0];
const ranges = (...bodies: readonly object[]): string[] | undefined =>
  footprint(events(...bodies), BUFFER, { entries: false })[0];

describe("the footprint of a run", () => {
  it("has an invalidation's part of the buffer, counted from its first page, with its callback", () => {
    expect(lines(start(8, 12), answer(), end())).toEqual([CLEAR("0-2"), "callback true", "end"]);
  });

  it("tells one event, one range, one answer and one order from another", () => {
    const usual = lines(start(8, 12), answer(), end());
    expect(lines(start(8, 12, 1, "UNMAP"), answer(), end())).not.toEqual(usual);
    expect(lines(start(8, 13), answer(), end())).not.toEqual(usual);
    expect(lines(start(8, 12), answer(1, false), end())).not.toEqual(usual);
    expect(lines(start(8, 12), end(), answer())).not.toEqual(usual);
    expect(lines(start(8, 12, 1, "CLEAR", { blockable: false }), answer(), end())).not.toEqual(
      usual,
    );
    expect(lines(start(8, 12, 1, "CLEAR", { owner: 0 }), answer(), end())).not.toEqual(usual);
  });

  it("has an owner's presence, not its number, which each run gives for itself", () => {
    const owned = (owner: number) => lines(start(8, 12, 1, "MIGRATE", { owner }), end());
    expect(owned(0)).toEqual(["MIGRATE 0-2, blockable true, owned", "end"]);
    expect(owned(7)).toEqual(owned(0));
  });

  it("leaves out what happens outside of the buffer, with its callbacks", () => {
    expect(lines(start(14, 20), answer(), end(), start(0, 10, 2), answer(2), end(2))).toEqual([]);
  });

  it("leaves out an address space that has never had a notifier, as a recording does", () => {
    expect(lines({ ...start(8, 12), mm: mmId(1) }, { ...end(), mm: mmId(1) })).toEqual([]);
  });

  it("has range faults with their results, and retry checks", () => {
    expect(lines(...walk(10, 14, -16), ...walk(10, 14, 0), retry(false))).toEqual([
      "range_fault 0-4 = -16",
      "range_fault 0-4 = 0",
      "read_retry false",
    ]);
  });

  it("has stores one after the other as one, and two where something lies between", () => {
    expect(lines(store(10), store(11), store(12, 13))).toEqual([
      "store 0-4, 4 pages, 4 for writing",
    ]);
    expect(lines(store(10, 11), retry(false), store(12, 13))).toEqual([
      "store 0-2, 2 pages, 2 for writing",
      "read_retry false",
      "store 2-4, 2 pages, 2 for writing",
    ]);
    expect(lines(store(10), store(13))).toEqual(["store 0-4, 2 pages, 2 for writing"]);
  });

  it("has how many of the stored pages are for writing", () => {
    expect(lines(put(true, 10), put(false, 11, 12))).toEqual(["store 0-3, 3 pages, 1 for writing"]);
  });

  it("has the entries that the device loses: a range's present ones, or one by one", () => {
    const before = "store 0-3, 3 pages, 3 for writing";
    const range = lines(store(10, 11, 12), start(11, 12), enter(), erase(11, 13), answer(), end());
    expect(range).toEqual([before, CLEAR("1-2"), "erase 1-3, 2 pages", "callback true", "end"]);
    const single = [erase(11, 12), erase(12, 13)];
    expect(lines(store(10, 11, 12), start(11, 12), enter(), ...single, answer(), end())).toEqual(
      range,
    );
    expect(
      lines(store(10, 11, 12), start(11, 12), enter(), erase(11, 12), answer(), end()),
    ).not.toEqual(range);
    expect(lines(erase(10, 14), retry(false))).toEqual(["read_retry false"]);
  });

  it("forgets what another process erases, and what goes with a device that is closed", () => {
    expect(lines(store(10), { ...erase(10, 11), task: B }, erase(10, 11))).toEqual([
      "store 0-1, 1 pages, 1 for writing",
    ]);
    const closing = [{ type: "driver_remove_begin" }, erase(10, 14)];
    expect(lines(store(10), ...closing, erase(10, 11))).toHaveLength(1);
  });

  it("has without the entries what each callback of the buffer is asked to erase", () => {
    expect(ranges(store(10), start(9, 11), enter(), erase(9, 12), answer(), end())).toEqual([
      CLEAR("0-1"),
      "erase 0-2",
      "callback true",
      "end",
    ]);
    expect(ranges(start(8, 10), enter(), erase(8, 11), answer(), end(), erase(10, 11))).toEqual([]);
  });

  it("is one for each process that opens the device, or for those that are asked for", () => {
    const both = events(start(10, 11), { ...end(), task: A }, { ...start(11, 12), task: B });
    const entries = true;
    expect(footprint(both, BUFFER, { entries })).toEqual([[CLEAR("0-1"), "end"], [CLEAR("1-2")]]);
    expect(footprint(both, BUFFER, { entries, tasks: new Set([B]) })).toEqual([[CLEAR("1-2")]]);
  });
});
