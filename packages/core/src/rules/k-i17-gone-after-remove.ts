/**
 * K-I17: after remove has returned nothing refers to the notifier, and it may be freed.
 *
 * In a recording the tree and the deferred list are a reconstruction, so there only the callbacks
 * count.
 */
import type { EventOf, MmEvent, NotifierId, TaskId } from "@mmreplay/events";
import { earliest, isRecorded, latest } from "./position.ts";
import { type Report, type Rule, type Witness, witness } from "./rule.ts";

interface Memory {
  /** Callbacks that are running, per notifier. */
  running: Record<NotifierId, { task: TaskId; entered: Witness }[]>;
  /** Notifiers whose removal has returned, and where. */
  gone: Record<NotifierId, { at: number; seen: Witness }>;
}

const entered = ({ notifier }: EventOf<"invalidate">): string =>
  `callback of notifier${notifier} entered`;
const removed = ({ notifier }: EventOf<"mmu_interval_notifier_remove_return">): string =>
  `removal of notifier${notifier} returned`;

/** K-I17. */
export const K_I17: Rule<Memory> = {
  id: "K-I17",
  kind: "monitor",
  severity: "safety",
  statement:
    "After remove has returned the notifier is neither in the tree nor on the deferred list, no callback of it runs, and none will start.",
  source: "kerneldoc of mmu_interval_notifier_remove; 319561669a59",
  on: [
    "invalidate",
    "invalidate_return",
    "mmu_interval_notifier_remove_return",
    "mmu_interval_notifier_insert",
    "deferred_list_apply",
    "lost_events",
    "buffer_started",
  ],
  observes: [["mmu_interval_notifier_remove_return"]],
  start: () => ({ running: {}, gone: {} }),
  after(memory, state, event, report) {
    switch (event.type) {
      case "lost_events":
      case "buffer_started":
        Object.assign(memory, { running: {}, gone: {} });
        break;
      case "mmu_interval_notifier_insert":
        if (event.rc === 0) delete memory.gone[event.notifier];
        break;
      case "invalidate":
        memory.running[event.notifier] = [
          ...(memory.running[event.notifier] ?? []),
          {
            task: event.task,
            entered: witness(event, entered),
          },
        ];
        touched(memory, event.notifier, event, "is called back", report);
        break;
      case "invalidate_return":
        memory.running[event.notifier] = (memory.running[event.notifier] ?? []).filter(
          ({ task }) => task !== event.task,
        );
        break;
      case "deferred_list_apply":
        if (isRecorded(event)) break;
        touched(memory, event.notifier, event, "is touched by an end", report);
        break;
      case "mmu_interval_notifier_remove_return": {
        const seen = witness(event, removed);
        const inside = memory.running[event.notifier]?.[0];
        const notifier = state.notifiers[event.notifier];
        if (inside !== undefined) {
          report.violated({
            message: `The removal of notifier${event.notifier} returned while its callback was running.`,
            evidence: [inside.entered],
            needs: ["invalidate_return"],
          });
        } else if (!isRecorded(event) && (notifier?.inTree || notifier?.deferred)) {
          report.violated({
            message: `The removal of notifier${event.notifier} returned, but the tree or the deferred list still holds it.`,
          });
        } else report.held();
        memory.gone[event.notifier] = { at: latest(event), seen };
        break;
      }
      default:
    }
  },
};

function touched(
  memory: Memory,
  notifier: NotifierId,
  event: MmEvent,
  what: string,
  report: Report,
): void {
  const gone = memory.gone[notifier];
  if (gone === undefined || gone.at >= earliest(event)) return;
  report.violated({
    message: `notifier${notifier} ${what} after its removal had returned: it may have been freed.`,
    evidence: [gone.seen],
    absent: "mmu_interval_notifier_insert",
  });
}
