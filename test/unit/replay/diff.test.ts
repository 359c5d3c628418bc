/**
 * Two runs are equal when each task did the same and all met in the same order; other orders mean nothing.
 */
import { emptyState } from "@mmreplay/core";
import { eventIndex, type MmEvent, mmId, notifierId, seq, taskId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { align } from "../../../packages/replay/src/diff/align.ts";
import type { Events } from "../../../packages/replay/src/diff/roles.ts";
import { Timeline } from "../../../packages/replay/src/timeline/timeline.ts";

type Body = Omit<MmEvent, "index">;

function timelineOf(bodies: readonly Body[]): Timeline {
  const timeline = new Timeline(emptyState());
  for (const [index, body] of bodies.entries()) {
    timeline.append({ ...body, index: eventIndex(index) } as MmEvent);
  }
  return timeline;
}

const create = { type: "mm_create", task: taskId(0), mm: mmId(0) } as Body;
const other = { type: "mm_create", task: taskId(0), mm: mmId(1) } as Body;
const get = (task: number, mm: number): Body =>
  ({ type: "mmget", task: taskId(task), mm: mmId(mm) }) as Body;
const check = (task: number, result: boolean): Body =>
  ({
    type: "mmu_interval_check_retry",
    task: taskId(task),
    notifier: notifierId(0),
    seq: seq(1),
    result,
  }) as Body;

/** Events as they are: an alignment folds nothing. */
function listed(bodies: readonly object[]): Events {
  const events = bodies.map((body, index) => ({ ...body, index: eventIndex(index) }) as MmEvent);
  return { length: events.length, eventAt: (index) => events[index] as MmEvent };
}

describe("two runs", () => {
  it("are equal where only steps of different objects have changed places", () => {
    const a = timelineOf([create, other, get(1, 0), get(2, 1)]);
    const b = timelineOf([create, other, get(2, 1), get(1, 0)]);
    expect(align(a, b)).toMatchObject({ equal: true, first: null });
  });

  it("differ where two tasks meet an object in another order", () => {
    const a = timelineOf([create, other, get(1, 0), get(2, 0)]);
    const b = timelineOf([create, other, get(2, 0), get(1, 0)]);
    expect(align(a, b).first).toMatchObject({ kind: "order", a: 3, b: 2, object: "mm0" });
  });

  it("differ where a task goes another way, at its first other step", () => {
    const a = timelineOf([create, check(1, false), get(1, 0)]);
    const b = timelineOf([create, check(1, true)]);
    expect(align(a, b)).toMatchObject({
      equal: false,
      first: { kind: "event", task: 1, a: 1, b: 1 },
      differences: [{ kind: "event" }],
    });
  });

  it("differ where a task does more", () => {
    const a = timelineOf([create, get(1, 0)]);
    const b = timelineOf([create]);
    expect(align(a, b).first).toMatchObject({ kind: "missing", task: 1, a: 1, b: null });
    expect(align(b, a).first).toMatchObject({ kind: "missing", task: 1, a: null, b: 1 });
  });
});

describe("the first difference", () => {
  it("is the first in the order of the first run, whatever its task", () => {
    const a = timelineOf([create, other, get(2, 0), get(1, 0), check(1, false)]);
    const b = timelineOf([create, other, get(2, 1), get(1, 0), check(1, true)]);
    const { first, differences } = align(a, b);
    expect(differences.map(({ a: at }) => at)).toEqual([2, 4]);
    expect(first).toMatchObject({ kind: "event", task: 2, a: 2, fields: ["mm"] });
  });

  it.each<[string, object, object?]>([
    ["notifier0", { type: "mmu_interval_set_seq", notifier: 0, seq: 3 }],
    ["mirror0", { type: "driver_lock", mirror: 0 }, { type: "driver_unlock", mirror: 0 }],
    ["plain0", { type: "mmu_notifier_get", plain: 0 }],
  ])("of another order at %s names it", (object, first, second = first) => {
    const run = (one: number, two: number): object[] =>
      [one, two].flatMap((task) => [first, second].map((body) => ({ ...body, task })));
    expect(align(listed(run(1, 2)), listed(run(1, 2))).equal).toBe(true);
    const { first: found } = align(listed(run(1, 2)), listed(run(2, 1)));
    expect(found).toMatchObject({ kind: "order", task: 2, object });
  });

  it("of another order is one where two steps meet at their second object alone", () => {
    const stores = (task: number): object => ({
      type: "device_map",
      task,
      notifier: task,
      mirror: 0,
      entries: [],
    });
    const locks = { type: "driver_lock", task: 3, mirror: 0 };
    const order = (a: readonly object[], b: readonly object[]): unknown =>
      align(listed(a), listed(b)).first;
    expect(order([stores(1), stores(2)], [stores(2), stores(1)])).toMatchObject({
      kind: "order",
      task: 2,
      object: "mirror0",
    });
    expect(order([stores(1), locks], [locks, stores(1)])).toMatchObject({ task: 3 });
    expect(order([locks, stores(1)], [stores(1), locks])).toMatchObject({ task: 1 });
  });
});

/** What a boot has of its own. */
interface Boot {
  readonly heap: number;
  readonly seq: number;
  readonly first: number;
}

const hex = (address: number): string => `0x${address.toString(16).padStart(16, "0")}`;

/** Events of one invalidation by a task. */
const invalidation = (task: number, { heap, seq: base, first }: Boot, page: number): object[] => {
  const start = heap + page * 4096;
  const own = { task, mm: first, region: 0 };
  return [
    {
      ...own,
      type: "mmu_notifier_invalidate_range_start",
      start: hex(start),
      end: hex(start + 4096),
      event: "CLEAR",
      blockable: true,
      owner: null,
    },
    { ...own, type: "invalidate", notifier: first, seq: base + 2 * page + 1 },
    { ...own, type: "mmu_notifier_invalidate_range_end_return" },
  ];
};

/** A recording of a program that invalidates some pages one after another. */
const recordingOf = (
  boot: Boot,
  name: string,
  task: number,
  pages: readonly number[],
): object[] => [
  { type: "recording_start", task, format: "ftrace", unit: "ns", inBuffer: boot.seq },
  { type: "task_start", task, name, pid: boot.heap },
  { type: "probe", task, name: "open", edge: "entry", fields: {}, mapped: true },
  ...pages.flatMap((page) => invalidation(task, boot, page)),
];

const ONE: Boot = { heap: 0x2d000000, seq: 2, first: 0 };
const OTHER: Boot = { heap: 0x7f0030425000, seq: 40, first: 2 };

describe("two recordings", () => {
  it("are equal where each boot named and placed the same steps in its own way", () => {
    const a = listed(recordingOf(ONE, "test", 0, [0, 1, 2]));
    const b = listed(recordingOf(OTHER, "test", 3, [0, 1, 2]));
    expect(align(a, b, true)).toMatchObject({ equal: true, first: null });
    expect(align(a, b).equal).toBe(false);
  });

  it("are paired by the names of their tasks, in whatever order these were seen", () => {
    const both = (names: readonly [string, string]): object[] =>
      names.flatMap((name, task) =>
        recordingOf(ONE, name, task, name === "reader" ? [0, 1, 2, 3] : [5]),
      );
    const names = (of: readonly [string, string]): Events => listed(both(of));
    expect(align(names(["reader", "writer"]), names(["reader", "writer"]), true).equal).toBe(true);
    const { differences } = align(names(["reader", "writer"]), names(["writer", "reader"]), true);
    expect(new Set(differences.map(({ kind }) => kind))).toEqual(new Set(["order"]));
  });

  it("go on side by side after a step that only one of them has", () => {
    const a = recordingOf(ONE, "test", 0, [0, 1, 2, 3, 4, 5]);
    const extra = { type: "driver_lock", task: 0, mirror: 0 };
    const b = listed([...a.slice(0, 9), extra, ...a.slice(9)]);
    expect(align(listed(a), b, true).differences).toEqual([
      { kind: "missing", task: 0, a: null, b: 9, apart: { a: 0, b: 1 } },
    ]);
    expect(align(b, listed(a), true).differences).toEqual([
      { kind: "missing", task: 0, a: 9, b: null, apart: { a: 1, b: 0 } },
    ]);
  });

  it("say which field differs, once, where all that follows is only shifted", () => {
    const a = recordingOf(ONE, "test", 0, [0, 1, 2, 3]);
    const late = recordingOf({ ...ONE, seq: 4 }, "test", 0, [0, 1, 2, 3]);
    const b = [...a.slice(0, 6), ...late.slice(6)];
    const { differences } = align(listed(a), listed(b), true);
    expect(differences).toEqual([{ kind: "event", task: 0, a: 7, b: 7, fields: ["seq"] }]);
  });

  it("differ in the length of a range and in an answer, not in what follows", () => {
    const a = recordingOf(ONE, "test", 0, [0, 1, 2, 3]);
    const b = a.map((event, at) => (at === 6 ? { ...event, event: "UNMAP" } : event));
    expect(align(listed(a), listed(b), true).differences).toMatchObject([
      { kind: "event", a: 6, b: 6, fields: ["event"] },
    ]);
    const c = a.map((event, at) => (at === 6 ? { ...event, end: hex(ONE.heap + 0x4000) } : event));
    expect(align(listed(a), listed(c), true).differences).toMatchObject([
      { kind: "event", a: 6, b: 6, fields: ["end"] },
    ]);
  });

  it("take two objects that were one in the other recording for a difference", () => {
    const a = recordingOf(ONE, "test", 0, [0, 1, 2]);
    const b = a.map((event, at) => (at === 7 ? { ...event, notifier: 1 } : event));
    expect(align(listed(a), listed(b), true).first).toMatchObject({ a: 7, fields: ["notifier"] });
    expect(align(listed(b), listed(a), true).first).toMatchObject({ a: 7, fields: ["notifier"] });
  });
});
