/**
 * One run of a test body under the deterministic schedule: one process, one thread.
 *
 * Every rule looks on. The first expectation that is not met, or the first rule that is broken, is what
 * the test fails with.
 */
import {
  CORRECT_DRIVER,
  emptyState,
  peekTask,
  RULES,
  type Scenario,
  TRIES_UNLIMITED,
  VECTOR_POINTS,
} from "@mmreplay/core";
import { type MmEvent, mmId, taskId } from "@mmreplay/events";
import { ScenarioRun } from "../explore/scenario-run.ts";
import { createChecker } from "../recording/checker.ts";
import type { Wholeness } from "../recording/wholeness.ts";
import type { Buffer, Expectation, Step, TestBody } from "./body.ts";

/** The result of one test. */
export interface TestResult {
  readonly name: string;
  readonly variant: string;
  readonly passed: boolean;
  readonly message: string;
  readonly events: readonly MmEvent[];
}

/** The usual buffer: 1,024 pages that do not begin where a PMD begins, as mmap gives them. */
export const USUAL_BUFFER: Buffer = { page: 512 + 85, np: 1024 };

/** The process of the test, and the one that it forks. */
const PROCESSES = [mmId(0), mmId(1)];

/** A simulated run shows all that happens. */
const WHOLE: Wholeness = { whole: true, holes: false, uncounted: false, gaps: [], loose: false };

function scenarioOf(programs: readonly (readonly Step[])[], { page, np }: Buffer): Scenario {
  return {
    pages: page + np,
    cpu: [],
    notifiers: programs.length,
    plainNotifiers: 0,
    driver: { ...CORRECT_DRIVER, maxTries: TRIES_UNLIMITED },
    memory: true,
    processes: [mmId(0), ...PROCESSES],
    programs: [[], ...programs.map((steps) => steps.map(({ run }) => run))],
  };
}

/** Runs a body over a buffer: whoever can go on goes on, the forking process first. */
export function runTest(body: TestBody, buffer: Buffer = USUAL_BUFFER): TestResult {
  const { name, variant } = body;
  const programs = [body.steps(buffer), ...(body.child === undefined ? [] : [body.child(buffer)])];
  const named = {
    name: `hmm-tests/${name}`,
    title: name,
    source: "tools/testing/selftests/vm/hmm-tests.c",
    points: VECTOR_POINTS,
    rules: RULES,
    tasks: programs.map((_, index) => (index === 0 ? "process" : "child")),
    names: { notifiers: ["dmirror"], regions: [] },
    scenario: scenarioOf(programs, buffer),
  };
  const run = new ScenarioRun(named, undefined, []);
  const failures: string[] = [];
  while (failures.length === 0) {
    const [choice] = run.choices();
    if (choice === undefined) break;
    const { pc } = peekTask(run.state, taskId(choice.task));
    const step = programs[choice.task - 1]?.[pc];
    if (step === undefined) throw new Error(`${name} has no step ${pc}`);
    failures.push(...runOperation(run, choice.task, step));
  }
  if (run.stuck().length > 0) failures.push("a process waits for ever");
  failures.push(...broken(run.events));
  const [message = ""] = failures;
  return { name, variant, passed: message === "", message, events: run.events };
}

/** What the rules say of a run, each with its memory of all that came before. */
function broken(events: readonly MmEvent[]): string[] {
  const checker = createChecker(emptyState(), RULES);
  for (const event of events) checker.apply(event);
  const { findings } = checker.finish(WHOLE, (task) => `task${task}`);
  return findings.map(({ rule, message }) => `${rule}: ${message}`);
}

/** Runs a task's operation as far as it can go; what it gave that it should not. */
function runOperation(run: ScenarioRun, task: number, step: Step): string[] {
  const id = taskId(task);
  const { pc } = peekTask(run.state, id);
  const events: MmEvent[] = [];
  while (peekTask(run.state, id).pc === pc) {
    if (!run.canMove({ task, branch: "default" })) return [`${step.run.op}: waits for ever`];
    events.push(...run.step({ task, branch: "default" }));
  }
  return step.expect === undefined ? [] : differences(step, events, step.expect);
}

function differences(step: Step, events: readonly MmEvent[], expect: Expectation): string[] {
  const found: string[] = [];
  const returned = events.find(({ type }) => type === "dmirror_fops_unlocked_ioctl_return");
  for (const field of ["rc", "cpages", "faults"] as const) {
    const wanted = expect[field];
    if (wanted === undefined) continue;
    const given =
      returned?.type === "dmirror_fops_unlocked_ioctl_return" ? returned[field] : "none";
    if (given !== wanted) found.push(`${step.run.op}: ${field} is ${given}, expected ${wanted}`);
  }
  const { values } = expect;
  if (values === undefined) return found;
  const read = events.flatMap((event) =>
    event.type === "cpu_read" || event.type === "dmirror_do_read" ? event.entries : [],
  );
  const pages = "np" in step.run ? step.run.np : 0;
  if (read.length !== pages)
    found.push(`${step.run.op}: ${read.length} of ${pages} pages are read`);
  const wrong = read.findIndex(([, , value], index) => value !== values(index));
  if (wrong >= 0) {
    const [page, , value] = read[wrong] as (typeof read)[number];
    found.push(`${step.run.op}: page ${page} holds ${value}, expected ${values(wrong)}`);
  }
  return found;
}
