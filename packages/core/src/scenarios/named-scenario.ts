/**
 * A scenario with a name: programs, the granularity of their steps, and the rules that must hold.
 */
import type { Rule } from "../rules/rule.ts";
import type { Scenario } from "../tasks/operation.ts";
import type { SchedulingPoints } from "../tasks/runner.ts";

/** A named scenario. */
export interface NamedScenario {
  readonly name: string;
  /** What it asks, in one sentence. */
  readonly title: string;
  /** Preset, table or mail that it comes from. */
  readonly source: string;
  readonly scenario: Scenario;
  readonly points: SchedulingPoints;
  /** Rules that are asked after every event; none has a memory that outlives a step. */
  readonly rules: readonly Rule[];
}
