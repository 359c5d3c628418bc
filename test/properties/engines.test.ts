/**
 * One meaning, two engines: the recipes give deeply equal states under both, whatever happens.
 */
import { isDeepStrictEqual } from "node:util";
import {
  emptyState,
  enabledTasks,
  patched,
  reduce,
  reduceInPlace,
  reduceWithPatches,
  runStep,
  type State,
  VECTOR_POINTS,
} from "@mmreplay/core";
import {
  addressOfPage,
  type EventBody,
  eventIndex,
  type MmEvent,
  mirrorId,
  mmId,
  notifierId,
  taskId,
} from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyRun, begin, FIXED, played } from "../support/arbitrary-run.ts";
import { pick } from "../support/random.ts";

/** The first value inside that is not frozen, by its path. */
function unfrozen(value: unknown, path = "state"): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Object.isFrozen(value)) return path;
  for (const [key, inner] of Object.entries(value)) {
    const found = unfrozen(inner, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe("the two engines", () => {
  it("reach deeply equal states after every event", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const inPlace = emptyState();
        let immutable: State = emptyState();
        for (const event of played(one).events) {
          reduceInPlace(inPlace, event);
          immutable = reduce(immutable, event);
          if (!isDeepStrictEqual(inPlace, immutable)) expect(immutable).toEqual(inPlace);
        }
      }),
      FIXED,
    );
  });

  it("give the simulator the same next event, and looking changes no state", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const { run, choices } = begin(one);
        const { scenario } = run;
        let state: State = run.events.reduce(reduce, emptyState());
        const events: MmEvent[] = [];
        while (enabledTasks(state, scenario).length > 0) {
          const task = pick(choices, enabledTasks(state, scenario));
          state = runStep(state, scenario, VECTOR_POINTS, task, "default", (body) => {
            const index = eventIndex(run.events.length + events.length);
            const event = { ...body, index } as MmEvent;
            events.push(event);
            state = reduce(state, event);
            return state;
          });
        }
        const twin = begin(one);
        while (twin.run.enabled().length > 0) twin.run.step(pick(twin.choices, twin.run.enabled()));
        expect(events).toEqual(twin.run.events.slice(run.events.length));
      }),
      { ...FIXED, numRuns: 30 },
    );
  });

  it("leave the events as they were", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const { events } = played(one);
        const before = structuredClone(events);
        const state = emptyState();
        for (const event of events) reduceInPlace(state, event);
        expect(isDeepStrictEqual(events, before)).toBe(true);
      }),
      { ...FIXED, numRuns: 30 },
    );
  });
});

describe("the immutable engine", () => {
  it("freezes every state deeply and leaves the one before as it was", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        let state: State = emptyState();
        for (const event of played(one).events) {
          const before = state;
          const kept = structuredClone(before);
          state = reduce(before, event);
          expect(isDeepStrictEqual(before, kept)).toBe(true);
          expect(unfrozen(state)).toBe(before === state ? unfrozen(before) : undefined);
        }
      }),
      { ...FIXED, numRuns: 20 },
    );
  });

  it("freezes long lists, too, and shares those that did not change", () => {
    const learned = Array.from(
      { length: 300 },
      (_, id): EventBody<"learn_notifier"> => ({
        type: "learn_notifier",
        task: taskId(0),
        mm: mmId(0),
        notifier: notifierId(id),
        mirror: mirrorId(id),
        start: addressOfPage(id),
        last: addressOfPage(id + 1),
        seq: null,
      }),
    );
    const locked = { type: "driver_lock", task: taskId(0), mirror: mirrorId(7) } as const;
    let state: State = emptyState();
    for (const [at, body] of [...learned, locked].entries()) {
      const before = state;
      const step = reduceWithPatches(before, { ...body, index: eventIndex(at) });
      state = step.state;
      expect(unfrozen(state)).toBeUndefined();
      expect(unfrozen(patched(state, step.inverse))).toBeUndefined();
      if (body === locked) expect(state.notifiers).toBe(before.notifiers);
      else if (at > 0) expect(state.tasks).toBe(before.tasks);
    }
    expect(state.mirrors[7]?.lock).toBe(0);
    expect(state.mms[0]?.subs?.tree.length).toBe(300);
  });

  it("gives patches that lead there and back exactly", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        let state: State = emptyState();
        for (const event of played(one).events) {
          const step = reduceWithPatches(state, event);
          const there = patched(state, step.patches);
          const back = patched(step.state, step.inverse);
          if (!isDeepStrictEqual(there, step.state)) expect(there).toEqual(step.state);
          if (!isDeepStrictEqual(back, state)) expect(back).toEqual(state);
          state = step.state;
        }
      }),
      { ...FIXED, numRuns: 40 },
    );
  });

  it("can be led back from the end to the beginning", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        let state: State = emptyState();
        const steps = played(one).events.map((event) => {
          const step = reduceWithPatches(state, event);
          state = step.state;
          return step;
        });
        for (const { inverse } of steps.reverse()) state = patched(state, inverse);
        expect(state).toEqual(emptyState());
      }),
      { ...FIXED, numRuns: 20 },
    );
  });
});
