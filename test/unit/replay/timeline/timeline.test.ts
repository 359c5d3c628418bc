/**
 * What a timeline keeps is bounded, and it tells of its moves; events may still come.
 */
import { emptyState } from "@mmreplay/core";
import { encodeEvent, eventIndex, type MmEvent, mmId, taskId } from "@mmreplay/events";
import { Subject } from "rxjs";
import { describe, expect, it } from "vitest";
import {
  CHECKPOINTS_MAX,
  Checkpoints,
} from "../../../../packages/replay/src/timeline/checkpoints.ts";
import { EventLog } from "../../../../packages/replay/src/timeline/event-log.ts";
import { findNext, findPrevious } from "../../../../packages/replay/src/timeline/find.ts";
import { ObservableTimeline } from "../../../../packages/replay/src/timeline/frames.ts";
import { lastChange } from "../../../../packages/replay/src/timeline/last-change.ts";
import { stepsOf, valueAt } from "../../../../packages/replay/src/timeline/path.ts";
import { Timeline } from "../../../../packages/replay/src/timeline/timeline.ts";

const task = taskId(0);
const mm = mmId(0);
const event = (index: number): MmEvent =>
  index === 0
    ? { index: eventIndex(0), task, type: "mm_create", mm }
    : { index: eventIndex(index), task, type: "mmget", mm };

describe("checkpoints", () => {
  it("are never more than their bound, and each part of a long file has one near", () => {
    const checkpoints = new Checkpoints(emptyState(), 1);
    const events = 10_000;
    for (let index = 0; index < events; index += 1) {
      checkpoints.passed(index, emptyState());
      expect(checkpoints.length).toBeLessThanOrEqual(CHECKPOINTS_MAX + 1);
    }
    for (const index of [0, 1, 777, 5_000, events - 1]) {
      const distance = index - checkpoints.before(index).index;
      expect(distance).toBeGreaterThanOrEqual(0);
      expect(distance).toBeLessThanOrEqual(events / (CHECKPOINTS_MAX / 2));
    }
  });
});

describe("an index", () => {
  const timeline = new Timeline(emptyState());
  for (let index = 0; index < 10; index += 1) timeline.append(event(index));
  const visitor = { after: () => false };
  const condition = () => visitor;

  it.each([2.5, Number.NaN, -0.1])("%d is no moment, and is refused by all that take one", (no) => {
    const asked = [
      () => timeline.seek(no),
      () => timeline.stateAt(no),
      () => timeline.eventAt(no),
      () => timeline.diff(no, 1),
      () => timeline.diff(1, no),
      () => timeline.walk(no, 3, visitor),
      () => timeline.walk(0, no, visitor),
      () => findNext(timeline, condition, no),
      () => findPrevious(timeline, condition, no),
      () => lastChange(timeline, "mms[0].users", no),
    ];
    for (const ask of asked) expect(ask).toThrow(/^E_INDEX/);
    expect(timeline.moment.index).toBe(-1);
  });

  it("beyond an end is that end where a moment is asked for, and no event", () => {
    const { seqModulus } = emptyState();
    expect(timeline.stateAt(Number.NEGATIVE_INFINITY).seqModulus).toBe(seqModulus);
    expect(timeline.diff(-7, Number.POSITIVE_INFINITY)).toEqual(timeline.diff(-1, 9));
    expect([timeline.seek(1e20).index, timeline.seek(-4).index]).toEqual([9, -1]);
    const seen: number[] = [];
    const after = ({ index }: MmEvent): boolean => seen.push(index) < 0;
    timeline.walk(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, { after });
    expect(seen).toHaveLength(10);
    const third = () => ({ after: ({ index }: MmEvent) => index === 3 });
    expect(findNext(timeline, third, Number.NEGATIVE_INFINITY)).toBe(3);
    expect(findPrevious(timeline, third, Number.POSITIVE_INFINITY)).toBe(3);
    expect(lastChange(timeline, "mms[0].users", Number.POSITIVE_INFINITY)?.index).toBe(9);
    for (const no of [-1, 10, Number.POSITIVE_INFINITY]) {
      expect(() => timeline.eventAt(no)).toThrow(/E_INDEX.*from 0 to 9/);
    }
    expect(() => new Timeline(emptyState()).eventAt(0)).toThrow(/E_INDEX.*there are no events/);
  });
});

