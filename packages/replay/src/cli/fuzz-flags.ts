/**
 * The options of `fuzz`, and which of them go together.
 */
import type { FuzzPath } from "../fuzz/met-again.ts";
import type { ReporterName } from "../report/check/reporters.ts";
import type { Shard } from "./explore-flags.ts";
import { UsageError } from "./failure.ts";

/** The options, as commander gives them; absent: not given. */
export interface FuzzFlags {
  readonly scenario?: string;
  readonly mutant?: string;
  readonly rules?: readonly string[];
  readonly runs?: number;
  readonly seconds?: number;
  readonly seed?: number;
  readonly path?: FuzzPath;
  readonly workers?: number;
  readonly shard?: Shard;
  readonly corpus?: string;
  readonly resume?: boolean;
  readonly maxSteps?: number;
  readonly maxStates?: number;
  readonly reporter: ReporterName;
  readonly timing?: boolean;
  readonly json?: boolean;
}

/** Schedules where neither a number nor a time is given. */
export const RUNS_USUAL = 20_000;

/** A path says which schedules there are. */
const NOT_WITH_PATH: readonly (keyof FuzzFlags)[] = ["runs", "seconds", "shard", "resume"];

/**
 * Refuses options that contradict each other.
 *
 * @throws UsageError with the options.
 */
export function refuseContradictions(flags: FuzzFlags): void {
  const { path, resume, corpus, json, reporter } = flags;
  if (resume === true && corpus === undefined) {
    throw new UsageError("--resume goes on where --corpus FOLDER says: name the folder, too");
  }
  const beside = NOT_WITH_PATH.find((flag) => path !== undefined && flags[flag] !== undefined);
  if (beside !== undefined) throw new UsageError(`--path and --${beside} do not go together`);
  if (flags.rules?.length === 0) throw new UsageError("--rules names no rule");
  if (json === true && reporter !== "text") {
    throw new UsageError("--json and --reporter do not go together");
  }
}
