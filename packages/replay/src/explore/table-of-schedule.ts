/**
 * A schedule as the table of what its tasks do, with what fails at its end.
 */
import type { Operation } from "@mmreplay/core";
import { runTable } from "../report/table/run-table.ts";
import { mutantNamed, scenarioNamed } from "./named.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { decodeSchedule } from "./schedule.ts";
import type { StepFinding } from "./step-memory.ts";

/** The lines of the table; what fails is what the run itself shows, unless it is given. */
export function tableOfSchedule(text: string, width?: number, fails?: StepFinding): string[] {
  const { scenario, mutant, choices } = decodeSchedule(text);
  const run = new ScenarioRun(
    scenarioNamed(scenario),
    mutant === undefined ? undefined : mutantNamed(mutant),
  );
  const setUp = run.events.length;
  for (const choice of choices) run.step(choice);
  const [finding] = run.findings;
  const failure = fails ?? run.failure() ?? { rule: "none", message: "Nothing fails in this run." };
  return runTable(
    {
      events: run.events.slice(setUp),
      rule: failure.rule,
      message: failure.message,
      at: finding?.index ?? run.events.length - 1,
      heads: Object.fromEntries(
        run.scenario.programs.map((program, task) => [task, `task${task} (${roleOf(program)})`]),
      ),
    },
    width,
  );
}

/** What a program is for, in a word or two. */
function roleOf(program: readonly Operation[]): string {
  const [first] = program;
  if (first?.op === "inv_start") return first.event;
  if (first?.op === "fault") return "device fault";
  return first?.op ?? "idle";
}
