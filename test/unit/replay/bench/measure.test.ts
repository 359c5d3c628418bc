import { describe, expect, it } from "vitest";
import type { Benchmark } from "../../../../packages/replay/src/bench/benchmark.ts";
import { createInputs, QUICK } from "../../../../packages/replay/src/bench/inputs.ts";
import { measure, type Watch } from "../../../../packages/replay/src/bench/measure.ts";

const inputsOf = (runs: number) =>
  createInputs(
    { ...QUICK, seed: 1, runs },
    { spinModel: "/nowhere", signal: new AbortController().signal },
  );

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

  it("gives seconds where that is the unit, so that the slowest run has most", async () => {
    const { benchmark, watch } = contest([1, 10, 20, 50], [1, 100, 200, 400]);
    const measured = await measure({ ...benchmark, unit: "s" }, inputsOf(3), watch);
    expect(measured?.own).toMatchObject({
      median: 0.02,
      cpuMedian: 0.01,
      slowest: 0.05,
      fastest: 0.01,
    });
    expect(measured?.baseline.median).toBe(0.2);
  });

  it("counts for the baseline what the baseline does", async () => {
    const { benchmark, watch } = contest([1, 10], [1, 10]);
    const setUp: Benchmark["setUp"] = async (inputs) => ({
      ...(await benchmark.setUp(inputs)),
      baselineAmount: 5,
    });
    const measured = await measure({ ...benchmark, setUp }, inputsOf(1), watch);
    expect(measured?.own.median).toBe(10_000);
    expect(measured?.baseline.median).toBe(500);
  });

  it("measures what takes minutes once, without a run that does not count", async () => {
    const { benchmark, watch, log } = contest([10], [100]);
    const measured = await measure({ ...benchmark, long: true }, inputsOf(3), watch);
    expect(log).toEqual(["own", "theirs"]);
    expect(measured).toMatchObject({
      runs: 1,
      own: { median: 10_000 },
      baseline: { median: 1_000 },
    });
  });

  it("takes CPU time and memory of a process of its own from what it tells", async () => {
    const { benchmark, watch } = contest([1, 10, 10], [1, 10, 10]);
    const memories = [7, 30, 20];
    const setUp: Benchmark["setUp"] = async (inputs) => {
      const { amount, own, baseline } = await benchmark.setUp(inputs);
      const child = async () => {
        await own();
        return { work: "searched", usage: { userMs: 4, memoryMb: memories.shift() ?? 0 } };
      };
      return { amount, own: child, baseline };
    };
    const measured = await measure({ ...benchmark, setUp }, inputsOf(2), watch);
    expect(measured?.own).toMatchObject({
      median: 10_000,
      cpuMedian: 25_000,
      memoryMb: 30,
      work: "searched",
    });
    expect(measured?.baseline).not.toHaveProperty("memoryMb");
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
    const setUp: Benchmark["setUp"] = async (inputs) => ({
      ...(await benchmark.setUp(inputs)),
      own: () => () => `${count++} events`,
    });
    await expect(measure({ ...benchmark, setUp }, inputsOf(1), watch)).rejects.toThrow(
      "each run does the same work",
    );
  });
});
