/**
 * What is drawn for fuzzing: workloads of every size that are all legal, and that shrink to what matters.
 */
import {
  fileOfScenario,
  type Operation,
  type Scenario,
  scenarioOfFile,
  VECTOR_POINTS,
} from "@mmreplay/core";
import { SimError } from "@mmreplay/events";
import {
  type DrawOptions,
  drawnWorkload,
  faults,
  journals,
  namedWorkload,
  schedules,
  type Workload,
  withFaults,
  workloads,
} from "@mmreplay/replay";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMove } from "../../packages/replay/src/explore/draw-random.ts";
import { createGenerator } from "../../packages/replay/src/explore/generator.ts";
import { spaceOf } from "../../packages/replay/src/explore/prepare.ts";
import { Walk } from "../../packages/replay/src/explore/walk.ts";
import { FAULT_KINDS } from "../../packages/replay/src/fuzz/draw/faults.ts";
import { smallerWorkloads } from "../../packages/replay/src/fuzz/shrink/smaller.ts";
import { runs } from "../support/fuzzing.ts";
import { operationsOf, tasksOf } from "../support/workloads.ts";

const STEPS_MAX = 5_000;
const HOURS = 24 * 3_600_000;

/** What fails in some random schedules of a workload. */
function failureOf(workload: Workload, count: number): string | undefined {
  const space = spaceOf({ named: namedWorkload("drawn", workload) });
  const [walk, picker] = [new Walk(space), anyMove(space)];
  for (let run = 0; run < count; run++) {
    picker.begin(createGenerator(1, run));
    walk.begin();
    while (walk.step(picker) && walk.path.length < STEPS_MAX);
    if (walk.finding !== undefined) return `${walk.finding.rule}: ${walk.finding.message}`;
  }
  return undefined;
}

const drawn = (count: number, options: DrawOptions = {}): Workload[] =>
  fc.sample(workloads(options), { seed: 20_261_126, numRuns: count });

describe("a drawn workload", () => {
  it("fails under no schedule, whatever its size and its faults", { timeout: HOURS }, () => {
    fc.assert(
      fc.property(workloads(), (workload) => {
        expect(failureOf(workload, 4)).toBeUndefined();
      }),
      runs(30),
    );
  });

  it("fails under no schedule when any of its parts is taken out", { timeout: HOURS }, () => {
    fc.assert(
      fc.property(workloads({ limits: { tasks: 4, pages: 16 } }), fc.nat(), (workload, place) => {
        const smaller = smallerWorkloads(workload);
        const candidate = smaller[place % Math.max(1, smaller.length)]?.();
        if (candidate !== undefined) expect(failureOf(candidate.workload, 3)).toBeUndefined();
      }),
      runs(30),
    );
  });

  it("is one that a scenario file may say, where files have words for it", () => {
    let said = 0;
    for (const workload of drawn(300, { kind: "interval", wraps: false })) {
      const named = namedWorkload("drawn", workload);
      let file: ReturnType<typeof fileOfScenario>;
      try {
        file = fileOfScenario({ ...named, title: "drawn" });
      } catch (error) {
        if (error instanceof SimError) continue;
        throw error;
      }
      said += 1;
      const again = scenarioOfFile(file, "drawn", "drawn.json");
      expect(again.scenario.programs.map(({ length }) => length)).toEqual(
        workload.scenario.programs.map(({ length }) => length),
      );
    }
    expect(said).toBeGreaterThan(150);
  });

  it("is mostly small, sometimes as large as can be, and has everything now and then", () => {
    const all = drawn(600).map(({ scenario }) => scenario);
    const share = (fits: (scenario: Scenario) => boolean) => all.filter(fits).length / all.length;
    const has = (op: Operation["op"]) => (one: Scenario) =>
      operationsOf(one).some((o) => o.op === op);
    expect(share((one) => tasksOf(one) <= 3)).toBeGreaterThan(0.5);
    expect(share((one) => tasksOf(one) === 8)).toBeGreaterThan(0.01);
    expect(share(({ pages }) => pages > 48)).toBeGreaterThan(0.01);
    expect(share(({ notifiers }) => notifiers > 12)).toBeGreaterThan(0.01);
    expect(share(({ devices = [] }) => devices.includes(1))).toBeGreaterThan(0.1);
    for (const op of ["fork", "mm_exit", "hold", "oom_reap_task_mm", "mn_get"] as const) {
      expect(share(has(op)), op).toBeGreaterThan(0.02);
    }
    const fails = (one: Scenario) => operationsOf(one).some((op) => "inject" in op);
    expect(share(fails)).toBeGreaterThan(0.02);
    expect(drawn(600).filter(({ seqModulus }) => seqModulus !== undefined).length).toBeGreaterThan(
      30,
    );
  });

  it("stays within the limits that are asked for", () => {
    const limits = { tasks: 2, pages: 3, notifiers: 2, operations: 1 };
    for (const { scenario } of drawn(100, {
      kind: "interval",
      limits,
      faults: false,
      wraps: false,
    })) {
      expect(tasksOf(scenario)).toBeLessThanOrEqual(2);
      expect(scenario.pages).toBeLessThanOrEqual(3);
      expect(scenario.notifiers).toBeLessThanOrEqual(2);
    }
  });

  it("is the same for a name on any day", () => {
    expect(drawnWorkload(7, "3")).toEqual(drawnWorkload(7, "3"));
    expect(drawnWorkload(7, "3").points).toBe(VECTOR_POINTS);
    expect(drawnWorkload(7, "2.0").scenario.programs.length).toBe(
      drawnWorkload(7, "2").scenario.programs.length - 1,
    );
  });

  it.each(["drawn/7", "drawn/7/", "drawn/x/1", "drawn/07/1", "drawn/7/1.", "drawn/7/1.999"])(
    "has no name like %s",
    (name) => {
      const [, seed = "", path = ""] = name.split("/");
      expect(() => drawnWorkload(seed as unknown as number, path)).toThrow(SimError);
    },
  );
});

