/**
 * The few steps of a failing run whose order matters.
 *
 * Two neighbouring steps of different tasks are exchanged and the run is made again. If it cannot be
 * made, or no longer fails in the same way, their order is part of the failure.
 */
import type { ModelChange, NamedScenario } from "@mmreplay/core";
import { ScenarioRun } from "./scenario-run.ts";
import type { Choice } from "./schedule.ts";

/** Indexes of steps that cannot change places with the one after them. */
export function stepsInOrder(
  named: NamedScenario,
  mutant: ModelChange | undefined,
  choices: readonly Choice[],
  rule: string,
): number[] {
  const indexes: number[] = [];
  for (let i = 0; i + 1 < choices.length; i++) {
    const [one, other] = [choices[i] as Choice, choices[i + 1] as Choice];
    if (one.task === other.task) continue;
    const swapped = [...choices.slice(0, i), other, one, ...choices.slice(i + 2)];
    if (!fails(new ScenarioRun(named, mutant), swapped, rule)) indexes.push(i);
  }
  return indexes;
}

/** Whether a run can be made and fails as expected where it ends. */
function fails(run: ScenarioRun, choices: readonly Choice[], rule: string): boolean {
  for (const choice of choices) {
    if (run.findings.length > 0 || !run.canMove(choice)) return false;
    run.step(choice);
  }
  return run.failure()?.rule === rule;
}
