/**
 * A schedule carried out: each choice must be one that can be made.
 */
import { blockedOn, labelOf, type ModelChange, type NamedScenario } from "@mmreplay/core";
import { SimError, taskId } from "@mmreplay/events";
import { mutantNamed } from "./named.ts";
import { ILLEGAL_EVENT } from "./readiness.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { type Choice, decodeSchedule } from "./schedule.ts";

/** A run that followed a schedule. */
export interface ScheduledRun {
  readonly run: ScenarioRun;
  /** Events of the set-up, which come before the first choice. */
  readonly setUp: number;
  readonly choices: readonly Choice[];
  /** The index of each choice's first event. */
  readonly steps: readonly number[];
  readonly mutant: string | undefined;
}

/**
 * Runs a schedule of this scenario; `change` is the model's where it is none of the zoo's mutants.
 *
 * @throws SimError `E_SCHEDULE` when it is one of another scenario, or a task cannot do what it says.
 */
export function runSchedule(
  named: NamedScenario,
  text: string,
  change?: ModelChange,
): ScheduledRun {
  const { scenario, mutant, choices } = decodeSchedule(text);
  if (scenario !== named.name) {
    throw refused(`a schedule of ${JSON.stringify(scenario)}`, `one of ${named.name}`);
  }
  const run = new ScenarioRun(named, changeNamed(mutant, change));
  const setUp = run.events.length;
  const steps: number[] = [];
  for (const [at, choice] of choices.entries()) {
    if (!run.canMove(choice)) {
      throw refused(`at step ${at + 1} ${obstacle(run, choice)}`, "a task that can move");
    }
    steps.push(run.events.length);
    run.step(choice);
  }
  return { run, setUp, choices, steps, mutant };
}

/** The change of a schedule: the one that was given, or a mutant. */
function changeNamed(
  id: string | undefined,
  change: ModelChange | undefined,
): ModelChange | undefined {
  if (change === undefined) return id === undefined ? undefined : mutantNamed(id);
  if (id === change.id) return change;
  throw refused(
    `a schedule of ${id === undefined ? "the model" : `"${id}"`}`,
    `one of ${change.id}`,
  );
}

function obstacle(run: ScenarioRun, { task, branch }: Choice): string {
  const { state, scenario, model } = run;
  const id = taskId(task);
  const failure = run.failure();
  if (failure?.rule === ILLEGAL_EVENT) return `the end of the run (${failure.message})`;
  if (task >= scenario.programs.length) return `task ${task}, which is not there`;
  const label = labelOf(state, scenario, id);
  if (label === undefined) return `task ${task}, which has ended`;
  const blocked = blockedOn(state, scenario, id, branch, model.labels);
  if (blocked !== null) return `task ${task}, which waits (${blocked.why})`;
  return `a refusal by task ${task}, which cannot refuse at ${label}`;
}

function refused(found: string, expected: string): SimError {
  return new SimError({
    code: "E_SCHEDULE",
    found,
    expected,
    action: "Paste the line that explore or zoo has printed, with its scenario.",
  });
}
