/**
 * Frames: numbered in turn, held by entries and by pins, free when nobody holds them.
 */
import type { State } from "@mmreplay/core";
import { type DeviceEntry, mirrorId, mmId, type PageEntry } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { cpuEntry } from "../../../../packages/core/src/memory/cpu-entry.ts";
import {
  isFreedFrame,
  nextFrame,
  reusableFrame,
  ZERO_PAGE,
} from "../../../../packages/core/src/memory/frame.ts";
import { M_I4 } from "../../../../packages/core/src/rules/m-i4-references.ts";
import { apply, reduced } from "../../../support/memory-run.ts";
import { watchRules } from "../../../support/rule-watch.ts";

const mm = mmId(0);
const alloc = (frame: number, order = 0, copyOf: number | null = null) =>
  ({ type: "alloc_page", frame, copyOf, order }) as const;
const maps = (...entries: PageEntry[]) => ({ type: "handle_mm_fault", mm, entries }) as const;
const put = (frame: number, order = 0) => ({ type: "put_page", frame, order }) as const;
const mirror = mirrorId(0);
const driverLocks = { type: "driver_lock", mirror } as const;
const destination = (frame: number) => ({ ...alloc(frame), held: 0 }) as const;
const deviceMaps = (...entries: DeviceEntry[]) =>
  ({ type: "device_map", mirror, notifier: null, entries }) as const;
const deviceUnmaps = (startPage: number) =>
  ({ type: "device_unmap", mirror, startPage, endPageExclusive: startPage + 1 }) as const;
const get = (frame: number) => ({ type: "get_page", frame }) as const;

/** `[maps, pins]` of a frame. */
function holders({ frames }: State, number: number): number[] {
  const frame = frames[number];
  return [frame?.maps ?? Number.NaN, frame?.pins ?? Number.NaN];
}
const isFree = (state: State, number: number): boolean => {
  const frame = state.frames[number];
  return frame !== undefined && isFreedFrame(number, frame);
};

describe("a frame", () => {
  it("is allocated in turn, and its number is never used again", () => {
    const state = reduced(alloc(2), put(2));
    expect([isFree(state, 2), nextFrame(state)]).toEqual([true, 3]);
    expect(() => apply(state, alloc(2))).toThrow("a frame out of turn");
    apply(state, alloc(3));
    expect(nextFrame(state)).toBe(4);
  });

  it("is had again by a migration only if it is free and nobody names it", () => {
    const state = reduced(alloc(2), alloc(3), maps([0, 3]), put(2));
    expect([nextFrame(state), reusableFrame(state)]).toEqual([4, 2]);
    apply(state, driverLocks);
    apply(state, deviceMaps([1, 2, false]));
    expect(reusableFrame(state)).toBe(4);
    expect(() => apply(state, destination(2))).toThrow("a frame out of turn");
    apply(state, deviceUnmaps(1));
    apply(state, destination(2));
    expect(holders(state, 2)).toEqual([0, 1]);
    expect(reusableFrame(state)).toBe(4);
  });

  it("of an order is one of so many, each with its own references", () => {
    const state = reduced(alloc(2, 2));
    expect(nextFrame(state)).toBe(6);
    apply(state, maps([0, 2], [1, 3]));
    expect([2, 3, 4, 5].map((number) => holders(state, number))).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
    const unused = reduced(alloc(2, 1), put(2, 1));
    expect([isFree(unused, 2), isFree(unused, 3)]).toEqual([true, true]);
  });

  it("begins with nothing, or with what it is a copy of", () => {
    const state = reduced(alloc(2), {
      type: "cpu_write",
      mm,
      entries: [[0, 2, 41]],
    } as never);
    apply(state, alloc(3, 0, 2));
    apply(state, alloc(4));
    expect(state.frames.slice(2).map(({ content }) => content)).toEqual([41, 41, 0]);
  });

  it("gives its allocator's reference to the first entry that names it", () => {
    const state = reduced(alloc(2));
    expect(holders(state, 2)).toEqual([0, 1]);
    apply(state, maps([0, 2]));
    expect(holders(state, 2)).toEqual([1, 0]);
    apply(state, maps([1, 2]));
    expect(holders(state, 2)).toEqual([2, 0]);
  });

  it("is free when no entry names it and nobody holds a reference, not before", () => {
    const state = reduced(alloc(2), maps([0, 2]), get(2), maps([0, 0]));
    expect([holders(state, 2), isFree(state, 2)]).toEqual([[0, 1], false]);
    apply(state, put(2));
    expect([holders(state, 2), isFree(state, 2)]).toEqual([[0, 0], true]);
  });

  it("stays where an entry takes the place of another one of the same frame", () => {
    const state = reduced(alloc(2), maps([0, 2]), maps([0, cpuEntry("swap", 2)]));
    expect(holders(state, 2)).toEqual([1, 0]);
    apply(state, maps([0, cpuEntry("migration", 2)]));
    expect([holders(state, 2), isFree(state, 2)]).toEqual([[1, 0], false]);
  });

  it("that is free cannot be mapped, held or copied", () => {
    const freed = (): State => reduced(alloc(2), put(2));
    expect(() => apply(freed(), maps([0, 2]))).toThrow("an entry for the frame 2");
    expect(() => apply(freed(), get(2))).toThrow("a reference on the frame 2");
    expect(() => apply(freed(), alloc(3, 0, 2))).toThrow("a copy of no frame");
    const copies = { type: "folio_copy", entries: [[2, 3]] } as const;
    expect(() => apply(reduced(alloc(2), alloc(3), put(3)), copies)).toThrow(
      "a copy to the frame 3",
    );
  });

  it("that was never allocated cannot be put", () => {
    expect(() => reduced(put(9))).toThrow("a dropped reference on the frame 9");
  });
});

describe("the zero page", () => {
  it("is never free, however often it was mapped", () => {
    const zero = cpuEntry("read_only", ZERO_PAGE);
    const state = reduced(maps([0, zero], [1, zero]), maps([0, 0], [1, 0]));
    expect([isFree(state, ZERO_PAGE), holders(state, ZERO_PAGE)[0]]).toEqual([false, 0]);
    apply(state, maps([0, zero]));
  });
});

describe("a reference that is dropped once too often", () => {
  it("breaks M-I4 while the frame is still mapped", () => {
    const rules = watchRules([M_I4]);
    const state = reduced(alloc(2), maps([0, 2]));
    const event = { type: "put_page", frame: 2, index: 0, task: 0 } as never;
    rules.before(state, event);
    apply(state, put(2));
    rules.after(state, event);
    expect(holders(state, 2)).toEqual([1, -1]);
    expect(rules.violated()).toEqual(["M-I4"]);
  });
});

describe("folio_copy", () => {
  it("copies each page to its own place", () => {
    const written = {
      type: "cpu_write",
      mm,
      entries: [
        [0, 2, 5],
        [1, 3, 6],
      ],
    } as never;
    const copies = {
      type: "folio_copy",
      entries: [
        [2, 4],
        [3, 5],
      ],
    } as const;
    const state = reduced(alloc(2, 1), written, alloc(4, 1), copies as never);
    expect(state.frames.slice(4).map(({ content }) => content)).toEqual([5, 6]);
  });
});
