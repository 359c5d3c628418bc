/**
 * Stepping along a task, a notifier or a page, and the sets and names of events that go with it.
 */
import { emptyState } from "@mmreplay/core";
import { address, type MmEvent } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Along,
  alongOf,
  conditionAlong,
  stepAlong,
} from "../../../../packages/replay/src/timeline/along.ts";
import { Bookmarks } from "../../../../packages/replay/src/timeline/bookmarks.ts";
import { conditionOf } from "../../../../packages/replay/src/timeline/condition.ts";
import { EventSet } from "../../../../packages/replay/src/timeline/event-set.ts";
import { Timeline } from "../../../../packages/replay/src/timeline/timeline.ts";
import { firstPageOf, touchesPage } from "../../../../packages/replay/src/timeline/touched-page.ts";
import { anyRun, FIXED, played } from "../../../support/arbitrary-run.ts";

function timelineOf(events: readonly MmEvent[]): Timeline {
  const timeline = new Timeline(emptyState(), undefined, 5);
  for (const event of events) timeline.append(event);
  return timeline;
}

const KINDS = ["task", "notifier", "page"] as const;

describe("a step along a thing", () => {
  it("goes to the nearest event that names it, both ways, and nowhere when there is none", () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), fc.constantFrom(...KINDS), (one, place, kind) => {
        const { events } = played(one);
        const timeline = timelineOf(events);
        const at = place % events.length;
        const along = alongOf(events[at] as MmEvent, kind);
        timeline.seek(at);
        if (along === undefined) {
          expect(() => stepAlong(timeline, kind, "next")).toThrow("E_ALONG");
          return;
        }
        const names = (event: MmEvent) =>
          kind === "page" ? touchesPage(event, along.id) : Reflect.get(event, kind) === along.id;
        const met = events.filter(names).map(({ index }) => index as number);
        expect(stepAlong(timeline, kind, "next")?.index).toBe(met.find((index) => index > at));
        timeline.seek(at);
        expect(stepAlong(timeline, along, "back")?.index).toBe(met.findLast((index) => index < at));
      }),
      { ...FIXED, numRuns: 40 },
    );
  });

  it("is the condition of the same words", () => {
    fc.assert(
      fc.property(anyRun, fc.constantFrom(...KINDS), fc.nat({ max: 4 }), (one, kind, id) => {
        const { events } = played(one);
        const words = kind === "page" ? `page 0x${(id * 4096).toString(16)}` : `${kind} ${id}`;
        const said = conditionOf(words, { violations: () => new Set() })();
        const along: Along = { kind, id };
        const visitor = conditionAlong(along)();
        const state = emptyState();
        for (const event of events) {
          expect(visitor.after(event, state)).toBe(said.after(event, state));
        }
      }),
      { ...FIXED, numRuns: 20 },
    );
  });
});

const ranged = (start: number, end: number) =>
  ({ start: address(start), end: address(end) }) as unknown as MmEvent;

describe("the pages that an event names", () => {
  it("are those of its half-open range, the page of its end not among them", () => {
    const event = ranged(0x2000, 0x4000);
    expect([1, 2, 3, 4].map((page) => touchesPage(event, page))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(touchesPage(ranged(0x2000, 0x4001), 4)).toBe(true);
    expect(firstPageOf(event)).toBe(2);
  });

  it("are those of its entries, its own page, or of its first and last page", () => {
    const entries = {
      entries: [
        [7, 1],
        [9, 1],
      ],
    } as unknown as MmEvent;
    expect([7, 8, 9].map((page) => touchesPage(entries, page))).toEqual([true, false, true]);
    expect(firstPageOf({ page: 3 } as unknown as MmEvent)).toBe(3);
    const pages = { startPage: 4, endPageExclusive: 6 } as unknown as MmEvent;
    expect([3, 4, 5, 6].map((page) => touchesPage(pages, page))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(firstPageOf({} as MmEvent)).toBeUndefined();
  });
});

describe("a set of events", () => {
  it("has what was added, finds the nearest, and says its stretches", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 20_000 }), { maxLength: 50 }),
        fc.nat(),
        (list, at) => {
          const set = new EventSet();
          for (const index of [...list, ...list]) set.add(index);
          const sorted = list.toSorted((a, b) => a - b);
          const from = at % 20_001;
          expect(set.count).toBe(list.length);
          expect(set.has(from)).toBe(list.includes(from));
          expect(set.nearest(from, 1, 20_001)).toBe(sorted.find((index) => index > from));
          expect(set.nearest(from, -1, 20_001)).toBe(sorted.findLast((index) => index < from));
          const stretches = set.stretches();
          const told: number[] = [];
          for (let place = 0; place < stretches.length; place += 2) {
            const [first = 0, length = 0] = stretches.slice(place, place + 2);
            for (let index = first; index < first + length; index += 1) told.push(index);
          }
          expect(told).toEqual(sorted);
        },
      ),
      { seed: 7, numRuns: 60 },
    );
  });
});

describe("bookmarks", () => {
  it("are names of moments, in the order of these", () => {
    const marks = new Bookmarks();
    marks.set("late", 90);
    marks.set("early", 3);
    marks.set("late", 70);
    marks.set("gone", 5);
    marks.remove("gone");
    expect(marks.list()).toEqual([
      { name: "early", index: 3 },
      { name: "late", index: 70 },
    ]);
    expect([marks.count, marks.at("late"), marks.at("gone")]).toEqual([2, 70, undefined]);
    expect(marks.nearest(3, "next")?.name).toBe("late");
    expect(marks.nearest(70, "back")?.name).toBe("early");
    expect(marks.nearest(70, "next")).toBeUndefined();
  });
});
