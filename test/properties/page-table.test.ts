/**
 * A page table of leaves against a Map of entries.
 */
import { entryOf, someEntry } from "@mmreplay/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clearEntries,
  emptyPageTable,
  setEntry,
} from "../../packages/core/src/state/page-table.ts";

/** Pages close to the boundaries of leaves, and pages far away, up to the last one. */
const anyPage = fc.oneof(
  fc.nat({ max: 200 }),
  fc.constantFrom(63, 64, 127, 128, 2 ** 52 - 1, 2 ** 52 - 64, 2 ** 52 - 65),
  fc.integer({ min: 0, max: 2 ** 52 - 1 }),
);
const anyRange = fc
  .tuple(anyPage, fc.oneof(fc.nat({ max: 150 }), fc.nat({ max: 5_000 }), anyPage))
  .map(([start, length]) => ({ start, end: Math.min(start + length, 2 ** 52) }));

type Step =
  | { set: number; entry: number }
  | { clear: { start: number; end: number } }
  | { look: { start: number; end: number }; stopAfter: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ set: anyPage, entry: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ clear: anyRange }) },
  { weight: 2, arbitrary: fc.record({ look: anyRange, stopAfter: fc.nat({ max: 5 }) }) },
);

const inside = (
  twin: ReadonlyMap<number, number>,
  { start, end }: { start: number; end: number },
) => [...twin].filter(([page]) => page >= start && page < end).sort(([a], [b]) => a - b);

describe("a page table", () => {
  it("is a map from pages to entries", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60, size: "max" }), (steps) => {
        const table = emptyPageTable();
        const twin = new Map<number, number>();
        for (const step of steps) {
          if ("set" in step) {
            setEntry(table, step.set, step.entry);
            if (step.entry === 0) twin.delete(step.set);
            else twin.set(step.set, step.entry);
          } else if ("clear" in step) {
            const expected = inside(twin, step.clear).map(([page]) => page);
            expect(clearEntries(table, step.clear.start, step.clear.end)).toEqual(expected);
            for (const page of expected) twin.delete(page);
          } else {
            const seen: [number, number][] = [];
            const stopped = someEntry(table, step.look.start, step.look.end, (page, entry) => {
              seen.push([page, entry]);
              return seen.length > step.stopAfter;
            });
            const expected = inside(twin, step.look);
            expect(seen).toEqual(expected.slice(0, step.stopAfter + 1));
            expect(stopped).toBe(expected.length > step.stopAfter);
          }
          for (const [page, entry] of twin) expect(entryOf(table, page)).toBe(entry);
        }
        const leaves = new Set([...twin.keys()].map((page) => String(Math.floor(page / 64))));
        expect(new Set(Object.keys(table.leaves)), "only leaves that map something").toEqual(
          leaves,
        );
      }),
      { seed: 6, numRuns: 150 },
    );
  });
});
