/**
 * The table of benchmarks, and its rows as they come.
 */
import type { Benchmark } from "./benchmark.ts";
import { ENGINE_BENCHMARKS } from "./engines.ts";
import { IMPORT_BENCHMARKS } from "./importers.ts";
import { type BenchSize, createInputs, type Surroundings } from "./inputs.ts";
import { type Figures, type Measured, measure, type Watch } from "./measure.ts";
import { PIPELINE_BENCHMARKS } from "./pipeline.ts";
import { SEARCH_BENCHMARKS } from "./searches.ts";
import { TIMELINE_BENCHMARKS } from "./timelines.ts";

/** Every benchmark, in the order of the table. */
export const BENCHMARKS: readonly Benchmark[] = [
  ...ENGINE_BENCHMARKS,
  ...IMPORT_BENCHMARKS,
  ...PIPELINE_BENCHMARKS,
  ...TIMELINE_BENCHMARKS,
  ...SEARCH_BENCHMARKS,
];

/** A row of the table. */
export interface Row {
  readonly name: string;
  readonly unit: Benchmark["unit"];
  /** Units a second, or seconds. */
  readonly median: number;
  readonly baseline: string;
  /** The median by the baseline's: of rates more is better, of seconds less. */
  readonly ratio: number;
  readonly slowest: number;
  readonly fastest: number;
  readonly baselineMedian: number;
  readonly baselineSlowest: number;
  readonly baselineFastest: number;
  /** The same by CPU time, which other programs cannot take away; of a process of its own user time. */
  readonly cpuMedian: number;
  readonly cpuRatio: number;
  /** The most memory of a run, where both sides are processes of their own. */
  readonly memoryMb?: number;
  readonly baselineMemoryMb?: number;
  readonly memoryRatio?: number;
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

/** A benchmark that was not measured, and why. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/**
 * Runs benchmarks one after the other, without those for which this machine lacks something; ends early
 * when the watch says so, or the signal.
 */
export async function* rowsOf(
  benchmarks: readonly Benchmark[],
  size: BenchSize,
  surroundings: Surroundings,
  watchOf: (benchmark: Benchmark) => Watch,
): AsyncGenerator<Row | LeftOut> {
  const inputs = createInputs(size, surroundings);
  try {
    for (const benchmark of benchmarks) {
      const why = await benchmark.lacks?.(inputs);
      if (why !== undefined) {
        yield { name: benchmark.name, why };
        continue;
      }
      const measured = await measure(benchmark, inputs, watchOf(benchmark));
      if (measured === undefined) return;
      yield rowOf(benchmark, measured);
    }
  } catch (error) {
    if (!surroundings.signal.aborted) throw error;
  } finally {
    await inputs.discard();
  }
}

function rowOf(
  { name, unit, baseline: against }: Benchmark,
  { own, baseline, runs, amount, cpuShare }: Measured,
): Row {
  const figure = unit === "s" ? threeDigits : Math.round;
  return {
    name,
    unit,
    median: figure(own.median),
    baseline: against,
    ratio: threeDigits(own.median / baseline.median),
    slowest: figure(own.slowest),
    fastest: figure(own.fastest),
    baselineMedian: figure(baseline.median),
    baselineSlowest: figure(baseline.slowest),
    baselineFastest: figure(baseline.fastest),
    cpuMedian: figure(own.cpuMedian),
    cpuRatio: threeDigits(own.cpuMedian / baseline.cpuMedian),
    ...memoryOf(own, baseline),
    cpuShare: Number(cpuShare.toFixed(2)),
    runs,
    amount,
    work: own.work,
    baselineWork: baseline.work,
  };
}

function memoryOf(
  { memoryMb: own }: Figures,
  { memoryMb: baseline }: Figures,
): Pick<Row, "memoryMb" | "baselineMemoryMb" | "memoryRatio"> {
  if (own === undefined || baseline === undefined) return {};
  return {
    memoryMb: Math.round(own),
    baselineMemoryMb: Math.round(baseline),
    memoryRatio: threeDigits(own / baseline),
  };
}

const threeDigits = (value: number): number => Number(value.toPrecision(3));
