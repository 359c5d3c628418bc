/**
 * A schedule as the table of what its tasks do, with what fails at its end.
 */
import type { NamedScenario } from "@mmreplay/core";
import { runTable } from "../report/table/run-table.ts";
import { runSchedule } from "./run-schedule.ts";
import type { StepFinding } from "./step-memory.ts";

/** How the lines are made. */
export interface TableOptions {
  readonly width?: number;
  /** What fails; absent: what the run itself shows. */
  readonly fails?: StepFinding;
}

/** The lines of the table. */
export function tableOfSchedule(
  named: NamedScenario,
  text: string,
  { width, fails }: TableOptions = {},
): string[] {
  const { run, setUp } = runSchedule(named, text);
  const [finding] = run.findings;
  const failure = fails ?? run.failure() ?? { rule: "none", message: "Nothing fails in this run." };
  return runTable(
    {
      events: run.events.slice(setUp),
      rule: failure.rule,
      message: failure.message,
      at: finding?.index ?? run.events.length - 1,
      heads: Object.fromEntries(named.tasks.map((name, index) => [index + 1, name])),
    },
    width,
  );
}
