/**
 * What a condition means, by a naive twin that has all states; and searches over stretches and strides.
 */
import { emptyState, reduceInPlace, type State } from "@mmreplay/core";
import { eventIndex, type MmEvent, mmId, taskId } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionOf } from "../../../../packages/replay/src/timeline/condition.ts";
import {
  findNext,
  findPrevious,
  seekingNext,
} from "../../../../packages/replay/src/timeline/find.ts";
import { lastChange } from "../../../../packages/replay/src/timeline/last-change.ts";
import { Timeline } from "../../../../packages/replay/src/timeline/timeline.ts";
import { anyRun, FIXED, played } from "../../../support/arbitrary-run.ts";

type Twin = (event: MmEvent, before: State, after: State) => boolean;

const seqs = ({ mms }: State): string => JSON.stringify(mms.map(({ subs }) => subs?.seq ?? null));
const active = ({ mms }: State): number => mms[0]?.subs?.active ?? 0;
const lock = ({ mirrors }: State): string => JSON.stringify(mirrors[0]?.lock);
const became =
  (holds: (state: State) => boolean): Twin =>
  (_, before, after) =>
    !holds(before) && holds(after);

const index7 = ({ index }: MmEvent): boolean => index % 7 === 3;
const isRetry = (event: MmEvent): boolean =>
  event.type === "mmu_interval_read_retry" && event.result;
const notifierOf = (event: MmEvent): number | null => ("notifier" in event ? event.notifier : null);
const lastOf = ({ notifiers }: State): bigint => BigInt(notifiers[0]?.last ?? -1);
const isBelow = (state: State, end: bigint): boolean => lastOf(state) >= 0n && lastOf(state) < end;

const TWINS: readonly (readonly [string, Twin])[] = [
  ["violation", ({ index }) => index % 7 === 3],
  ["retry", (event) => event.type === "mmu_interval_read_retry" && event.result],
  ["seq", (_, before, after) => seqs(before) !== seqs(after)],
  ["type driver_lock", ({ type }) => type === "driver_lock"],
  ["task 2", ({ task }) => task === 2],
  ["notifier 1", (event) => "notifier" in event && event.notifier === 1],
  ["changes mirrors[0].lock", (_, before, after) => lock(before) !== lock(after)],
  ["mms[0].subs.active >= 1", became((state) => active(state) >= 1)],
  ["mms[0].subs.active > 0", became((state) => active(state) > 0)],
  ["mirrors[0].lock == 1", became((state) => lock(state) === "1")],
  ["mirrors[0].lock != null", became((state) => lock(state) !== "null")],
  ["mms[0].subs.active <= 0", became((state) => state.mms[0]?.subs?.active === 0)],
  ["mms[0].subs.active < 1", became((state) => state.mms[0]?.subs?.active === 0)],
  ["violation K-I14", ({ index }) => index % 14 === 3],
  ["retry and violation", (event) => index7(event) && isRetry(event)],
  ["task 1 and notifier 0", (event) => event.task === 1 && notifierOf(event) === 0],
  [
    "seq and mms[0].subs.active >= 1 and task 2",
    (event, before, after) =>
      event.task === 2 && seqs(before) !== seqs(after) && active(before) < 1 && active(after) >= 1,
  ],
  ["notifiers[0].last >= 0x1000", became((state) => lastOf(state) >= 0x1000n)],
  ["notifiers[0].last < 0x0000000000010000", became((state) => isBelow(state, 0x10000n))],
];

describe("a condition", () => {
  it.each(TWINS)("%s is met where all states say so, from both sides", (text, twin) => {
    fc.assert(
      fc.property(anyRun, fc.nat(), (one, place) => {
        const { events } = played(one);
        const timeline = new Timeline(emptyState(), undefined, 5);
        const state = emptyState();
        const met: number[] = [];
        for (const event of events) {
          const before = structuredClone(state);
          reduceInPlace(state, event);
          if (twin(event, before, state)) met.push(event.index);
          timeline.append(event);
        }
        const marked = events.map(({ index }) => index as number).filter((at) => at % 7 === 3);
        const condition = conditionOf(text, {
          violations: () => new Set(marked),
          violationsOf: () => new Set(marked.filter((at) => at % 14 === 3)),
        });
        const from = place % events.length;
        expect(findNext(timeline, condition, from)).toBe(met.find((index) => index > from));
        expect(findPrevious(timeline, condition, from)).toBe(met.findLast((at) => at < from));
      }),
      { ...FIXED, numRuns: 8 },
    );
  });

  it.each(["", "no", "task x", "notifier", "page 12", "page 0x", "changes a..b", "a[ == 1"])(
    "%j is none, and is refused before anything is searched",
    (text) => {
      expect(() => conditionOf(text, { violations: () => new Set() })).toThrow(
        /E_CONDITION|E_PATH/,
      );
    },
  );

  it("asks for the violations of a rule only where they are known", () => {
    const context = { violations: () => new Set<number>() };
    expect(() => conditionOf("violation K-I14", context)).toThrow(/E_CONDITION.*violation alone/);
  });
});

describe("a search through a long file", () => {
  const LONG = 140_000;
  const event = (index: number): MmEvent => {
    const base = { index: eventIndex(index), task: taskId(index % 2), mm: mmId(0) };
    return index === 0 ? { ...base, type: "mm_create" } : { ...base, type: "mmget" };
  };

  it("sees every event, also where it pauses, and stops when it is told to", () => {
    const timeline = new Timeline(emptyState());
    for (let index = 0; index < LONG; index += 1) timeline.append(event(index));
    const at = (index: number) => () => ({ after: (one: MmEvent) => one.index === index });
    for (const index of [0, 65_534, 65_535, 65_536, 131_071, 131_072, LONG - 1]) {
      expect(findNext(timeline, at(index), -1)).toBe(index);
      expect(findPrevious(timeline, at(index), LONG)).toBe(index);
    }
    expect(findNext(timeline, at(LONG - 1), -1, () => true)).toBeUndefined();
    expect(findPrevious(timeline, at(0), LONG, () => true)).toBeUndefined();
    const pauses = [...seekingNext(timeline, at(LONG - 1), -1)].length;
    expect(pauses).toBe(2);
    const left = seekingNext(timeline, at(LONG - 1), -1);
    left.next();
    expect(timeline.moment.index).toBe(-1);
    expect(lastChange(timeline, "mms[0].users", LONG - 1)?.index).toBe(LONG - 1);
    expect(lastChange(timeline, "mms[0].mmapLock", LONG - 1)?.index ?? -1).toBeLessThan(1);
    expect(timeline.diff(9, 11)).toEqual([{ path: "mms[0].users", before: 10, after: 12 }]);
  });
});
