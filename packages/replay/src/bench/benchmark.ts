/**
 * What a benchmark is: some work of the product and a named baseline that does comparable work.
 *
 * A rate alone says as much about the machine as about the program; beside a baseline that ran in the
 * same minute it says something. Each side tells afterwards what it did, so that work which was not
 * done cannot look fast.
 */
import type { Inputs } from "./inputs.ts";

/** Says what a run in this process has done; called when the clock has stopped. */
export type Told = () => string;

/** What a process of its own has used. */
export interface Usage {
  /** Milliseconds of user CPU time. */
  readonly userMs: number;
  /** The largest resident set. */
  readonly memoryMb: number;
}

/** A run that was a process of its own. */
export interface ChildRun {
  readonly work: string;
  readonly usage: Usage;
}

/** One run of one side. */
export type Side = () => Told | Promise<Told | ChildRun>;

/** Both sides, ready to run as often as wanted. */
export interface Contest {
  /** Units of work in one run. */
  readonly amount: number;
  /** Of the baseline, where that would take too long for as many. */
  readonly baselineAmount?: number;
  readonly own: Side;
  readonly baseline: Side;
}

/** What a row counts: rates, of which more is better, or seconds for one piece of work. */
export type Unit =
  | "events/s"
  | "lines/s"
  | "states/s"
  | "schedules/s"
  | "seeks/s"
  | "steps/s"
  | "s";

/** One line of the table. */
export interface Benchmark {
  readonly name: string;
  readonly unit: Unit;
  /** What the baseline is, in a few words. */
  readonly baseline: string;
  /** Takes minutes: measured only when it is named, and then once, without a run that does not count. */
  readonly long?: boolean;
  /** What this machine lacks for it, and how to get that; undefined: nothing. */
  readonly lacks?: (inputs: Inputs) => Promise<string | undefined>;
  /** Prepares the input; not measured. */
  readonly setUp: (inputs: Inputs) => Contest | Promise<Contest>;
}
