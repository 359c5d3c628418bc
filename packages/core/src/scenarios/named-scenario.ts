/**
 * A scenario with a name: programs, the granularity of their steps, and the rules that must hold.
 */
import type { Rule } from "../rules/rule.ts";
import type { Scenario } from "../tasks/operation.ts";
import type { SchedulingPoints } from "../tasks/runner.ts";

/** What the model of Linux 6.1 itself does wrong in a scenario. */
export interface Shown {
  readonly rule: string;
  /** What is claimed, and what is not. */
  readonly claim: string;
}

/** What a scenario calls its notifiers and regions, by their ids. */
export interface ScenarioNames {
  readonly notifiers: readonly string[];
  readonly regions: readonly string[];
}

/** A named scenario. */
export interface NamedScenario {
  readonly name: string;
  /** What it asks, in one sentence. */
  readonly title: string;
  /** Preset, table or mail that it comes from. */
  readonly source: string;
  /** Names of the tasks from task 1 on; task 0 sets up. */
  readonly tasks: readonly string[];
  readonly names: ScenarioNames;
  readonly scenario: Scenario;
  readonly points: SchedulingPoints;
  /** Rules that are asked after every event; none has a memory that outlives a step. */
  readonly rules: readonly Rule[];
  /** Sequence numbers count modulo this; absent: they never wrap. */
  readonly seqModulus?: number;
  /** The tasks share a CPU, and whoever does not sleep keeps it; absent: each gets its turn some time. */
  readonly oneCpu?: true;
  /** The choices of one run that the source tells step by step. */
  readonly told?: string;
  /** The unchanged model breaks this rule here; absent: it breaks none. */
  readonly shows?: Shown;
}
