/**
 * A finding of a driver's check, made again: its journal, and its table.
 *
 * A driver changes no recipe, so its journal replays on the model as it is, in every command that takes one.
 */
import { changeOfDriver, type Driver } from "@mmreplay/core";
import { stateHash } from "@mmreplay/events";
import { writeJournal } from "../explore/journal-of-run.ts";
import { runSchedule } from "../explore/run-schedule.ts";
import { decodeSchedule } from "../explore/schedule.ts";
import { tableOfSchedule } from "../explore/table-of-schedule.ts";
import { scenarioOfDriver } from "./check-driver.ts";

/** A schedule, carried out. */
export interface DriverReplay {
  readonly scenario: string;
  /** What is broken at its end, the first first; empty: nothing. */
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
  /** JSON Lines: the header and the events. */
  readonly journal: string;
  /** The hash of the state at its end, which the journal replays to. */
  readonly hash: string;
  /** A column for each task. */
  readonly table: readonly string[];
}

/**
 * Runs a schedule that a report names.
 *
 * @throws SimError `E_SCHEDULE` when it is none of this driver, `E_SCENARIO` when its scenario is not known.
 * @example
 * ```ts
 * const deaf = defineDriver({
 *   name: "deaf",
 *   faultPath: { start: { do: "return", result: "failed" } },
 *   invalidate: { start: { do: "return", result: true } },
 * });
 * const { findings } = replayDriver(deaf, "v1:driver/clear+deaf:2");
 * findings[0]?.rule; // "K-I12"
 * ```
 */
export function replayDriver(driver: Driver, schedule: string): DriverReplay {
  const { scenario } = decodeSchedule(schedule);
  const { named } = scenarioOfDriver(scenario);
  const change = changeOfDriver(driver);
  const { run } = runSchedule(named, schedule, change);
  const lines: string[] = [];
  writeJournal(run, { scenario, mutant: undefined }, (line) => void lines.push(line));
  return {
    scenario,
    findings: run.outcome().map(({ rule, message }) => ({ rule, message })),
    journal: lines.join(""),
    hash: stateHash(run.state),
    table: tableOfSchedule(named, schedule, { change }),
  };
}
