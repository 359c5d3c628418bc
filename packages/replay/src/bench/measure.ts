/**
 * Measuring two sides in turn.
 *
 * Each side runs once unmeasured, then the sides take turns (own, baseline, own, baseline, ...), so that
 * a machine that is busy for a while hits both. A median is not moved by one run in which a collection
 * or another program came in between.
 *
 * What runs as a process of its own tells its CPU time itself: this process only waits for it.
 */
import { assert } from "@mmreplay/events";
import type { Benchmark, Contest, Side, Unit } from "./benchmark.ts";
import type { Inputs } from "./inputs.ts";

/** Figures of one side: units a second, or seconds where that is the unit. */
export interface Figures {
  readonly median: number;
  /** By CPU time: what other programs take away is not in it. */
  readonly cpuMedian: number;
  readonly slowest: number;
  readonly fastest: number;
  /** The most memory that a run had which was a process of its own. */
  readonly memoryMb?: number;
  /** What one run did, as it tells itself. */
  readonly work: string;
}

/** What was measured of one benchmark. */
export interface Measured {
  readonly own: Figures;
  readonly baseline: Figures;
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
  readonly amount: number;
  readonly wallMs: number[];
  readonly cpuMs: number[];
  readonly memoryMb: number[];
  work?: string;
}

/** Measures one benchmark; undefined when the watch has ended it. */
export async function measure(
  benchmark: Benchmark,
  inputs: Inputs,
  watch: Watch,
): Promise<Measured | undefined> {
  const { long = false } = benchmark;
  const runs = long ? inputs.size.longRuns : inputs.size.runs;
  if (!(await watch.before(0))) return undefined;
  const contest = await benchmark.setUp(inputs);
  const [own, baseline] = samplesOf(contest);
  // The first run of each does not count; a process of minutes begins alike each time.
  for (let run = long ? 1 : 0; run <= runs; run++) {
    for (const samples of [own, baseline]) {
      if (!(await watch.before(run))) return undefined;
      await runOnce(samples, watch, run > 0);
    }
  }
  const sum = (of: "wallMs" | "cpuMs"): number =>
    [...own[of], ...baseline[of]].reduce((total, ms) => total + ms, 0);
  return {
    own: figuresOf(own, benchmark.unit),
    baseline: figuresOf(baseline, benchmark.unit),
    amount: contest.amount,
    runs,
    cpuShare: sum("cpuMs") / sum("wallMs"),
  };
}

function samplesOf({
  amount,
  baselineAmount = amount,
  own,
  baseline,
}: Contest): [Samples, Samples] {
  const samples = (side: Side, units: number): Samples => {
    return { side, amount: units, wallMs: [], cpuMs: [], memoryMb: [] };
  };
  return [samples(own, amount), samples(baseline, baselineAmount)];
}

async function runOnce(samples: Samples, watch: Watch, counts: boolean): Promise<void> {
  const cpuFrom = watch.cpu();
  const from = watch.now();
  const ended = await samples.side();
  const wallMs = watch.now() - from;
  const cpuMs = watch.cpu() - cpuFrom;
  const { work, usage } = typeof ended === "function" ? { work: ended(), usage: undefined } : ended;
  samples.work ??= work;
  assert(work === samples.work, "each run does the same work");
  if (!counts) return;
  samples.wallMs.push(wallMs);
  samples.cpuMs.push(Math.max(usage?.userMs ?? cpuMs, CPU_LEAST_MS));
  if (usage !== undefined) samples.memoryMb.push(usage.memoryMb);
}

function figuresOf(samples: Samples, unit: Unit): Figures {
  const { amount, wallMs, cpuMs, memoryMb, work = "" } = samples;
  const figure = (ms: number): number => (unit === "s" ? ms / 1000 : (amount * 1000) / ms);
  return {
    median: medianOf(wallMs.map(figure)),
    cpuMedian: medianOf(cpuMs.map(figure)),
    slowest: figure(Math.max(...wallMs)),
    fastest: figure(Math.min(...wallMs)),
    ...(memoryMb.length === 0 ? {} : { memoryMb: Math.max(...memoryMb) }),
    work,
  };
}

function medianOf(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? 0) : upper;
  return (lower + upper) / 2;
}
