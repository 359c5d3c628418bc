/**
 * The footprint of a run: what it does to a buffer, and nothing else; the recordings are compared by it.
 */
import { addressOfPage, type EventBody, type MmEvent, mmId, taskId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { footprint } from "../../../support/footprint.ts";

const BUFFER = { page: 10, np: 4 };
const [A, B] = [taskId(1), taskId(2)];
const mm = mmId(0);

/** Events of tasks that have opened the device, each as far as a footprint reads it. */
function events(...bodies: readonly object[]): MmEvent[] {
  const opens = [A, B].map((task) => ({ type: "mmu_interval_notifier_insert", mm, task }));
  return [...opens, ...bodies].map((body, index) => ({ task: A, ...body, index })) as never;
}

const start = (from: number, to: number, region = 1, event = "CLEAR") => ({
  type: "mmu_notifier_invalidate_range_start",
  mm,
  region,
  event,
  start: addressOfPage(from),
  end: addressOfPage(to),
});
const answer = (region = 1, result = true) => ({ type: "invalidate_return", mm, region, result });
const end = (region = 1) => ({ type: "mmu_notifier_invalidate_range_end", mm, region });
const store = (...pages: number[]) => ({
  type: "device_map",
  entries: pages.map((page) => [page, page + 1, true]),
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
  footprint(events(...bodies), BUFFER)[0];

describe("the footprint of a run", () => {
  it("has an invalidation's part of the buffer, counted from its first page, with its callback", () => {
    expect(lines(start(8, 12), answer(), end())).toEqual(["CLEAR 0-2", "callback true", "end"]);
  });

  it("tells one event, one range, one answer and one order from another", () => {
    const usual = lines(start(8, 12), answer(), end());
    expect(lines(start(8, 12, 1, "UNMAP"), answer(), end())).not.toEqual(usual);
    expect(lines(start(8, 13), answer(), end())).not.toEqual(usual);
    expect(lines(start(8, 12), answer(1, false), end())).not.toEqual(usual);
    expect(lines(start(8, 12), end(), answer())).not.toEqual(usual);
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
    expect(lines(store(10), store(11), store(12, 13))).toEqual(["store 0-4, 4 pages"]);
    expect(lines(store(10, 11), retry(false), store(12, 13))).toEqual([
      "store 0-2, 2 pages",
      "read_retry false",
      "store 2-4, 2 pages",
    ]);
    expect(lines(store(10), store(13))).toEqual(["store 0-4, 2 pages"]);
  });

  it("is one for each process that opens the device, or for those that are asked for", () => {
    const both = events(start(10, 11), { ...end(), task: A }, { ...start(11, 12), task: B });
    expect(footprint(both, BUFFER)).toEqual([["CLEAR 0-1", "end"], ["CLEAR 1-2"]]);
    expect(footprint(both, BUFFER, { tasks: new Set([B]) })).toEqual([["CLEAR 1-2"]]);
  });

  it("may leave stores out, which a recording need not show", () => {
    const run = events(store(10), retry(true));
    expect(footprint(run, BUFFER, { stores: false })[0]).toEqual(["read_retry true"]);
  });
});
