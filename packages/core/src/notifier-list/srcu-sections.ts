/**
 * SRCU sections and waits, and the calls over the plain list without a region.
 *
 * Kernel counterparts: srcu_read_lock, srcu_read_unlock, synchronize_srcu (kernel/rcu/srcutree.c).
 */
import type { EventOf, TaskId } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { mmOf, type State, taskOf } from "../state/state.ts";
import { beginWalk } from "./walk.ts";

/** `srcu_read_lock`. */
export function srcuReadLock(state: State, event: EventOf<"srcu_read_lock">): void {
  legal(!state.srcu.readers.includes(event.task), "a nested SRCU section", "one section a task");
  state.srcu.readers.push(event.task);
  if (event.walk !== null) beginWalk(state, event.task, event.mm, event.walk);
}

/** `srcu_read_unlock`: whoever waited for this reader waits for one less. */
export function srcuReadUnlock(state: State, event: EventOf<"srcu_read_unlock">): void {
  leave(state.srcu.readers, event.task);
  for (const callback of state.srcu.callbacks) leave(callback.waitFor, event.task);
  for (const { srcuWait } of state.tasks) if (srcuWait !== null) leave(srcuWait, event.task);
  taskOf(state, event.task).walk = null;
}

function leave(waiting: TaskId[], task: TaskId): void {
  const at = waiting.indexOf(task);
  if (at >= 0) waiting.splice(at, 1);
}

/** `synchronize_srcu`: the wait begins. */
export function synchronizeSrcu(state: State, event: EventOf<"synchronize_srcu">): void {
  taskOf(state, event.task).srcuWait = [...state.srcu.readers];
}

/** `synchronize_srcu_return`. */
export function synchronizeSrcuReturn(
  state: State,
  event: EventOf<"synchronize_srcu_return">,
): void {
  taskOf(state, event.task).srcuWait = null;
}

/** `mmu_notifier_call`: a call over the list without a region begins. */
export function plainCall(state: State, event: EventOf<"mmu_notifier_call">): void {
  mmOf(state, event.mm).plainCalls += 1;
}

/** `mmu_notifier_call_return`. */
export function plainCallReturn(state: State, event: EventOf<"mmu_notifier_call_return">): void {
  mmOf(state, event.mm).plainCalls -= 1;
}
