/**
 * Mutants: one named change each, a scenario and a schedule under which exactly that change shows.
 */
import type { DriverBug, Scenario, State } from "@mmreplay/core";
import { assert, type EventBody, SimError } from "@mmreplay/events";
import { type RuleWatch, watchRules } from "./rule-watch.ts";
import { type Mutation, type Run, startRun } from "./run.ts";
import { finish, follow } from "./schedule.ts";

/** A mutant, and the rule that must catch it. */
export interface Mutant {
  readonly id: string;
  readonly rule: string;
  /** What is changed. */
  readonly changes: string;
  /** Its id in protocol.md part 8, its commit, or the clause of the rule. */
  readonly source: string;
  readonly scenario: Scenario;
  readonly schedule: string;
  /** The change, made anew for each run because it may remember. */
  readonly mutation?: () => Mutation;
  /** The change, where it is a bug that the mirror driver can be given. */
  readonly bug?: DriverBug;
}

/** How a run went. */
export interface Played {
  readonly run: Run;
  readonly rules: RuleWatch;
  /** The mutation led to an event that cannot happen, and the run ended there. */
  readonly stopped: SimError | undefined;
}

/** Plays a mutant's scenario under its schedule, with or without the change. */
export function play(mutant: Mutant, changed: boolean): Played {
  const rules = watchRules();
  const { scenario, bug } = mutant;
  const driver = { ...scenario.driver, ...(changed && bug !== undefined ? { bug } : {}) };
  const mutation = changed ? mutant.mutation?.() : undefined;
  const options = { watch: rules, ...(mutation === undefined ? {} : { mutation }) };
  const run = startRun({ ...scenario, driver }, options);
  let stopped: SimError | undefined;
  try {
    follow(run, mutant.schedule);
    finish(run);
  } catch (error) {
    if (!(error instanceof SimError)) throw error;
    stopped = error;
  }
  rules.end(run.state);
  return { run, rules, stopped };
}

/** Nothing happens in place of an event; the program goes on as it would have. */
export function nothing(instead: EventBody, then?: string): EventBody {
  const label = then ?? instead.goto;
  const goto = label === undefined ? {} : { goto: label };
  return { type: "task_skip", task: instead.task, of: instead.type, why: "mutant", ...goto };
}

/** The event without its step in the program: for events that a mutant adds. */
export function aside<T extends EventBody>(body: T): T {
  const { goto: _, ...rest } = body;
  return rest as T;
}

/** The subscriptions of the scenario's mm. */
export function subsOf(state: State) {
  const subs = state.mms[0]?.subs ?? null;
  assert(subs !== null, "the mutant's mm has subscriptions");
  return subs;
}
