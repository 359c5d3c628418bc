/**
 * A schedule as turns: numbers that say who moves next in whatever workload they are applied to.
 *
 * The tasks that can move are put in order: the one that moved last, then those after it, then the others; last
 * come the ways to refuse. A turn is a place in that order. So 0 is no context switch, and a list of turns means
 * something for every workload and every state of it.
 */
import type { Mutant } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { type RunFinding, ScenarioRun } from "../explore/scenario-run.ts";
import type { Choice } from "../explore/schedule.ts";
import { namedWorkload, type Workload } from "./workload.ts";

/** Turns; after the last one the same task goes on as long as it can. */
export type Turns = readonly number[];

/** A run of a workload under a schedule. */
export interface Journal {
  readonly workload: Workload;
  readonly turns: Turns;
  /** The steps, as explore prints them. */
  readonly choices: readonly Choice[];
  /** The set-up's, too. */
  readonly events: readonly MmEvent[];
  /** What the rules found. */
  readonly findings: readonly RunFinding[];
}

/** How a workload is run. */
export interface JournalOptions {
  /** A bug. */
  readonly mutant?: Mutant;
  /** Steps; a run that goes on for ever is cut there. Absent: 10,000. */
  readonly maxSteps?: number;
}

const STEPS_USUAL = 10_000;

/**
 * Runs a workload under a schedule, up to its end or to the first thing that a rule finds.
 *
 * @example
 * ```ts
 * journalOf(drawnWorkload(7, "2"), [0, 1, 1]).findings; // []
 * ```
 */
export function journalOf(
  workload: Workload,
  turns: Turns,
  { mutant, maxSteps = STEPS_USUAL }: JournalOptions = {},
): Journal {
  const run = new ScenarioRun(namedWorkload("journal", workload), mutant);
  const choices: Choice[] = [];
  let last = 0;
  while (choices.length < maxSteps && run.findings.length === 0) {
    const choice = chosen(run, last, turns[choices.length] ?? 0);
    if (choice === undefined) break;
    run.step(choice);
    choices.push(choice);
    last = choice.task;
  }
  const cut = choices.length === maxSteps;
  const findings = cut ? run.findings : run.outcome();
  return { workload, turns, choices, events: run.events, findings };
}

function chosen(run: ScenarioRun, last: number, turn: number): Choice | undefined {
  const same: Choice = { task: last, branch: "default" };
  if (turn === 0 && run.canMove(same)) return same;
  const order = run.choices().sort((a, b) => placeIn(run, last, a) - placeIn(run, last, b));
  return order[turn % order.length];
}

/** Tasks from the last one on, round; refusals after all of them. */
function placeIn({ scenario }: ScenarioRun, last: number, { task, branch }: Choice): number {
  const tasks = scenario.programs.length;
  return ((task - last + tasks) % tasks) + (branch === "refuse" ? tasks : 0);
}
