/**
 * Drawn schedules hit as often as the peers' do: no cell of the table differs from ours by more than the
 * noise of two samples.
 */
import { describe, expect, it } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { failureOf, peer, peerMutant } from "../support/explored.ts";
import { differenceInterval, rateInterval } from "../support/hit-rate.ts";

const RUNS = 20_000;
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

function expectRate(hits: number, printed: string, runs: number): void {
  const table = { hits: Number(printed) * runs, runs };
  const [low, high] = differenceInterval({ hits, runs: RUNS }, table, DEVIATIONS);
  const rounding = roundingOf(printed);
  expect(low, `${hits} of ${RUNS}`).toBeLessThanOrEqual(rounding);
  expect(high, `${hits} of ${RUNS}`).toBeGreaterThanOrEqual(-rounding);
}

describe.each(RATES)("%s", (id, cell, random, byDepth) => {
  const subject = peerMutant(id);
  const bounds = { runs: RUNS };

  it(`is hit by a random walk at a rate of ${random}`, () => {
    const { hits = 0, runs, complete, bound } = explore(subject, { strategy: "random", bounds });
    expect({ runs, complete, bound }).toEqual({ runs: RUNS, complete: false, bound: "runs" });
    expectRate(hits, random, cell);
  });

  it.each([...byDepth.entries()])("is hit by PCT: %i changes at a rate of %s", (changes, rate) => {
    const options = { strategy: "pct", pctDepth: changes + 1, bounds } as const;
    const { hits = 0 } = explore(subject, options);
    expectRate(hits, rate, cell);
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
