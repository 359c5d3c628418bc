/**
 * The interval tree against a naive twin: a list that is filtered, and sorted by start.
 */
import { emptyState, type State } from "@mmreplay/core";
import { type Address, type NotifierId, notifierId } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  firstOverlap,
  nextOverlap,
  treeInsert,
  treeRemove,
} from "../../packages/core/src/interval-notifiers/interval-tree.ts";
import { newSubscriptions } from "../../packages/core/src/interval-notifiers/subscriptions.ts";
import { notifierOf } from "../../packages/core/src/state/state.ts";
import { anyAddress } from "../support/arbitrary-event.ts";

interface Interval {
  readonly start: Address;
  readonly last: Address;
}

/** Few starts, so that many are equal; or any address. */
const anyInterval: fc.Arbitrary<Interval> = fc
  .tuple(anyAddress, anyAddress)
  .map(([a, b]) => (a <= b ? { start: a, last: b } : { start: b, last: a }));

type Step = { insert: Interval } | { remove: number } | { find: Interval };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ insert: anyInterval }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat({ max: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ find: anyInterval }) },
);

type Node = Interval & { readonly id: NotifierId };

/** Array.sort is stable, so equal starts stay in the order of their insertion. */
const byStart = (a: Node, b: Node): number =>
  Number(BigInt(a.start) > BigInt(b.start)) - Number(BigInt(a.start) < BigInt(b.start));

const greatestLast = (twin: readonly Node[], index: number): Address | undefined =>
  twin
    .slice(0, index + 1)
    .map(({ last }) => last)
    .sort()
    .at(-1);

const overlaps = (node: Interval, { start, last }: Interval): boolean =>
  BigInt(node.start) <= BigInt(last) && BigInt(start) <= BigInt(node.last);

function all(
  state: State,
  subs: ReturnType<typeof newSubscriptions>,
  range: Interval,
): NotifierId[] {
  const found: NotifierId[] = [];
  let id = firstOverlap(state, subs, range.start, range.last);
  while (id !== null) {
    found.push(id);
    id = nextOverlap(state, subs, id, range.start, range.last);
  }
  return found;
}

describe("the interval tree", () => {
  it("holds, finds and orders what a sorted list does", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60, size: "max" }), (steps) => {
        const state = emptyState();
        const subs = newSubscriptions();
        let twin: Node[] = [];
        let next = 0;
        for (const step of steps) {
          if ("insert" in step) {
            const id = notifierId(next++);
            Object.assign(notifierOf(state, id), step.insert);
            treeInsert(state, subs, id);
            twin = [...twin, { id, ...step.insert }].sort(byStart);
          } else if ("remove" in step) {
            const gone = twin[step.remove % Math.max(twin.length, 1)];
            if (gone === undefined) continue;
            treeRemove(state, subs, gone.id);
            twin = twin.filter(({ id }) => id !== gone.id);
          } else {
            const expected = twin.filter((node) => overlaps(node, step.find)).map(({ id }) => id);
            expect(all(state, subs, step.find)).toEqual(expected);
          }
          expect(subs.tree).toEqual(twin.map(({ id }) => id));
          expect(subs.maxLast).toEqual(twin.map((_, index) => greatestLast(twin, index)));
          for (const { id } of twin) expect(state.notifiers[id]?.inTree).toBe(true);
        }
      }),
      { seed: 5, numRuns: 150 },
    );
  });
});
