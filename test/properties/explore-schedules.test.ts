/**
 * Drawn schedules hit as often as the peers' do: no cell of the table differs from ours by more than the
 * noise of two samples.
 */
import { type NamedScenario, SCENARIOS } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { byPriority } from "../../packages/replay/src/explore/draw-pct.ts";
import { anyMove } from "../../packages/replay/src/explore/draw-random.ts";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { createGenerator } from "../../packages/replay/src/explore/generator.ts";
import { spaceOf } from "../../packages/replay/src/explore/prepare.ts";
import { walkAtRandom } from "../../packages/replay/src/explore/random-walk.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";
import type { SpaceMove } from "../../packages/replay/src/explore/space.ts";
import { type Picker, Walk } from "../../packages/replay/src/explore/walk.ts";
import { failureOf, peer, peerMutant } from "../support/explored.ts";
import { differenceInterval, rateInterval } from "../support/hit-rate.ts";

/** Rates near 0 need more schedules before none that fails says anything. */
const RUNS = 20_000;
const RUNS_USUAL = 6_000;
const [CELL, LARGE_CELL] = [50_000, 350_000];

/** Standard deviations that one of 45 right cells exceeds with a probability of one percent. */
const DEVIATIONS = 3.69;

/** The mutant, the runs of a cell, and the rates as they are printed: random walk, PCT by changes. */
const RATES = [
  ["peer-1", CELL, "0.552", ["0", ".076", ".143", ".194"]],
  ["peer-2", CELL, "0.313", ["0", ".063", ".107", ".134"]],
  ["peer-3", CELL, "0.651", ["0", ".214", ".318", ".367"]],
  ["peer-4", CELL, "0.212", ["0", "0", ".022", ".041"]],
  ["peer-5", LARGE_CELL, "0.0038", [".500", ".375", ".290", ".230"]],
  ["peer-6", LARGE_CELL, "0.389", ["0", ".128", ".201", ".249"]],
  ["peer-7", CELL, "0.298", ["0", "0", ".041", ".081"]],
  ["peer-8", LARGE_CELL, "0.0012", ["0", "0", "0", ".0011"]],
  ["peer-9", LARGE_CELL, "0", ["0", ".016", ".019", ".018"]],
] as const;

/** Half of the last digit that is printed; 0 is exact: no schedule failed. */
const roundingOf = (printed: string): number =>
  printed === "0" ? 0 : 0.5 * 10 ** -(printed.split(".")[1] ?? "").length;

const drawnFor = (printed: string): number =>
  Number(printed) > 0 && Number(printed) < 0.01 ? RUNS : RUNS_USUAL;

function expectRate(hits: number, printed: string, cell: number): void {
  const runs = drawnFor(printed);
  const table = { hits: Number(printed) * cell, runs: cell };
  const [low, high] = differenceInterval({ hits, runs }, table, DEVIATIONS);
  const rounding = roundingOf(printed);
  expect(low, `${hits} of ${runs}`).toBeLessThanOrEqual(rounding);
  expect(high, `${hits} of ${runs}`).toBeGreaterThanOrEqual(-rounding);
}

describe.each(RATES)("%s", (id, cell, random, byDepth) => {
  const subject = peerMutant(id);

  it(`is hit by a random walk at a rate of ${random}`, () => {
    const asked = drawnFor(random);
    const options = { strategy: "random", bounds: { runs: asked } } as const;
    const { hits = 0, runs, complete, bound } = explore(subject, options);
    expect({ runs, complete, bound }).toEqual({ runs: asked, complete: false, bound: "runs" });
    expectRate(hits, random, cell);
  });

  it.each([...byDepth.entries()])("is hit by PCT: %i changes at a rate of %s", (changes, rate) => {
    const bounds = { runs: drawnFor(rate) };
    const options = { strategy: "pct", pctDepth: changes + 1, bounds } as const;
    const { hits = 0 } = explore(subject, options);
    expectRate(hits, rate, cell);
  });
});

describe("a rate near 0", () => {
  it.each(["0.0012", ".0011"])("%s is not taken for met when nothing is hit", (rate) => {
    expect(() => expectRate(0, rate, LARGE_CELL)).toThrow(`0 of ${RUNS}`);
  });
});

