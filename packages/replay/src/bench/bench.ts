/**
 * The table of benchmarks, and its rows as they come.
 */
import type { Benchmark } from "./benchmark.ts";
import { ENGINE_BENCHMARKS } from "./engines.ts";
import { IMPORT_BENCHMARKS } from "./importers.ts";
import { type BenchSize, createInputs } from "./inputs.ts";
import { type Measured, measure, type Watch } from "./measure.ts";
import { PIPELINE_BENCHMARKS } from "./pipeline.ts";

/** Every benchmark, in the order of the table. */
export const BENCHMARKS: readonly Benchmark[] = [
  ...ENGINE_BENCHMARKS,
  ...IMPORT_BENCHMARKS,
  ...PIPELINE_BENCHMARKS,
];

/** A row of the table. */
export interface Row {
  readonly name: string;
  readonly unit: Benchmark["unit"];
  /** Units a second. */
  readonly median: number;
  readonly baseline: string;
  /** How many times as fast as the baseline. */
  readonly ratio: number;
  readonly slowest: number;
  readonly fastest: number;
  readonly baselineMedian: number;
  readonly baselineSlowest: number;
  readonly baselineFastest: number;
  /** The same per second of CPU time, which other programs cannot take away. */
  readonly cpuMedian: number;
  readonly cpuRatio: number;
  /** CPU time by wall time while measuring, of both sides. */
  readonly cpuShare: number;
  /** Measured runs of each side. */
  readonly runs: number;
  /** Units of work in one run. */
  readonly amount: number;
  /** What one run did, as each side tells it. */
  readonly work: string;
  readonly baselineWork: string;
}

/** Runs benchmarks one after the other; ends early when the watch says so. */
export async function* rowsOf(
  benchmarks: readonly Benchmark[],
  size: BenchSize,
  watchOf: (benchmark: Benchmark) => Watch,
): AsyncGenerator<Row> {
  const inputs = createInputs(size);
  for (const benchmark of benchmarks) {
    const measured = await measure(benchmark, inputs, watchOf(benchmark));
    if (measured === undefined) return;
    yield rowOf(benchmark, measured);
  }
}

function rowOf(
  { name, unit, baseline: against }: Benchmark,
  { own, baseline, runs, amount, cpuShare }: Measured,
): Row {
  return {
    name,
    unit,
    median: Math.round(own.median),
    baseline: against,
    ratio: ratioOf(own.median, baseline.median),
    slowest: Math.round(own.slowest),
    fastest: Math.round(own.fastest),
    baselineMedian: Math.round(baseline.median),
    baselineSlowest: Math.round(baseline.slowest),
    baselineFastest: Math.round(baseline.fastest),
    cpuMedian: Math.round(own.cpuMedian),
    cpuRatio: ratioOf(own.cpuMedian, baseline.cpuMedian),
    cpuShare: Number(cpuShare.toFixed(2)),
    runs,
    amount,
    work: own.work,
    baselineWork: baseline.work,
  };
}

const ratioOf = (own: number, baseline: number): number => Number((own / baseline).toPrecision(3));
