/**
 * Schedules: who moves next.
 *
 * A fixed schedule is a text of moves, `0* 1@fault_lock 2:3 1*`. A move names a task and how far it
 * goes: one step; `:3` three steps; `*` until it has to wait or is over; `@label` until it stands
 * there (or has to wait or is over); `!` one step in which the driver refuses.
 */
import type { Branch } from "@mmreplay/core";
import { type TaskId, taskId } from "@mmreplay/events";
import { type Choices, chance, pick } from "./random.ts";
import { type Run, standsAt } from "./run.ts";

const MOVE = /^(\d+)(?:(\*)|:(\d+)|@(\w+)|(!))?$/;

/** A bound for runs that a mutant keeps from ending. */
const STEPS_MAX = 5_000;

/** Follows a fixed schedule. */
export function follow(run: Run, schedule: string): void {
  for (const text of schedule.trim().split(/\s+/)) {
    const [, task, star, times, label, refuses] = MOVE.exec(text) ?? [];
    if (task === undefined) throw new Error(`"${text}" is not a move of a schedule`);
    const who = taskId(Number(task));
    if (refuses !== undefined) run.step(who, "refuse");
    else if (star !== undefined) goOn(run, who, STEPS_MAX);
    else if (label !== undefined) goOn(run, who, STEPS_MAX, label);
    else goOn(run, who, Number(times ?? 1));
  }
}

function goOn(run: Run, task: TaskId, times: number, label?: string): void {
  for (let step = 0; step < times && run.canMove(task); step++) {
    if (label !== undefined && standsAt(run, task) === label) return;
    run.step(task);
  }
}

/** Runs to the end, the lowest task first; what cannot end stays where it is. */
export function finish(run: Run): void {
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = run.enabled()[0];
    if (next === undefined) return;
    run.step(next);
  }
}

/** Runs to the end with every choice made by `choices`; `afterStep` is called after each step. */
export function runFreely(run: Run, choices: Choices, afterStep: () => void = () => {}): void {
  if (runSteps(run, choices, STEPS_MAX, afterStep)) return;
  throw new Error(`the run has not ended after ${STEPS_MAX} steps`);
}

/** So many steps at most, with every choice made by `choices`; whether the run has ended. */
export function runSteps(
  run: Run,
  choices: Choices,
  most: number,
  afterStep: () => void = () => {},
): boolean {
  for (let step = 0; step < most; step++) {
    const enabled = run.enabled();
    if (enabled.length === 0) return true;
    const task = pick(choices, enabled);
    run.step(task, branchOf(run, task, choices));
    afterStep();
  }
  return false;
}

/**
 * Only slot 1, in a non-blockable region, may refuse a plain start; beside an interval part that
 * would be the kernel's own gap (K-Z28), so it does not.
 */
function branchOf(run: Run, task: TaskId, choices: Choices): Branch {
  const { state } = run;
  const me = state.tasks[task];
  if (me === undefined || standsAt(run, task) !== "mn_start_cb" || me.walk?.cursor !== 1) {
    return "default";
  }
  const mm = state.mms[0];
  const region = me.region === null ? undefined : mm?.regions[me.region];
  if (region === undefined || region.blockable || mm?.subs?.hasItree) return "default";
  return chance(choices, 1, 2) ? "refuse" : "default";
}
