/**
 * What is wrong with waiting: nobody can move although not all have ended, a wake-up got lost, or a task
 * sleeps where it may not.
 *
 * A sleeper whose condition is true would go on if it were woken; when the rest has come to an end
 * without waking it, the wake-up is lost (K-I33). Else the tasks wait for each other: a deadlock.
 */
import { type Blocked, blockedOn, isDone, type State } from "@mmreplay/core";
import { taskId } from "@mmreplay/events";
import type { Space } from "./space.ts";
import type { SpaceOptions, StepFinding } from "./step-memory.ts";

/** What is wrong with a state in which nobody can move. */
export function stuckFinding(space: Space, row: Int32Array): StepFinding {
  return space.memory.look(space.partsOf(row), findingOfStuck);
}

/** What is wrong with a state in which nobody can move. */
export function findingOfStuck(
  state: State,
  { scenario, model }: Pick<SpaceOptions, "scenario" | "model">,
): StepFinding {
  const stuck = scenario.programs.flatMap((_, task) => {
    const id = taskId(task);
    if (isDone(state, scenario, id)) return [];
    const blocked = blockedOn(state, scenario, id, "default", model.labels);
    return blocked === null ? [] : [{ task, blocked, lost: missedWakeUp(state, task) }];
  });
  const lost = stuck.filter((one) => one.lost);
  if (lost.length > 0) {
    return {
      rule: "lost-wake-up",
      message: `${names(lost)} for ever: the sequence has moved and nobody woke ${lost.length > 1 ? "them" : "it"}.`,
    };
  }
  return {
    rule: "deadlock",
    message: `No task can move: ${stuck.map((one) => `task${one.task} waits for ${WAITS_FOR[one.blocked.why]}`).join(", ")}.`,
  };
}

const names = (tasks: readonly { readonly task: number }[]): string =>
  `${tasks.map(({ task }) => `task${task}`).join(", ")} ${tasks.length > 1 ? "sleep" : "sleeps"}`;

const WAITS_FOR: Readonly<Record<Blocked["why"], string>> = {
  read_begin: "the sequence to move (read_begin)",
  remove: "the sequence to move (remove)",
  driver_lock: "the driver's lock",
  subs_lock: "the subscriptions' lock",
  drain: "faults in flight",
  mmap_lock: "mmap_lock",
  all_locks: "all locks of the mm",
  mm_users: "the mm's users",
  sections: "read sections",
  srcu: "SRCU readers",
};

function missedWakeUp(state: State, task: number): boolean {
  const sleep = state.tasks[task]?.sleep;
  if (sleep == null || sleep.woken) return false;
  const subs = state.mms[sleep.mm]?.subs;
  return subs != null && subs.seq !== sleep.seq;
}

/** A callback of a non-blockable region may not sleep (K-I22). */
export function sleepsInNonBlockable(state: State, task: number): StepFinding | undefined {
  const called = state.tasks[task]?.region;
  const region = called == null ? undefined : state.mms[0]?.regions[called];
  if (region === undefined || region.blockable || region.next === null) return undefined;
  return {
    rule: "K-I22",
    message: `A callback of notifier${region.next} sleeps although its region is non-blockable.`,
  };
}
