/**
 * K-I25: a refused walk over the plain list ends every notifier that it had started.
 *
 * The walk of the ends begins at the head of the list again, so a notifier that has left the list in
 * between is not ended; its unregistration has already released it.
 */
import type { PlainId, TaskId } from "@mmreplay/events";
import { hasCallback } from "../notifier-list/plain-notifier.ts";
import type { Rule } from "./rule.ts";

interface Memory {
  started: Record<TaskId, PlainId[]>;
  ended: Record<TaskId, PlainId[]>;
}

/** K-I25. */
export const K_I25: Rule<Memory> = {
  id: "K-I25",
  kind: "monitor",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "On -EAGAIN every plain notifier whose start succeeded, that has an end and is still listed gets exactly one end.",
  source: "mn_hlist_invalidate_range_start; c2655835fd8c",
  on: [
    "mmu_notifier_invalidate_range_start",
    "mn_hlist_invalidate_range_start",
    "mn_hlist_invalidate_end",
    "mmu_notifier_invalidate_range_start_return",
  ],
  observes: [["mn_hlist_invalidate_range_start"]],
  start: () => ({ started: {}, ended: {} }),
  after(memory, state, event, report) {
    switch (event.type) {
      case "mmu_notifier_invalidate_range_start":
        memory.started[event.task] = [];
        memory.ended[event.task] = [];
        break;
      case "mn_hlist_invalidate_range_start":
        if (event.rc === 0) memory.started[event.task]?.push(event.plain);
        break;
      case "mn_hlist_invalidate_end":
        memory.ended[event.task]?.push(event.plain);
        break;
      case "mmu_notifier_invalidate_range_start_return": {
        const started = memory.started[event.task] ?? [];
        const ended = memory.ended[event.task] ?? [];
        if (event.rc === 0 || started.length === 0) return;
        const unpaired = started.find((id) => {
          const plain = state.plains[id];
          const ends = ended.filter((other) => other === id).length;
          return plain?.linked && hasCallback(plain, "invalidate_range_end") && ends !== 1;
        });
        if (unpaired === undefined) report.held();
        else {
          report.violated({
            message: `plain${unpaired} was started, the start as a whole refused, and its end did not run once.`,
          });
        }
        break;
      }
      default:
    }
  },
};