describe("a path", () => {
  it("leads to what an object has of its own, and to entries of a list", () => {
    const state = { mms: [{ users: 1 }] };
    for (const path of ["__proto__", "constructor.name", "mms.length", "mms[0].toString"]) {
      expect(valueAt(state, stepsOf(path)), path).toBeUndefined();
    }
    expect(valueAt(state, stepsOf("mms[0].users"))).toBe(1);
  });
});

describe("the log", () => {
  it("gives back every event, also one that is longer than a piece", () => {
    const log = new EventLog();
    const long = { ...event(1), type: "task_start", name: "x".repeat(5_000_000), pid: 1 };
    const events = [event(0), long, event(2)].map((one, index) => ({ ...one, index }));
    for (const one of events) log.append({ text: JSON.stringify(one) });
    expect(log.length).toBe(3);
    for (const [index, one] of events.entries()) expect(log.at(index)).toEqual(one);
    expect(() => log.at(3)).toThrow("no event 3");
  });

  it("keeps the bytes of a journal where they are, among lines that it writes", () => {
    const log = new EventLog();
    const events = Array.from({ length: 5_000 }, (_, index) => event(index));
    const chunk = new TextEncoder().encode(events.map(encodeEvent).join(""));
    let from = 0;
    for (const [index, one] of events.entries()) {
      const text = encodeEvent(one).trimEnd();
      const place = { chunk, from, to: from + text.length };
      log.append(index % 100 < 50 ? { text, place } : { text });
      from = place.to + 1;
    }
    expect(events.map((_, index) => log.at(index))).toEqual(events);
    expect(log.bytes).toBeGreaterThanOrEqual(chunk.length);
  });

  it("keeps names that are not ASCII", () => {
    const log = new EventLog();
    const named = { index: 0, task, type: "task_start", name: "grün", pid: 1 };
    log.append({ text: JSON.stringify(named) });
    expect(log.at(0)).toEqual(named);
    log.append({ text: encodeEvent(event(1)) });
    expect(log.at(1)).toEqual(event(1));
  });
});

describe("a timeline that is observed", () => {
  it("tells where one stands and of every move", () => {
    const timeline = new ObservableTimeline();
    for (let index = 0; index < 4; index += 1) timeline.append(event(index));
    const seen: number[] = [];
    const subscription = timeline.frame$.subscribe(({ index }) => seen.push(index));
    timeline.seek(2);
    timeline.next();
    timeline.back();
    subscription.unsubscribe();
    timeline.seek(0);
    expect(seen).toEqual([-1, 2, 3, 2]);
  });

  it("takes events while they come, and follows them where that is asked for", () => {
    const timeline = new ObservableTimeline();
    const events = new Subject<MmEvent>();
    const seen: number[] = [];
    timeline.frame$.subscribe(({ state }) => seen.push(state.mms[0]?.users ?? 0));
    timeline.record(events, { follow: true }).subscribe();
    for (let index = 0; index < 3; index += 1) events.next(event(index));
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(timeline.back().state.mms[0]?.users).toBe(2);
  });

  it("fails with an event that cannot happen, and keeps those before", () => {
    const timeline = new ObservableTimeline();
    const events = new Subject<MmEvent>();
    let failure: unknown;
    timeline.record(events).subscribe({ error: (error) => (failure = error) });
    events.next(event(0));
    events.next({ index: eventIndex(1), task, type: "exit_mmap_return", mm });
    expect(timeline.length).toBeGreaterThan(0);
    events.next({ index: eventIndex(2), task, type: "mmput", mm: mmId(900_000) });
    expect(String(failure)).toContain("E_ILLEGAL_EVENT");
    expect(timeline.length).toBe(2);
  });
});
