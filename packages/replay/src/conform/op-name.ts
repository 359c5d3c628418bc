/**
 * The vectors' name of a step, from the label at which it began.
 *
 * Most labels bear the vectors' own names; the table holds the others. An operation whose first
 * step depends on the state is told apart by the step's events.
 */
import type { EventBody } from "@mmreplay/events";

const NAMES: Readonly<Record<string, string>> = {
  insert_mmap_lock: "mmap_lock",
  insert_locked_mmap_lock: "mmap_lock",
  insert_register: "register",
  insert_commit: "insert",
  remove: "remove_begin",
  remove_commit: "remove",
  fault: "read_begin",
  fault_read_begin: "read_begin",
  fault_unlock_retry: "fault_unlock",
  mn_undo_end_cb: "mn_end_cb",
  mm_exit: "exit_begin",
  exit_mm_release: "mm_release",
  exit_release_start: "inv_start",
  exit_release_end: "inv_end",
  exit_release_cb: "mn_release_cb",
  exit_srcu_wait: "srcu_wait",
  exit_unmap_start: "inv_start",
  exit_cpu_change: "cpu_change",
  exit_unmap_end: "inv_end",
  mn_register: "mn_begin",
  mn_get: "mn_begin",
  mn_mmap_lock: "mmap_lock",
  mn_register_locked: "register",
  mn_unregister_wait: "srcu_wait",
  mn_synchronize_wait: "srcu_wait",
};

/** The op of a step that began at `label` and made `events`. */
export function opName(label: string, events: readonly EventBody[]): string {
  const made = (type: EventBody["type"]) => events.some((event) => event.type === type);
  if (label === "insert") {
    return made("mmu_interval_notifier_insert") ? "insert" : "insert_begin";
  }
  if (label === "cb_lock" && events[0]?.type === "invalidate_return") return "cb_refuse";
  if (label === "mn_unregister") {
    return made("hlist_del_init_rcu") ? "mn_unregister_del" : "mn_unregister";
  }
  if (label === "mn_call_cb") {
    const callback = events.find((event) => event.type === "mn_hlist_callback");
    return callback === undefined ? label : `mn_${callback.operation}_cb`;
  }
  return NAMES[label] ?? label;
}
