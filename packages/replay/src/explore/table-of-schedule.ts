/**
 * A schedule as the table of what its tasks do, with what fails at its end.
 */
import type { ModelChange, NamedScenario } from "@mmreplay/core";
import type { TaskId } from "@mmreplay/events";
import { runTable } from "../report/table/run-table.ts";
import { framed, type TableFrame } from "../report/table/table.ts";
import { wordsOf } from "../report/table/vocabulary.ts";
import { effectsOf } from "./effects.ts";
import { ILLEGAL_EVENT } from "./readiness.ts";
import { runSchedule, type ScheduledRun } from "./run-schedule.ts";
import type { StepFinding } from "./step-memory.ts";

/** How the lines are made. */
export interface TableOptions {
  readonly width?: number;
  /** Plain when absent. */
  readonly frame?: TableFrame;
  /** What fails; absent: what the run itself shows. */
  readonly fails?: StepFinding;
  /** Of a run that goes round for ever: the steps before the loop. */
  readonly stem?: number;
  /** The change to the model, where it is none of the zoo's. */
  readonly change?: ModelChange;
}

/** A run in which no rule is broken. */
const NOTHING: StepFinding = { rule: "", message: "No rule is broken in this run." };

/** The lines of the table. */
export function tableOfSchedule(
  named: NamedScenario,
  text: string,
  { width, frame = "plain", fails, stem, change }: TableOptions = {},
): string[] {
  const ran = runSchedule(named, text, change);
  const { run, setUp } = ran;
  const failure = fails ?? run.failure() ?? NOTHING;
  const taskName = namesOf(named);
  const input = {
    ...effectsOf(run, setUp, named.names, taskName),
    ...failure,
    events: run.events.slice(setUp),
    marks: marksOf(ran, failure, stem),
    taskName,
  };
  return framed((inner) => runTable(input, inner), frame, width);
}

/** The pairs of steps whose order matters, in the words of the table. */
export function orderOfSchedule(
  named: NamedScenario,
  text: string,
  order: readonly number[],
  change?: ModelChange,
): string[] {
  const ran = runSchedule(named, text, change);
  const taskName = namesOf(named);
  const { instead } = effectsOf(ran.run, ran.setUp, named.names, taskName);
  const step = (at: number): string => {
    const events = eventsOfStep(ran, at);
    const [first] = events.filter((event) => !wordsOf(event, null).quiet);
    const event = first ?? events[0];
    if (event === undefined) return `step ${at + 1}`;
    return `${taskName(event.task)}: ${instead.get(event.index) ?? wordsOf(event, null).text}`;
  };
  return order.map((at) => `${step(at)}, then ${step(at + 1)}`);
}

function namesOf({ tasks }: NamedScenario): (task: TaskId) => string {
  return (task) => tasks[task - 1] ?? `task${task}`;
}

function eventsOfStep({ run, steps }: ScheduledRun, at: number) {
  return run.events.slice(steps[at], steps[at + 1]);
}

/** Where the arrows point: at what broke the rule, at those who wait for ever, at both ends of a loop. */
function marksOf(
  ran: ScheduledRun,
  { rule }: StepFinding,
  stem: number | undefined,
): ReadonlyMap<number, string> {
  const { run } = ran;
  const last = run.events.length - 1;
  if (stem !== undefined) {
    const [first] = eventsOfStep(ran, stem);
    return new Map([
      [first?.index ?? last, "the loop begins"],
      [last, "and leads back to there"],
    ]);
  }
  const stuck = run.stuck();
  if (run.findings.length === 0 && stuck.length > 0) {
    const lasts = stuck.map((task) => run.events.findLastIndex((event) => event.task === task));
    const what = rule === ILLEGAL_EVENT ? "cannot go on" : "waits for ever";
    return new Map(lasts.map((at) => [at, what]));
  }
  return rule === "" ? new Map() : new Map([[run.findings[0]?.index ?? last, rule]]);
}
