/**
 * A schedule as the table of what its tasks do, with what fails at its end.
 */
import type { NamedScenario } from "@mmreplay/core";
import { runTable } from "../report/table/run-table.ts";
import { runSchedule } from "./run-schedule.ts";

/** The lines of the table. */
export function tableOfSchedule(named: NamedScenario, text: string, width?: number): string[] {
  const { run, setUp } = runSchedule(named, text);
  const [finding] = run.outcome();
  const { rule = "none", message = "No rule is broken." } = finding ?? {};
  return runTable(
    {
      events: run.events.slice(setUp),
      rule,
      message,
      at: finding?.index ?? run.events.length - 1,
      heads: Object.fromEntries(named.tasks.map((name, index) => [index + 1, name])),
    },
    width,
  );
}
