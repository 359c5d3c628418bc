/**
 * What is wrong with waiting: nobody can move although not all have ended, a wake-up got lost, or a task
 * sleeps where it may not.
 *
 * A sleeper whose condition is true would go on if it were woken; when the rest has come to an end
 * without waking it, the wake-up is lost (K-I33). Else the tasks wait for each other: a deadlock.
 */
import { type Blocked, blockedOn, isDone, regionCalledBy, type State } from "@mmreplay/core";
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
      message: `${names(lost)} for ever: subs->invalidate_seq has moved and nobody woke ${lost.length > 1 ? "them" : "it"}.`,
    };
  }
  return {
    rule: "deadlock",
    message: `Nobody can go on: ${stuck.map((one) => `task${one.task} ${WAITS[one.blocked.why]}`).join(", ")}${nobodyMovesIt(state, stuck)}.`,
  };
}

const names = (tasks: readonly { readonly task: number }[]): string =>
  `${tasks.map(({ task }) => `task${task}`).join(", ")} ${tasks.length > 1 ? "sleep" : "sleeps"}`;

const WAITS: Readonly<Record<Blocked["why"], string>> = {
  read_begin: "sleeps in mmu_interval_read_begin() until subs->invalidate_seq moves",
  remove: "sleeps in mmu_interval_notifier_remove() until subs->invalidate_seq moves",
  driver_lock: "waits for the driver's lock",
  subs_lock: "waits for the subscriptions' lock",
  drain: "waits for the device faults that are in flight",
  mmap_lock: "waits for mmap_lock",
  all_locks: "waits in mm_take_all_locks()",
  mm_users: "waits for the mm's users",
  fork: "waits for its fork to be complete",
  child: "waits for its child to exit",
  migration_entry: "waits in migration_entry_wait()",
  page_lock: "waits for a page's lock",
  page_held: "waits for a page that somebody has locked or refers to",
  other_migration: "waits for another migration to a device",
  file_lock: "waits for a file's invalidate_lock",
  sections: "waits for read sections",
  srcu: "waits in synchronize_srcu()",
};

/** Sleepers wait for the end of an invalidation; there may be none that is open. */
function nobodyMovesIt(state: State, stuck: readonly { readonly task: number }[]): string {
  const asleep = stuck.flatMap(({ task }) => state.tasks[task]?.sleep ?? []);
  const open = asleep.some(({ mm }) => (state.mms[mm]?.subs?.active ?? 0) > 0);
  return asleep.length > 0 && !open ? ", and no invalidation is open that would move it" : "";
}

function missedWakeUp(state: State, task: number): boolean {
  const sleep = state.tasks[task]?.sleep;
  if (sleep == null || sleep.woken) return false;
  const subs = state.mms[sleep.mm]?.subs;
  return subs != null && subs.seq !== sleep.seq;
}

/** A callback of a non-blockable region may not sleep (K-I22). */
export function sleepsInNonBlockable(state: State, task: number): StepFinding | undefined {
  const region = regionCalledBy(state, taskId(task));
  if (region === undefined || region.blockable || region.next === null) return undefined;
  return {
    rule: "K-I22",
    message: `A callback of notifier${region.next} sleeps although its region is non-blockable.`,
  };
}