describe("the interval of a rate", () => {
  it("is Wilson's: 81 of 263 lie within 0.2553 and 0.3662, none of 20 within 0 and 0.1611", () => {
    const rounded = (hits: number, runs: number) =>
      rateInterval({ hits, runs }, 1.96).map((bound) => Number(bound.toFixed(4)));
    expect(rounded(81, 263)).toEqual([0.2553, 0.3662]);
    expect(rounded(0, 20)).toEqual([0, 0.1611]);
  });

  it("is Newcombe's for a difference: 56 of 70 above 48 of 80 by 0.0524 to 0.3339", () => {
    const [first, second] = [
      { hits: 56, runs: 70 },
      { hits: 48, runs: 80 },
    ];
    const bounds = differenceInterval(first, second, 1.959964);
    expect(bounds.map((bound) => Number(bound.toFixed(4)))).toEqual([0.0524, 0.3339]);
  });
});

describe("a drawn schedule", () => {
  it.each(["random", "pct"] as const)("is the same again from the same seed (%s)", (strategy) => {
    const subject = peerMutant("peer-4");
    const options = { strategy, seed: 7, bounds: { runs: 2_000 } };
    const report = explore(subject, options);
    expect(explore(subject, options)).toEqual(report);
    expect(failureOf(subject, report.findings[0]?.schedule ?? "")).toBe("K-I14");
    expect(explore(subject, { ...options, seed: 8 }).transitions).not.toBe(report.transitions);
  });

  it("finds nothing where nothing fails", () => {
    for (const strategy of ["random", "pct"] as const) {
      expect(explore({ named: peer("2F2I1R") }, { strategy }).hits).toBe(0);
    }
  });
});

describe("a task that may refuse", () => {
  const DRAWS = 6_000;
  const named = SCENARIOS.find(({ name }) => name === "K-G7") as NamedScenario;
  const space = spaceOf({ named });
  const [reader, invalidator] = [0, 1];
  const start = space.moves.findIndex((move) => move.index === invalidator);

  /** How often each move is drawn after the invalidation's start, where it may be refused. */
  function drawsAfterStart(picker: Picker): Map<string, number> {
    const drawn = new Map<string, number>();
    const walk = new Walk(space);
    const afterStart: Picker = {
      begin: picker.begin,
      pick: (step) => {
        if (step > 0) return picker.pick(step, walk);
        expect(walk.canMove(start)).toBe(true);
        return start;
      },
    };
    for (let run = 0; run < DRAWS; run++) {
      afterStart.begin(createGenerator(1, run));
      walk.begin();
      walk.step(afterStart);
      walk.step(afterStart);
      const { index, branch } = space.moves[walk.path[1] as number] as SpaceMove;
      drawn.set(`${index} ${branch}`, (drawn.get(`${index} ${branch}`) ?? 0) + 1);
    }
    return drawn;
  }

  const PICKERS = { "a random walk": anyMove(space), PCT: byPriority(space, 1, () => 10) };

  it.each(Object.entries(PICKERS))("is as likely to move as every other task: %s", (_, picker) => {
    const drawn = drawsAfterStart(picker);
    const expected = {
      [`${reader} default`]: 1 / 2,
      [`${invalidator} default`]: 1 / 4,
      [`${invalidator} refuse`]: 1 / 4,
    };
    expect([...drawn.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [move, rate] of Object.entries(expected)) {
      const [low, high] = rateInterval({ hits: drawn.get(move) ?? 0, runs: DRAWS }, DEVIATIONS);
      expect(low, move).toBeLessThan(rate);
      expect(high, move).toBeGreaterThan(rate);
    }
  });

  it("is as likely to move as every other task: a run from a seed", () => {
    let reads = 0;
    for (let seed = 0; seed < DRAWS / 10; seed++) {
      const run = new ScenarioRun(named);
      run.step({ task: 2, branch: "default" });
      expect(run.choices()).toHaveLength(3);
      if (walkAtRandom(run, seed)[0]?.task === 1) reads += 1;
    }
    const [low, high] = rateInterval({ hits: reads, runs: DRAWS / 10 }, DEVIATIONS);
    expect(low).toBeLessThan(1 / 2);
    expect(high).toBeGreaterThan(1 / 2);
  });
});
