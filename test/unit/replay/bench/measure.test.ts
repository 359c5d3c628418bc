import { describe, expect, it } from "vitest";
import type { Benchmark } from "../../../../packages/replay/src/bench/benchmark.ts";
import { createInputs } from "../../../../packages/replay/src/bench/inputs.ts";
import { measure, type Watch } from "../../../../packages/replay/src/bench/measure.ts";

const inputsOf = (runs: number) =>
  createInputs({ seed: 1, events: 1, immutableEvents: 1, lines: 1, runs });

/** A clock that moves by what each run of a side is said to take. */
function contest(ownMs: readonly number[], baselineMs: readonly number[]) {
  const log: string[] = [];
  let now = 0;
  let cpu = 0;
  const side = (name: string, times: readonly number[]) => {
    let run = 0;
    return () => {
      log.push(name);
      now += times[run] ?? 0;
      cpu += (times[run] ?? 0) / 2;
      run += 1;
      return () => `${name} did it`;
    };
  };
  const benchmark: Benchmark = {
    name: "own",
    unit: "events/s",
    baseline: "theirs",
    setUp: () => ({
      amount: 100,
      own: side("own", ownMs),
      baseline: side("theirs", baselineMs),
    }),
  };
  const watch: Watch = { now: () => now, cpu: () => cpu, before: async () => true };
  return { benchmark, watch, log };
}

describe("measuring", () => {
  it("lets the sides take turns, after one run of each that does not count", async () => {
    const { benchmark, watch, log } = contest([999, 10, 20, 50], [999, 100, 200, 400]);
    const measured = await measure(benchmark, inputsOf(3), watch);
    expect(log).toEqual(Array(4).fill(["own", "theirs"]).flat());
    expect(measured).toMatchObject({
      own: {
        median: 5_000,
        cpuMedian: 10_000,
        slowest: 2_000,
        fastest: 10_000,
        work: "own did it",
      },
      baseline: { median: 500, slowest: 250, fastest: 1_000, work: "theirs did it" },
      amount: 100,
      runs: 3,
      cpuShare: 0.5,
    });
  });

  it("takes the middle of two when the runs are even", async () => {
    const { benchmark, watch } = contest([1, 10, 20], [1, 10, 10]);
    const measured = await measure(benchmark, inputsOf(2), watch);
    expect(measured?.own.median).toBe(7_500);
  });

  it("ends when the watch says so, before any run", async () => {
    const { benchmark, watch, log } = contest([1, 1], [1, 1]);
    let left = 3;
    const before = async () => left-- > 0;
    expect(await measure(benchmark, inputsOf(1), { ...watch, before })).toBeUndefined();
    expect(log).toEqual(["own", "theirs"]);
  });

  it("refuses a side whose runs do different work", async () => {
    const { benchmark, watch } = contest([1, 1], [1, 1]);
    let count = 0;
    const setUp: Benchmark["setUp"] = (inputs) => ({
      ...benchmark.setUp(inputs),
      own: () => () => `${count++} events`,
    });
    await expect(measure({ ...benchmark, setUp }, inputsOf(1), watch)).rejects.toThrow(
      "each run does the same work",
    );
  });
});
