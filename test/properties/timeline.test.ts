/**
 * A timeline is a replay that can go backwards: wherever one goes, by whatever way, the state is that of the
 * events so far.
 *
 * MMREPLAY_FUZZ=1000 runs each property so often.
 */
import { isDeepStrictEqual } from "node:util";
import { emptyState, reduceInPlace, type State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leavesOf } from "../../packages/replay/src/report/changes.ts";
import { conditionOf } from "../../packages/replay/src/timeline/condition.ts";
import { findNext, findPrevious } from "../../packages/replay/src/timeline/find.ts";
import { lastChange } from "../../packages/replay/src/timeline/last-change.ts";
import { stepsOf, valueAt } from "../../packages/replay/src/timeline/path.ts";
import { Timeline } from "../../packages/replay/src/timeline/timeline.ts";
import { type ArbitraryRun, anyRun, begin } from "../support/arbitrary-run.ts";
import { runs } from "../support/fuzzing.ts";
import { runSteps } from "../support/schedule.ts";

const FEW = runs(40);
const HOURS = 3_600_000;
/** Few enough that a short run has many, and that some are thinned out. */
const CHECKPOINT_EVERY = 5;

/** Steps of a run at most: where its choices have ended, the first task may try again for ever. */
const STEPS_MAX = 1_000;

/** The events of a run, to its end or so far. */
function eventsOf(one: ArbitraryRun): readonly MmEvent[] {
  const { run, choices } = begin(one);
  runSteps(run, choices, STEPS_MAX);
  return run.events;
}

/** All states of a run: `states[n + 1]` is that after event n. */
function statesOf(events: readonly MmEvent[]): State[] {
  const state = emptyState();
  const states = [structuredClone(state)];
  for (const event of events) {
    reduceInPlace(state, event);
    states.push(structuredClone(state));
  }
  return states;
}

function timelineOf(events: readonly MmEvent[]): Timeline {
  const timeline = new Timeline(emptyState(), undefined, CHECKPOINT_EVERY);
  for (const event of events) timeline.append(event);
  return timeline;
}

const places = fc.array(fc.nat(), { minLength: 1, maxLength: 12 });

describe("a timeline", { timeout: HOURS }, () => {
  it("has at any place that one seeks the state of a replay of the events so far", () => {
    fc.assert(
      fc.property(anyRun, places, (one, seeks) => {
        const events = eventsOf(one);
        const states = statesOf(events);
        const timeline = timelineOf(events);
        for (const seek of seeks) {
          const index = (seek % (events.length + 1)) - 1;
          const moment = timeline.seek(index);
          expect(moment.index).toBe(index);
          expect(isDeepStrictEqual(moment.event, events[index])).toBe(true);
          expect(isDeepStrictEqual(moment.state, states[index + 1])).toBe(true);
        }
      }),
      FEW,
    );
  });

  it("ends after any walk of steps where the sum of the steps says", () => {
    const steps = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 40 });
    fc.assert(
      fc.property(anyRun, steps, (one, walk) => {
        const events = eventsOf(one);
        const states = statesOf(events);
        const timeline = timelineOf(events);
        let index = -1;
        for (const by of walk) {
          for (let count = 0; count < Math.abs(by); count += 1) {
            if (by > 0) timeline.next();
            else timeline.back();
          }
          index = Math.max(-1, Math.min(index + by, events.length - 1));
          expect(timeline.moment.index).toBe(index);
        }
        expect(isDeepStrictEqual(timeline.moment.state, states[index + 1])).toBe(true);
      }),
      FEW,
    );
  });

  it("gives a diff of two moments that leads from the leaves of one to those of the other", () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), fc.nat(), (one, first, second) => {
        const events = eventsOf(one);
        const timeline = timelineOf(events);
        const [from, to] = [first, second].map((at) => (at % (events.length + 1)) - 1);
        const leaves = (at: number | undefined): Map<string, unknown> =>
          new Map(leavesOf(timeline.stateAt(at ?? -1)).map(({ path, value }) => [path, value]));
        const after = leaves(from);
        for (const change of timeline.diff(from ?? -1, to ?? -1)) {
          for (const { path } of leavesOf(change.before)) after.delete(joined(change.path, path));
          after.delete(change.path);
          if (!("after" in change)) continue;
          for (const { path, value } of leavesOf(change.after))
            after.set(joined(change.path, path), value);
        }
        expect(sorted(withoutEmpty(after))).toEqual(sorted(withoutEmpty(leaves(to))));
      }),
      FEW,
    );
  });
});

const joined = (path: string, inner: string): string => {
  if (inner === "") return path;
  return inner.startsWith("[") ? path + inner : `${path}.${inner}`;
};

const sorted = (leaves: Map<string, unknown>) => [...leaves].sort(([a], [b]) => (a < b ? -1 : 1));

/** What is in an empty list or object is nothing; where something is, it says so by itself. */
const withoutEmpty = (leaves: Map<string, unknown>): Map<string, unknown> =>
  new Map([...leaves].filter(([, value]) => typeof value !== "object" || value === null));

/** The paths of all leaves that some state of a run has, and of what they are in. */
function pathsOf(states: readonly State[]): string[] {
  const leaves = new Set(states.flatMap((state) => leavesOf(state).map(({ path }) => path)));
  return [...new Set([...leaves].flatMap((path) => [path, path.replace(/(\.\w+|\[\w+\])$/, "")]))];
}

const picks = fc.array(fc.nat(), { minLength: 5, maxLength: 5 });

describe("who last changed a value", { timeout: HOURS }, () => {
  it("is the event that a search through all states finds", () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), picks, (one, place, drawn) => {
        const events = eventsOf(one);
        const states = statesOf(events);
        const timeline = timelineOf(events);
        const at = place % events.length;
        const paths = pathsOf(states);
        for (const pick of drawn) {
          const path = paths[pick % paths.length] ?? "";
          const values = states.map((state) => JSON.stringify(valueAt(state, stepsOf(path))));
          let brute = at;
          while (brute >= 0 && values[brute] === values[brute + 1]) brute -= 1;
          expect(lastChange(timeline, path, at)?.index ?? -1, path).toBe(brute);
        }
      }),
      FEW,
    );
  });
});

const CONDITIONS = [
  "retry",
  "seq",
  "type mmu_interval_read_begin",
  "task 1",
  "notifier 0",
  "page 0x1000",
  "changes mms[0].subs",
  "mms[0].subs.active >= 1",
];

describe("the next and the previous event that meets a condition", { timeout: HOURS }, () => {
  it("are those of a search through all of them", () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), fc.constantFrom(...CONDITIONS), (one, place, text) => {
        const events = eventsOf(one);
        const timeline = timelineOf(events);
        const condition = conditionOf(text, { violations: () => new Set() });
        const met: number[] = [];
        const visitor = condition();
        timeline.walk(0, events.length - 1, {
          ...visitor,
          after: (event, state) => {
            if (visitor.after(event, state)) met.push(event.index);
            return false;
          },
        });
        const from = place % events.length;
        expect(findNext(timeline, condition, from)).toBe(met.find((index) => index > from));
        expect(findPrevious(timeline, condition, from)).toBe(met.findLast((index) => index < from));
      }),
      FEW,
    );
  });
});
