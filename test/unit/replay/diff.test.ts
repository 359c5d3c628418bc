/**
 * Two runs are equal when each task did the same and all met in the same order; other orders mean nothing.
 */
import { emptyState } from "@mmreplay/core";
import { eventIndex, type MmEvent, mmId, notifierId, seq, taskId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { align } from "../../../packages/replay/src/diff/align.ts";
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
