/** The rows of the page tables: what the device has and the CPU has not. */
import type { AddressSpace, Mirror } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { emptyMirror } from "../../../packages/core/src/drivers/mirror/mirror.ts";
import { setEntry } from "../../../packages/core/src/state/page-table.ts";
import { rowsOf, statusOf } from "../../../packages/replay/viewer/model/page-rows.ts";

function mirrorOf(...entries: readonly (readonly [number, number])[]): Mirror {
  const mirror = emptyMirror();
  for (const [page, entry] of entries) setEntry(mirror.device, page, entry);
  return mirror;
}

const NO_CPU = { cpu: { leaves: {} }, regions: {} } as unknown as AddressSpace;
const isChanged = (): boolean => false;

describe("a row of the page tables", () => {
  it("holds pages that follow each other and look alike", () => {
    const mirror = mirrorOf([5, 15], [6, 17], [7, 18], [9, 21]);
    const known = { recorded: true, stale: new Set<number>(), isChanged };
    const rows = rowsOf(NO_CPU, mirror, known);
    expect(rows.map(({ first, count }) => [first, count])).toEqual([
      [5, 2],
      [7, 1],
      [9, 1],
    ]);
  });

  it("of a recording is stale where a violation says so, and else unknown", () => {
    const known = { recorded: true, stale: new Set([6, 8]), isChanged };
    const rows = rowsOf(NO_CPU, mirrorOf([5, 15], [6, 15]), known);
    expect(rows.map(({ first, status }) => [first, status])).toEqual([
      [5, "unknown"],
      [6, "stale"],
    ]);
  });

  it("of a run is stale where the entries disagree, unless an invalidation is open", () => {
    expect([statusOf(0, 15, false), statusOf(0, 15, true), statusOf(7, 0, false)]).toEqual([
      "stale",
      "open",
      "cpu only",
    ]);
  });
});
