/**
 * What the operations of a body must give, asked of a run as it ends them, and as a rule of every interleaving.
 *
 * A search keeps no memory along a path, so the rule looks at one event: the return code and the pages of a command
 * where it returns, each value where it is read, and that nothing is left out or refused. How many device faults a
 * command took is no part of a search's states; it is asked of single runs only.
 */
import type { Rule, State } from "@mmreplay/core";
import type { EventOf, MmEvent } from "@mmreplay/events";
import type { Expectation, Step } from "./body.ts";

/** The id under which a search names an expectation that is not met. */
export const EXPECTATION = "expectation";

/** A program. */
export type Steps = readonly Step[];

type Returned = EventOf<"dmirror_fops_unlocked_ioctl_return" | "get_user_pages_return">;

const isReturn = (event: MmEvent): event is Returned =>
  event.type === "dmirror_fops_unlocked_ioctl_return" || event.type === "get_user_pages_return";

type Field = "rc" | "cpages" | "faults";

/** What the events of a whole operation did not give. */
export function differences(step: Step, events: readonly MmEvent[]): string[] {
  const { expect } = step;
  const returned = events.find(isReturn);
  if (expect === undefined || hasFailed(step, returned)) return [];
  const found = codeDifferences(step, returned, ["rc", "cpages", "faults"]);
  if (expect.values === undefined) return found;
  const read = events.flatMap(readBy);
  const pages = "np" in step.run ? step.run.np : 0;
  if (read.length !== pages) {
    found.push(`${step.run.op}: ${read.length} of ${pages} pages are read`);
  }
  return [...found, ...valueDifferences(step, read)];
}

/** A command that may fail has: nothing else is asked of it. */
function hasFailed({ expect }: Step, returned: Returned | undefined): boolean {
  return expect?.mayFail === true && returned !== undefined && returned.rc !== 0;
}

function codeDifferences(
  { run, expect }: Step,
  returned: Returned | undefined,
  fields: readonly Field[],
): string[] {
  return fields.flatMap((field) => {
    const wanted = expect?.[field];
    const given = returned !== undefined && field in returned ? returned[field as "rc"] : "none";
    if (wanted === undefined || given === wanted) return [];
    return [`${run.op}: ${field} is ${given}, expected ${wanted}`];
  });
}

type Read = readonly [page: number, value: number];

/** The first of what was read that holds something else than it must, or may in another order. */
function valueDifferences(
  { run, expect }: Step,
  read: readonly Read[],
  other?: Expectation["inAnotherOrder"],
): string[] {
  const first = "page" in run ? run.page : 0;
  const wanted = (page: number): number | undefined => expect?.values?.(page - first);
  const wrong = read.find(
    ([page, value]) => value !== wanted(page) && value !== other?.(page - first),
  );
  if (expect?.values === undefined || wrong === undefined) return [];
  const [page, value] = wrong;
  return [`${run.op}: page ${page} holds ${value}, expected ${wanted(page)}`];
}

/** What an event found in pages: contents, or the bytes of a snapshot. */
function readBy(event: MmEvent): Read[] {
  switch (event.type) {
    case "cpu_read":
    case "dmirror_do_read":
    case "filemap_read":
      return event.entries.map(([page, , value]) => [page, value] as const);
    case "dmirror_range_snapshot":
      return [...event.entries];
    default:
      return [];
  }
}

interface Memory {
  step: Step | undefined;
}

/** The rule of these programs, one for each task. */
export function expectationRule(programs: readonly Steps[]): Rule {
  const rule: Rule<Memory> = {
    id: EXPECTATION,
    kind: "transition",
    simulatedOnly: true,
    severity: "safety",
    statement: "An operation gives what the test asserts of it.",
    source: "tools/testing/selftests/vm/hmm-tests.c",
    on: [
      "dmirror_fops_unlocked_ioctl_return",
      "get_user_pages_return",
      "cpu_read",
      "dmirror_do_read",
      "filemap_read",
      "dmirror_range_snapshot",
      "bad_area",
      "task_skip",
    ],
    observes: [],
    start: () => ({ step: undefined }),
    before(memory, state, event) {
      memory.step = stepAt(programs, state, event);
    },
    after({ step }, _, event, report) {
      if (step === undefined) return;
      const [message] = differencesAt(step, event);
      if (message === undefined) report.held();
      else report.violated({ message: `task${event.task}: ${message}` });
    },
  };
  return rule as Rule;
}

/** The operation at which the event's task stands, where something is expected of it. */
function stepAt(programs: readonly Steps[], state: State, { task }: MmEvent): Step | undefined {
  const step = programs[task]?.[state.tasks[task]?.pc ?? -1];
  return step?.expect === undefined ? undefined : step;
}

function differencesAt(step: Step, event: MmEvent): string[] {
  const { op } = step.run;
  if (event.type === "task_skip") return [`${op} is left out: ${event.why.replaceAll("_", " ")}`];
  if (event.type === "bad_area") return [`${op}: page ${event.page} is refused`];
  if (!isReturn(event)) return valueDifferences(step, readBy(event), step.expect?.inAnotherOrder);
  return hasFailed(step, event) ? [] : codeDifferences(step, event, ["rc", "cpages"]);
}
