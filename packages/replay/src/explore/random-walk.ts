/**
 * A run whose choices come from a seed: at each step one of the tasks that can move, all alike, and then
 * one of its branches.
 */
import { createGenerator } from "./generator.ts";
import type { ScenarioRun } from "./scenario-run.ts";
import type { Choice } from "./schedule.ts";

/** A bound for runs that a mutant keeps from ending. */
const WALK_STEPS_MAX = 10_000;

/** Runs to the end, or until nobody can move; the choices that were made. */
export function walkAtRandom(run: ScenarioRun, seed: number): Choice[] {
  const random = createGenerator(seed, 0);
  const made: Choice[] = [];
  while (made.length < WALK_STEPS_MAX) {
    const open = run.choices();
    if (open.length === 0) return made;
    const tasks = [...new Set(open.map(({ task }) => task))];
    const task = tasks[random.below(tasks.length)];
    const branches = open.filter((choice) => choice.task === task);
    const branch = branches.length === 1 ? 0 : random.below(branches.length);
    const choice = branches[branch] as Choice;
    run.step(choice);
    made.push(choice);
  }
  return made;
}
