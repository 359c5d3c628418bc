/**
 * What goes wrong beyond rules is told apart: a deadlock, a wake-up that got lost, a task that goes round
 * for ever, a sleep where none is allowed.
 */
import type { Mutant, NamedScenario } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { CALLBACK_LABELS } from "../../packages/core/src/tasks/callback-program.ts";
import { END_LABELS } from "../../packages/core/src/tasks/end-program.ts";
import { FAULT_LABELS } from "../../packages/core/src/tasks/fault-program.ts";
import type { At, Labels, MicroStep, Move } from "../../packages/core/src/tasks/machine.ts";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { decodeSchedule } from "../../packages/replay/src/explore/schedule.ts";
import { failureOf, peer, peerMutant } from "../support/explored.ts";

const mutant = (id: string, labels: Labels): Mutant => {
  return { id, title: id, source: "test", scenario: "peer/1F1I", rule: null, labels };
};

/** A step that leads elsewhere. */
function led(step: MicroStep | undefined, to: (then: string) => string): MicroStep {
  return {
    ...step,
    run: (at, branch) => {
      const move = step?.run(at, branch) as Move & { goto: string };
      return { ...move, goto: to(move.goto) } as Move;
    },
  };
}

const named = peer("1F1I");

describe("nobody can move", () => {
  it("because tasks wait for each other: a deadlock", () => {
    const [finding] = explore(peerMutant("peer-5")).findings;
    expect(finding).toMatchObject({ rule: "deadlock", certified: true });
    expect(finding?.message).toBe(
      "Nobody can go on: task3 sleeps in mmu_interval_read_begin() until subs->invalidate_seq moves, and no invalidation is open that would move it.",
    );
  });

  it("because the end of an epoch wakes nobody: a lost wake-up", () => {
    const end = led(END_LABELS["end_itree"], (then) => (then === "wake" ? "end_return" : then));
    const subject = { named, mutant: mutant("no-wake", { end_itree: end }) };
    const report = explore(subject);
    expect(report).toMatchObject({ complete: false, deadlocks: 1 });
    expect(report.findings).toMatchObject([
      {
        rule: "lost-wake-up",
        certified: true,
        message: "task1 sleeps for ever: subs->invalidate_seq has moved and nobody woke it.",
      },
    ]);
    expect(failureOf(subject, report.findings[0]?.schedule ?? "")).toBe("lost-wake-up");
  });
});

describe("a task that retries without a new read_begin", () => {
  const retry = led(FAULT_LABELS["fault_unlock_retry"], () => "fault_lock");
  const subject = { named, mutant: mutant("stale-retry", { fault_unlock_retry: retry }) };

  it("goes round for ever: a stem and a loop", () => {
    const [finding] = explore(subject).findings;
    expect(finding).toMatchObject({ rule: "no-progress", certified: false });
    const { choices } = decodeSchedule(finding?.schedule ?? "");
    const loop = choices.slice(finding?.stem);
    expect(choices).toHaveLength(finding?.length ?? 0);
    expect(new Set(loop.map(({ task }) => task))).toEqual(new Set([1]));
    expect(loop).toHaveLength(3);
  });

  it("is not looked for beyond a bound, and the report says so", () => {
    const report = explore(subject, { bounds: { maxLassoStates: 5 } });
    expect(report).toMatchObject({ lassos: false, findings: [] });
  });
});

describe("the protocol itself", () => {
  it("never goes round for ever", () => {
    for (const size of ["1F1I", "2F2I", "1F1I1R", "2F2I1R"]) {
      expect(explore({ named: peer(size) })).toMatchObject({ lassos: true, findings: [] });
    }
  });
});

describe("a callback that waits for the driver's lock", () => {
  const oomReaper: NamedScenario = {
    ...named,
    scenario: {
      ...named.scenario,
      programs: named.scenario.programs.map((program) =>
        program.map((op) => (op.op === "inv_start" ? { ...op, blockable: false } : op)),
      ),
    },
  };
  const held = ({ state }: At) =>
    state.mirrors[0]?.lock == null ? null : ({ why: "driver_lock", detail: null } as const);
  const sleeps = mutant("sleeps", {
    cb_lock: { ...CALLBACK_LABELS["cb_lock"], blockedOn: held } as MicroStep,
  });

  it("breaks K-I22 where its region is non-blockable", () => {
    const subject = { named: oomReaper, mutant: sleeps };
    const [finding] = explore(subject).findings;
    expect(finding).toMatchObject({ rule: "K-I22", certified: true });
    expect(failureOf(subject, finding?.schedule ?? "")).toBe("K-I22");
  });

  it("breaks nothing where it may sleep, or does not", () => {
    expect(explore({ named, mutant: sleeps })).toMatchObject({ complete: true });
    expect(explore({ named: oomReaper }).findings).toEqual([]);
  });
});