/** The smallest value that a property fails for. */
function shrunk<T>(arbitrary: fc.Arbitrary<T>, fails: (value: T) => boolean): T {
  const property = fc.property(arbitrary, (value) => !fails(value));
  const { counterexample } = fc.check(property, { seed: 4, numRuns: 2_000 });
  if (counterexample === null) throw new Error("nothing fails");
  return counterexample[0];
}

describe("shrinking", () => {
  it("leaves the operations that matter, over one page", () => {
    const { scenario } = shrunk(workloads({ kind: "interval" }), (one) =>
      operationsOf(one.scenario).some(({ op }) => op === "fault"),
    );
    expect(scenario.programs.map((program) => program.map(({ op }) => op))).toEqual([
      ["insert"],
      ["fault"],
    ]);
    expect([scenario.pages, scenario.notifiers]).toEqual([1, 1]);
  });

  it("keeps what one operation needs of others", () => {
    const { scenario } = shrunk(workloads({ kind: "memory" }), (one) =>
      operationsOf(one.scenario).some(({ op }) => op === "child"),
    );
    const operations = operationsOf(scenario).map(({ op }) => op);
    expect(operations).toContain("fork");
    expect(operations.length).toBeLessThanOrEqual(4);
  });

  it("ends, and every candidate is another workload", () => {
    for (const workload of drawn(20)) {
      let now = workload;
      for (let step = 0; step < 2_000; step++) {
        const next = smallerWorkloads(now)
          .map((make) => make())
          .find((one) => one !== undefined);
        if (next === undefined) break;
        expect(next.workload).not.toEqual(now);
        now = next.workload;
        expect(step).toBeLessThan(500);
      }
      expect(operationsOf(now.scenario).length).toBeLessThanOrEqual(3);
    }
  });

  it("takes context switches out of a schedule", () => {
    const turns = shrunk(schedules(), (one) => one.filter((turn) => turn > 0).length >= 2);
    expect(turns).toEqual([1, 1]);
  });

  it("leaves the fault that matters", () => {
    const few = shrunk(faults(), (list) => list.some(({ kind }) => kind === "exit"));
    expect(few).toEqual([{ kind: "exit", task: 0, at: 0, form: 0 }]);
  });
});

describe("faults", () => {
  it.each(FAULT_KINDS)(
    "of the kind %s change some workload, and break none",
    { timeout: HOURS },
    (kind) => {
      const options = { faults: false, wraps: false };
      let changed = 0;
      fc.assert(
        fc.property(workloads(options), faults({ kinds: [kind] }), ({ scenario }, list) => {
          const workload = { scenario: withFaults(scenario, list) };
          if (JSON.stringify(workload.scenario) !== JSON.stringify(scenario)) changed += 1;
          expect(failureOf(workload, 2)).toBeUndefined();
        }),
        runs(30),
      );
      expect(changed).toBeGreaterThan(3);
    },
  );
});

describe("a drawn journal", () => {
  it("is a run from the first event to the last, in which no rule fails", () => {
    fc.assert(
      fc.property(journals({ limits: { tasks: 3, pages: 8 } }), ({ events, findings, choices }) => {
        expect(findings).toEqual([]);
        expect(events.map(({ index }) => index)).toEqual(events.map((_, index) => index));
        expect(events.length).toBeGreaterThanOrEqual(choices.length);
      }),
      runs(30),
    );
  });
});
