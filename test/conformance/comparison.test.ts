/**
 * The comparison can fail: a changed field is exactly the difference that is found.
 */
import type { VectorLine, VectorStep } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { compare, copiedVectors, withChangedStep } from "../support/vectors.ts";

const cold = copiedVectors("p13-cold-start.jsonl.gz");
const stale = copiedVectors("p20-bug-no-retry-check.jsonl.gz");

interface Change {
  readonly field: string;
  readonly fits: (step: VectorStep) => boolean;
  readonly change: (step: VectorStep) => VectorStep;
}

const CHANGES: readonly Change[] = [
  {
    field: "op",
    fits: ({ op }) => op === "read_begin",
    change: (step) => ({ ...step, op: "fault_lock" }),
  },
  {
    field: "args",
    fits: ({ op }) => op === "inv_start",
    change: (step) => ({ ...step, args: { ...step.args, blockable: "perhaps" } }),
  },
  {
    field: "ret",
    fits: ({ op }) => op === "read_begin",
    change: (step) => ({ ...step, ret: { ...step.ret, seq: "99" } }),
  },
  {
    field: "done",
    fits: ({ op }) => op === "cpu_change",
    change: ({ done: _, ...step }) => step as VectorStep,
  },
  {
    field: "warn",
    fits: ({ op }) => op === "insert",
    change: (step) => ({ ...step, warn: ["__mmu_interval_notifier_insert: never"] }),
  },
  {
    field: "pc",
    fits: ({ op }) => op === "insert",
    change: (step) => ({ ...step, pc: step.pc + 1 }),
  },
  {
    field: "state.seq",
    fits: ({ state }) => state["seq"] !== undefined,
    change: (step) => ({ ...step, state: { ...step.state, seq: "99" } }),
  },
  {
    field: "state.blocked",
    fits: ({ state }) => (state["blocked"] as unknown[]).length > 0,
    change: (step) => ({ ...step, state: { ...step.state, blocked: [] } }),
  },
  {
    field: "state.new",
    fits: () => true,
    change: (step) => ({ ...step, state: { ...step.state, new: 1 } }),
  },
  {
    field: "stale",
    fits: (step) => step.stale.length > 0,
    change: (step) => ({ ...step, stale: [] }),
  },
];

describe("the comparison", () => {
  it.each(CHANGES)("finds a changed $field, and only that", ({ field, fits, change }) => {
    const source = field === "stale" ? stale : cold;
    const { lines, step } = withChangedStep(source, fits, change);
    expect(compare(lines).mismatches.map((one) => [one.step, one.field])).toEqual([[step, field]]);
  });

  it("counts a stale page that was recorded only, and one that was simulated only", () => {
    const fits = ({ stale: pages }: VectorStep) => pages.length === 1;
    const less = withChangedStep(stale, fits, (step) => ({ ...step, stale: [] }));
    expect(compare(less.lines).counts).toMatchObject({ staleMissed: 0, staleExtra: 1 });
    const more = withChangedStep(
      stale,
      ({ stale: pages }) => pages.length === 0,
      (step) => ({ ...step, stale: [0] }),
    );
    expect(compare(more.lines).counts).toMatchObject({ staleMissed: 1, staleExtra: 0 });
  });

  it("finds a step of a thread that could not have run", () => {
    let waiting: number[] = [];
    let waitsNow = -1;
    const { lines, step } = withChangedStep(
      cold,
      (next) => {
        waitsNow = waiting.find((thread) => thread !== next.thread) ?? -1;
        waiting = (next.state["blocked"] as [number][]).map(([thread]) => thread);
        return waitsNow >= 0;
      },
      (next) => ({ ...next, thread: waitsNow }),
    );
    const [first] = compare(lines).mismatches;
    expect([first?.step, first?.field, first?.expected]).toEqual([step, "thread", waitsNow]);
  });

  it("finds a trailer that counts other steps, and an execution that ends otherwise", () => {
    const last = cold.findIndex(({ t }) => t === "end");
    const trailer = cold[last] as Extract<VectorLine, { t: "end" }>;
    const fields = (changed: Partial<typeof trailer>) =>
      compare([...cold.slice(0, last), { ...trailer, ...changed }]).mismatches.map(
        ({ field }) => field,
      );
    expect(fields({})).toEqual([]);
    expect(fields({ steps: trailer.steps + 1 })).toEqual(["steps"]);
    expect(fields({ stuck: [1] })).toEqual(["stuck"]);
    expect(fields({ final_stale: [3] })).toEqual(["final_stale"]);
  });

  it("notices that a file was cut", () => {
    const last = cold.findIndex(({ t }) => t === "end");
    expect(compare(cold.slice(0, last - 3)).unfinished).toBe(true);
    expect(() => compare([...cold.slice(0, last), ...cold.slice(last + 1)])).toThrow("E_VECTOR");
    expect(() => compare(cold.slice(1))).toThrow("E_VECTOR");
    expect(() => compare(cold.slice(last))).toThrow("E_VECTOR");
  });
});
