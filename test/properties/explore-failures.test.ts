/**
 * What goes wrong beyond rules is told apart: a deadlock, a wake-up that got lost, a task that goes round
 * for ever, a sleep where none is allowed.
 */
import { type Mutant, type NamedScenario, SCENARIOS, ZOO } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { CALLBACK_LABELS } from "../../packages/core/src/tasks/callback-program.ts";
import { END_LABELS } from "../../packages/core/src/tasks/end-program.ts";
import { FAULT_LABELS } from "../../packages/core/src/tasks/fault-program.ts";
import type { At, Labels, MicroStep, Move } from "../../packages/core/src/tasks/machine.ts";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { scenarioOfText } from "../../packages/replay/src/explore/named.ts";
import { walkAtRandom } from "../../packages/replay/src/explore/random-walk.ts";
import { runSchedule } from "../../packages/replay/src/explore/run-schedule.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";
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

/** A file's scenario with these tasks, over a notifier N. */
function withTasks(tasks: object): NamedScenario {
  const setUp = [{ insert: "N", pages: [0, 4] }];
  const file = { mmreplay: "scenario", version: 1, title: "misuse", setUp, tasks };
  return scenarioOfText({ place: "misuse.json", text: JSON.stringify(file) });
}

describe("a step that the protocol does not have", () => {
  const MISUSES = {
    "a region ended by another task while it is being started": {
      R: [{ end: "A" }],
      Q: [{ start: "A", pages: [0, 4] }],
    },
    "two exits": { R: [{ exit: true }], Q: [{ exit: true }, { fault: "N" }] },
  };

  it.each(Object.entries(MISUSES))("is a finding, of a search and of a run: %s", (_, tasks) => {
    const subject = { named: withTasks(tasks) };
    for (const options of [
      {},
      { por: false },
      { strategy: "random" },
      { strategy: "pct" },
    ] as const) {
      const [finding] = explore(subject, options).findings;
      expect(finding?.rule).toBe("illegal-event");
      expect(finding?.message).toMatch(
        /^The protocol has no such step: it needs .*, and there is /,
      );
      expect(finding?.message).not.toMatch(/journal|event 0/);
      const { run } = runSchedule(subject.named, finding?.schedule ?? "");
      const { rule, message } = run.outcome().at(-1) ?? {};
      expect({ rule, message }).toEqual({ rule: finding?.rule, message: finding?.message });
      expect(run.choices().length === 0 || run.findings.length === 0).toBe(true);
    }
  });

  it("ends a run that is drawn", () => {
    for (let seed = 0; seed < 20; seed++) {
      const run = new ScenarioRun(withTasks(MISUSES["two exits"]));
      walkAtRandom(run, seed);
      expect(run.outcome().map(({ rule }) => rule)).toEqual(["illegal-event"]);
    }
  });

  it("is an error of the set-up when that makes it", () => {
    const named = withTasks({ R: [{ fault: "N" }] });
    const exits = { op: "mm_exit" } as const;
    const [setUp = [], ...programs] = named.scenario.programs;
    const scenario = { ...named.scenario, programs: [[...setUp, exits, exits], ...programs] };
    expect(() => new ScenarioRun({ ...named, scenario })).toThrow(/^E_SET_UP: found in the set-up/);
  });

  it.each([
    ["K-Z1", "K-P14"],
    ["K-Z1-reader", "K-P14"],
    ["K-S14", "K-P14"],
    ["K-S14-insertion", "K-P14"],
    ["K-S14-reader", "K-P6"],
    ["K-S14-reader", "K-P14"],
    ["K-S14-reader", "K-G6"],
  ])("is what END of %s comes to in %s, when another end has emptied its list", (id, name) => {
    const named = SCENARIOS.find((one) => one.name === name) as NamedScenario;
    const subject = { named: { ...named, rules: [] }, mutant: ZOO.find((one) => one.id === id) };
    const [finding] = explore(subject).findings;
    expect(finding).toMatchObject({ rule: "illegal-event", certified: true });
    const { run } = runSchedule(subject.named, finding?.schedule ?? "");
    expect(run.failure()?.message).toContain("an empty deferred list");
  });
});

describe("a failure that only the search with partial order reduction reaches within a bound", () => {
  it.each([
    ["peer-5", 837],
    ["peer-7", 944],
  ])(
    "is told of %s within %i states, with a schedule that fails, and not as a shortest one",
    (id, maxStates) => {
      const subject = peerMutant(id);
      const { findings, bound, complete } = explore(subject, { bounds: { maxStates } });
      expect({ bound, complete }).toEqual({ bound: "max-states", complete: false });
      expect(findings.map(({ certified }) => certified)).toEqual([false]);
      const { run } = runSchedule(subject.named, findings[0]?.schedule ?? "");
      expect(run.outcome().map(({ rule }) => rule)).toContain(findings[0]?.rule);
    },
  );
});
