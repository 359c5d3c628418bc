/**
 * What a task is there for, as the head of its column says it: it faults, invalidates, inserts.
 *
 * The names of tasks are the user's or the recording's and need not tell. A picture shows one side of a race,
 * so it has one role; the table of a whole run names all that a task does.
 */
import type { MmEvent } from "@mmreplay/events";

const FAULT = "device fault";
const START = "mmu_notifier_invalidate_range_start";

/** The role of a task in a race: what it invalidates for, or that it serves a device fault. */
export function roleOf(own: readonly MmEvent[]): string | undefined {
  const roles = rolesOf(own.filter(({ type }) => type === START));
  return roles[0] ?? rolesOf(own).find((role) => role === FAULT);
}

/** All roles of a task, in the order of its events. */
export function rolesOf(own: readonly MmEvent[]): string[] {
  return [...new Set(own.flatMap((event) => roleIn(event) ?? []))];
}

function roleIn(event: MmEvent): string | undefined {
  switch (event.type) {
    case START:
      return event.event;
    case "mmu_interval_read_begin":
    case "hmm_range_fault_return":
    case "device_map_begin":
      return FAULT;
    case "mmu_interval_notifier_insert":
      return "insert";
    case "driver_remove_begin":
    case "mmu_interval_notifier_remove":
      return "remove";
    case "exit_mmap":
      return "exit";
    case "mmu_notifier_register":
      return "register";
    case "mmu_notifier_unregister":
      return "unregister";
    case "handle_mm_fault":
      return "CPU fault";
    default:
      return undefined;
  }
}
