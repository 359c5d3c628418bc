/**
 * Schedules as one would draw them with fast-check alone: its own scheduler, a task of the scenario as an
 * async function that waits before each step for its turn.
 *
 * That scheduler knows no blocked task: a task that cannot move takes its turn and asks again. A run is made
 * by the simulator, or, where only the two ways to schedule are compared, over the steps that our search
 * remembers.
 */
import { isDone } from "@mmreplay/core";
import { taskId } from "@mmreplay/events";
import fc from "fast-check";
import { scenarioNamed } from "../../explore/named.ts";
import { spaceOf } from "../../explore/prepare.ts";
import { ScenarioRun } from "../../explore/scenario-run.ts";
import { MOVES, WAITS } from "../../explore/space.ts";

/** What was drawn. */
export interface ScheduledWork {
  readonly schedules: number;
  readonly steps: number;
}

/** Whether a task is at its end, once it has had a turn. */
type Turn = () => "ended" | "moved" | "waits";

/** Draws schedules of a scenario; each step is run by the simulator. */
export function scheduleSimulator(
  scenario: string,
  schedules: number,
  seed: number,
): Promise<ScheduledWork> {
  const named = scenarioNamed(scenario);
  return scheduled(schedules, seed, () => {
    const run = new ScenarioRun(named);
    const tasks = [...run.scenario.programs.keys()].slice(1);
    return tasks.map(
      (task): Turn =>
        () => {
          const choice = { task, branch: "default" } as const;
          if (isDone(run.state, run.scenario, taskId(task))) return "ended";
          if (!run.canMove(choice)) return "waits";
          run.step(choice);
          return "moved";
        },
    );
  });
}

/** Draws schedules of a scenario over the steps that a search remembers. */
export function scheduleSpace(
  scenario: string,
  schedules: number,
  seed: number,
): Promise<ScheduledWork> {
  const space = spaceOf({ named: scenarioNamed(scenario) }, { drawn: true });
  let [row, next] = [space.initial.slice(), space.initial.slice()];
  return scheduled(schedules, seed, () => {
    row.set(space.initial);
    return space.moves.map(
      (_, move): Turn =>
        () => {
          const tried = space.step(row, move, next);
          if (tried !== MOVES) return tried === WAITS ? "waits" : "ended";
          [row, next] = [next, row];
          return "moved";
        },
    );
  });
}

async function scheduled(
  schedules: number,
  seed: number,
  begin: () => readonly Turn[],
): Promise<ScheduledWork> {
  let steps = 0;
  const act = async (scheduler: fc.Scheduler, turn: Turn): Promise<void> => {
    for (;;) {
      await scheduler.schedule(Promise.resolve());
      const became = turn();
      if (became === "ended") return;
      if (became === "moved") steps += 1;
    }
  };
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const tasks = begin().map((turn) => act(scheduler, turn));
    await scheduler.waitIdle();
    await Promise.all(tasks);
  });
  await fc.assert(property, { numRuns: schedules, seed });
  return { schedules, steps };
}
