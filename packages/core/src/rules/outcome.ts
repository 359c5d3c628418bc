/**
 * What a scenario allows: the results that its operations may give.
 *
 * The rules of the protocol say what must hold in any scenario; what a call may return in this one only its
 * author knows. An operation that says what it may give is looked at where it returns, and where it is left
 * out. Nothing is remembered: the operation is the one at which its task stands.
 */
import type { EventOf, MmEvent } from "@mmreplay/events";
import type { Operation, Outcome, Scenario } from "../tasks/operation.ts";
import type { Rule } from "./rule.ts";

/** The id under which a finding names it, and a file asks for it alone. */
export const OUTCOME = "outcome";

type Programs = Scenario["programs"];

/** Whether any operation says what it may give. */
export function saysOutcomes(programs: Programs): boolean {
  return programs.flat().some((op) => givesOf(op) !== undefined);
}

/** The rule of these programs. */
export function outcomeRule(programs: Programs): Rule {
  const rule: Rule<{ op: Operation | undefined }> = {
    id: OUTCOME,
    kind: "transition",
    simulatedOnly: true,
    severity: "safety",
    statement: "An operation gives one of the results that the scenario allows.",
    source: "the scenario",
    on: [
      "task_skip",
      "device_fault_return",
      "dmirror_range_snapshot",
      "dmirror_fops_unlocked_ioctl_return",
      "mmu_interval_notifier_insert",
      "mmu_notifier_invalidate_range_start_return",
      "mmu_notifier_register",
    ],
    observes: [],
    start: () => ({ op: undefined }),
    before(memory, state, event) {
      const stands = state.tasks[event.task];
      if (stands === undefined) return;
      // A call that does not apply is left out where it would begin; a mutant's step may do nothing later.
      if (event.type === "task_skip" && stands.label !== "start") return;
      memory.op = programs[event.task]?.[stands.pc];
    },
    after({ op }, _, event, report) {
      if (op === undefined) return;
      const allowed = givesOf(op);
      const given = resultOf(event, op);
      if (allowed === undefined || given === undefined) return;
      if (allowed.includes(given)) report.held();
      else {
        const only = allowed.join(" or ");
        const message = `${subjectOf(event, op)} gives ${given}; the scenario allows only ${only}.`;
        report.violated({ message });
      }
    },
  };
  return rule as Rule;
}

function givesOf(op: Operation): readonly Outcome[] | undefined {
  return "gives" in op ? op.gives : undefined;
}

/** The result that an event is the return of; undefined: the operation goes on. */
function resultOf(event: MmEvent, { op }: Operation): Outcome | undefined {
  switch (event.type) {
    case "task_skip":
      return "skipped";
    case "device_fault_return":
      // A command of the test driver takes several faults, and has a result of its own.
      return op === "dmirror" || event.result === "retry" ? undefined : event.result;
    case "dmirror_range_snapshot":
      return `prot ${event.entries.map(([, byte]) => byte).join(" ")}`;
    case "dmirror_fops_unlocked_ioctl_return":
      return event.command === "SNAPSHOT" && event.rc === 0 ? undefined : codeOf(event.rc);
    case "mmu_notifier_register":
      // An insertion registers the interval part on its way.
      return op === "mn_register" ? codeOf(event.rc) : undefined;
    case "mmu_notifier_invalidate_range_start_return":
      // Other operations open regions of their own.
      return op === "inv_start" ? codeOf(event.rc) : undefined;
    case "mmu_interval_notifier_insert":
      return codeOf(event.rc);
    default:
      return undefined;
  }
}

const CODES: Readonly<Record<number, Outcome>> = { 0: 0, [-11]: "-EAGAIN" };

function codeOf(rc: EventOf<"mmu_notifier_register">["rc"]): Outcome {
  return CODES[rc] ?? `rc ${rc}`;
}

function subjectOf({ task }: MmEvent, op: Operation): string {
  const verbs: Partial<Record<Operation["op"], string>> = {
    insert: "insertion",
    inv_start: "start",
    mn_register: "registration",
  };
  const of = "n" in op ? ` of notifier${op.n}` : "sid" in op ? ` of region${op.sid}` : "";
  return `task${task}: the ${verbs[op.op] ?? op.op}${of}`;
}
