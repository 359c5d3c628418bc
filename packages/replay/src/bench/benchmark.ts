/**
 * What a benchmark is: some work of the product and a named baseline that does comparable work.
 *
 * A rate alone says as much about the machine as about the program; beside a baseline that ran in the
 * same minute it says something. Each side tells afterwards what it did, so that work which was not
 * done cannot look fast.
 */
import type { Inputs } from "./inputs.ts";

/** Says what a run has done; called when the clock has stopped. */
export type Told = () => string;

/** One run of one side. */
export type Side = () => Told | Promise<Told>;

/** Both sides, ready to run as often as wanted. */
export interface Contest {
  /** Units of work in one run. */
  readonly amount: number;
  readonly own: Side;
  readonly baseline: Side;
}

/** One line of the table. */
export interface Benchmark {
  readonly name: string;
  readonly unit: "events/s" | "lines/s";
  /** What the baseline is, in a few words. */
  readonly baseline: string;
  /** Prepares the input; not measured. */
  readonly setUp: (inputs: Inputs) => Contest;
}
