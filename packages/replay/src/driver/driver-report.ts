/**
 * What a driver was found to be, rule by rule.
 *
 * A report is plain data. A rule is violated where some run breaks it, undecided where a bound cut the search or
 * the schedules of some scenario (or another failure hid it). It is held where neither is so: in every state of the
 * scenarios that were searched whole, and in those of the large ones that drawn schedules came to.
 */

/** A run that breaks a rule. */
export interface DriverFinding {
  readonly rule: string;
  readonly message: string;
  /** The scenario, and what it is. */
  readonly scenario: string;
  readonly title: string;
  /** Steps, the failing one included. */
  readonly length: number;
  /** No shorter run of the scenario breaks this rule. */
  readonly certified: boolean;
  /** What `replayDriver` takes. */
  readonly schedule: string;
  /** The run as a table, a column for each task. */
  readonly table: readonly string[];
  /** The pairs of steps whose order matters. */
  readonly order: readonly string[];
  /** Which of the drawn schedules met it first; absent: a search did. */
  readonly drawn?: number;
}

/** What became of one rule. */
export interface DriverRule {
  readonly rule: string;
  readonly statement: string;
  readonly outcome: "held" | "violated" | "undecided";
  /** States in which it was asked. */
  readonly states: number;
  /** Scenarios whose every state was visited, and it held. */
  readonly held: number;
  /** Large scenarios of which schedules were drawn: all ended, and states that none came to were not asked. */
  readonly drawn: number;
  /** Why scenarios could not decide it. */
  readonly undecided: readonly string[];
  /** A shortest run that breaks it. */
  readonly finding?: DriverFinding;
}

/** What became of a driver. */
export interface DriverReport {
  readonly driver: string;
  /** No rule is violated, and none undecided. */
  readonly ok: boolean;
  /** Violated ones first, the shortest run first; then undecided ones. */
  readonly rules: readonly DriverRule[];
  /** Scenarios that were searched, those of them that were searched whole, and their states. */
  readonly searched: number;
  readonly whole: number;
  readonly states: number;
  /** Scenarios of which schedules were drawn, the schedules and their steps. */
  readonly large: number;
  readonly schedules: number;
  readonly steps: number;
  /**
   * Schedules that `maxSteps` has cut. Where all tasks had their turns this leaves rules undecided; priorities may
   * let one task try for ever what another is to make possible.
   */
  readonly cutSchedules: number;
  readonly seed: number;
  /** It stopped at the first scenario that fails, or that a bound has cut. */
  readonly stopped: boolean;
}

/** Failures that no rule has to be asked for. */
export const ALWAYS_ASKED: Readonly<Record<string, string>> = {
  deadlock: "Somebody can go on until all have ended.",
  "lost-wake-up": "Whoever sleeps is woken when what it waits for has come.",
  "no-progress": "No run goes round for ever.",
  "illegal-event": "The driver does nothing that the protocol does not have.",
};
