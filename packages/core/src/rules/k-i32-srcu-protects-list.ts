/**
 * K-I32: plain callbacks run inside an SRCU section, and a notifier is freed only after a grace period.
 */
import type { PlainId, TaskId } from "@mmreplay/events";
import type { Rule } from "./rule.ts";

interface Memory {
  /** SRCU readers that were inside when a notifier left the list, and have not left since. */
  inside: Record<PlainId, TaskId[]>;
}

/** K-I32. */
export const K_I32: Rule<Memory> = {
  id: "K-I32",
  kind: "monitor",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "A plain notifier's callbacks run only in an SRCU section that began before its unlink, and its memory is freed only after a grace period.",
  source: "mmu_notifier_unregister, mmu_notifier_put; d34883d4e35c",
  on: [
    "mn_hlist_invalidate_range_start",
    "mn_hlist_invalidate_end",
    "mn_hlist_callback",
    "mmu_notifier_put",
    "hlist_del_init_rcu",
    "srcu_read_unlock",
    "free_notifier",
    "mmu_notifier_unregister_return",
  ],
  observes: [["mn_hlist_callback"], ["mn_hlist_invalidate_range_start"], ["free_notifier"]],
  start: () => ({ inside: {} }),
  after(memory, state, event, report) {
    switch (event.type) {
      case "mn_hlist_invalidate_range_start":
      case "mn_hlist_invalidate_end":
      case "mn_hlist_callback": {
        const after = memory.inside[event.plain];
        const reads = state.srcu.readers.includes(event.task);
        if (reads && (after === undefined || after.includes(event.task))) report.held();
        else {
          report.violated({
            message: `plain${event.plain} is called outside an SRCU section that protects it.`,
          });
        }
        break;
      }
      case "mmu_notifier_put":
      case "hlist_del_init_rcu":
        if (state.plains[event.plain]?.linked === false) {
          memory.inside[event.plain] = [...state.srcu.readers];
        }
        break;
      case "srcu_read_unlock":
        for (const readers of Object.values(memory.inside)) {
          const at = readers.indexOf(event.task);
          if (at >= 0) readers.splice(at, 1);
        }
        break;
      case "free_notifier":
      case "mmu_notifier_unregister_return": {
        const readers = memory.inside[event.plain] ?? [];
        delete memory.inside[event.plain];
        if (readers.length === 0) report.held();
        else {
          report.violated({
            message: `plain${event.plain} is freed while task ${readers[0]} may still call it.`,
          });
        }
        break;
      }
      default:
    }
  },
};
