/**
 * What a mirror driver does: lock and unlock, store and clear, begin and end faults.
 *
 * Whatever was checked under the lock is forgotten when it is taken or released: only a check inside
 * the same hold protects a store.
 */
import type { EventOf, PageEntry } from "@mmreplay/events";
import { clearEntries, setEntry } from "../../state/page-table.ts";
import { mirrorOf, type State, taskOf } from "../../state/state.ts";
import { deviceEntry } from "./mirror.ts";

/** `driver_lock`: what was checked before, without it, does not count. */
export function driverLock(state: State, event: EventOf<"driver_lock">): void {
  mirrorOf(state, event.mirror).lock = event.task;
  const { section } = taskOf(state, event.task);
  if (section !== null) section.checked = null;
}

/** `driver_unlock`: what was checked under the lock is no longer known. */
export function driverUnlock(state: State, event: EventOf<"driver_unlock">): void {
  mirrorOf(state, event.mirror).lock = null;
  const { section } = taskOf(state, event.task);
  if (section !== null) section.checked = null;
}

/** `device_map`. */
export function deviceMap(state: State, event: EventOf<"device_map">): void {
  const { device } = mirrorOf(state, event.mirror);
  for (const [page, frame, writable] of event.entries) {
    setEntry(device, page, deviceEntry(frame, writable, event.atomic === true));
  }
}

/** `device_unmap`. */
export function deviceUnmap(state: State, event: EventOf<"device_unmap">): void {
  clearEntries(mirrorOf(state, event.mirror).device, event.startPage, event.endPageExclusive);
}

/** `driver_set`: variables of the driver's own. */
export function driverSet(state: State, event: EventOf<"driver_set">): void {
  const mirror = mirrorOf(state, event.mirror);
  const all = Object.entries({ ...mirror.variables, ...event.variables });
  // In the order of their names, so that equal variables are equal texts.
  mirror.variables = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `driver_remove_begin`: the driver takes no new faults through this notifier. */
export function driverRemoveBegin(state: State, event: EventOf<"driver_remove_begin">): void {
  const notifier = state.notifiers[event.notifier];
  if (notifier !== undefined) notifier.phase = "removing";
}

/** `dmirror_fops_release_return`. */
export function driverFreed(state: State, event: EventOf<"dmirror_fops_release_return">): void {
  mirrorOf(state, event.mirror).freed = true;
}

/** `device_fault`: the removal of its notifier must wait for it. */
export function deviceFault(state: State, event: EventOf<"device_fault">): void {
  taskOf(state, event.task).fault = { notifier: event.notifier, tries: 0 };
}

/** `device_fault_return`: the fault is over, or (retry) its next pass begins. */
export function deviceFaultReturn(state: State, event: EventOf<"device_fault_return">): void {
  const task = taskOf(state, event.task);
  if (event.result === "retry" && task.fault !== null) {
    task.fault.tries += 1;
    return;
  }
  task.fault = null;
  task.section = null;
}

/**
 * `hmm_vma_handle_pte`: what the walk read, to be stored if the retry check passes. A walk goes on where
 * it stopped for a fault; what it had read before that stands.
 */
export function handlePte(state: State, event: EventOf<"hmm_vma_handle_pte">): void {
  const { section } = taskOf(state, event.task);
  const first = event.entries[0]?.[0];
  if (section?.notifier !== event.notifier || first === undefined) return;
  const before = section.entries.filter(([page]) => page < first);
  section.entries = [...before, ...event.entries.map(([page, entry]): PageEntry => [page, entry])];
}
