/**
 * Measuring two sides in turn.
 *
 * Each side runs once unmeasured, then the sides take turns (own, baseline, own, baseline, ...), so that
 * a machine that is busy for a while hits both. A median is not moved by one run in which a collection
 * or another program came in between.
 */
import { assert } from "@mmreplay/events";
import type { Benchmark, Side } from "./benchmark.ts";
import type { Inputs } from "./inputs.ts";

/** Rates of one side, in units a second. */
export interface Rates {
  readonly median: number;
  /** Units in a second of CPU time: what other programs take away is not in it. */
  readonly cpuMedian: number;
  readonly slowest: number;
  readonly fastest: number;
  /** What one run did, as it tells itself. */
  readonly work: string;
}

/** What was measured of one benchmark. */
export interface Measured {
  readonly own: Rates;
  readonly baseline: Rates;
  readonly amount: number;
  readonly runs: number;
  /** CPU time by wall time while measuring: far below 1, other programs had the processor. */
  readonly cpuShare: number;
}

/** How measuring is watched. */
export interface Watch {
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** Milliseconds of CPU time that this process has used. */
  readonly cpu: () => number;
  /** Called before each run; false ends the measuring. */
  readonly before: (run: number) => Promise<boolean>;
}

/** The system counts CPU time in microseconds. */
const CPU_LEAST_MS = 0.001;

interface Samples {
  readonly side: Side;
  readonly rates: number[];
  readonly cpuRates: number[];
  work: string;
}

/** Measures one benchmark; undefined when the watch has ended it. */
export async function measure(
  benchmark: Benchmark,
  inputs: Inputs,
  watch: Watch,
): Promise<Measured | undefined> {
  const { runs } = inputs.size;
  if (!(await watch.before(0))) return undefined;
  const { amount, own, baseline } = benchmark.setUp(inputs);
  const sides: readonly Samples[] = [own, baseline].map((side) => ({
    side,
    rates: [],
    cpuRates: [],
    work: "",
  }));
  let wall = 0;
  let cpu = 0;
  for (let run = 0; run <= runs; run++) {
    for (const samples of sides) {
      if (!(await watch.before(run))) return undefined;
      const cpuFrom = watch.cpu();
      const from = watch.now();
      const told = await samples.side();
      const elapsed = watch.now() - from;
      const used = Math.max(watch.cpu() - cpuFrom, CPU_LEAST_MS);
      const work = told();
      if (run === 0) samples.work = work;
      else {
        wall += elapsed;
        cpu += used;
        samples.rates.push((amount * 1000) / elapsed);
        samples.cpuRates.push((amount * 1000) / used);
      }
      assert(work === samples.work, "each run does the same work");
    }
  }
  const [first, second] = sides.map(ratesOf);
  const cpuShare = cpu / wall;
  return { own: first as Rates, baseline: second as Rates, amount, runs, cpuShare };
}

function ratesOf({ rates, cpuRates, work }: Samples): Rates {
  return {
    median: medianOf(rates),
    cpuMedian: medianOf(cpuRates),
    slowest: Math.min(...rates),
    fastest: Math.max(...rates),
    work,
  };
}

function medianOf(rates: readonly number[]): number {
  const sorted = rates.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? 0) : upper;
  return (lower + upper) / 2;
}
