/**
 * One run of a test body: under the deterministic schedule, or where it has two threads under random ones.
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
import { createGenerator } from "../explore/generator.ts";
import { ScenarioRun } from "../explore/scenario-run.ts";
import type { Choice } from "../explore/schedule.ts";
import { createChecker } from "../recording/checker.ts";
import { WHOLE } from "../recording/wholeness.ts";
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

/** Address spaces of the tasks: the set-up, the process or a thread of it, and what it forks. */
const PROCESS = mmId(0);
const CHILD = mmId(1);

/** Schedules under which a body with two threads is run; the kernel's own runs it as often. */
const SCHEDULES = 10;
const SEED = 20_261_126;
/** The second thread begins after as many steps at most, as the kernel's sleeps for a random time. */
const DELAY_MAX_STEPS = 400;

type Program = readonly Step[];

/** The set-up, the process, and who runs beside it. */
function programsOf({ setUp, steps, thread, child }: TestBody, buffer: Buffer): Program[] {
  const beside = thread ?? child;
  return [setUp?.(buffer) ?? [], steps(buffer), ...(beside === undefined ? [] : [beside(buffer)])];
}

function scenarioOf(body: TestBody, programs: readonly Program[], { page, np }: Buffer): Scenario {
  return {
    pages: page + np,
    cpu: [],
    notifiers: 2,
    plainNotifiers: 0,
    driver: { ...CORRECT_DRIVER, maxTries: TRIES_UNLIMITED },
    memory: true,
    processes: [PROCESS, PROCESS, body.child === undefined ? PROCESS : CHILD],
    programs: programs.map((steps) => steps.map(({ run }) => run)),
  };
}

/**
 * Runs a body over a buffer. Without a second thread whoever can go on goes on, the forking process first;
 * with one, schedules are drawn, and the first that fails is reported.
 */
export function runTest(body: TestBody, buffer: Buffer = USUAL_BUFFER): TestResult {
  if (body.thread === undefined) return runOnce(body, buffer, (choices) => choices[0]);
  let result: TestResult | undefined;
  for (let number = 0; number < SCHEDULES && result?.passed !== false; number += 1) {
    const generator = createGenerator(SEED, number);
    let delay = generator.below(DELAY_MAX_STEPS);
    result = runOnce(body, buffer, (choices) => {
      delay -= 1;
      return choices[delay > 0 ? 0 : generator.below(choices.length)];
    });
  }
  return result as TestResult;
}

function runOnce(
  body: TestBody,
  buffer: Buffer,
  choose: (choices: readonly Choice[]) => Choice | undefined,
): TestResult {
  const { name, variant } = body;
  const programs = programsOf(body, buffer);
  const named = {
    name: `hmm-tests/${name}`,
    title: name,
    source: "tools/testing/selftests/vm/hmm-tests.c",
    points: VECTOR_POINTS,
    rules: RULES,
    tasks: programs.slice(1).map((_, index) => `task${index + 1}`),
    names: { notifiers: ["dmirror"], regions: [] },
    scenario: scenarioOf(body, programs, buffer),
  };
  const run = new ScenarioRun(named, undefined, []);
  const failures: string[] = [];
  /** The events of the operation that each task is in. */
  const inside: MmEvent[][] = programs.map(() => []);
  while (failures.length === 0) {
    const choice = choose(run.choices());
    if (choice === undefined) break;
    const { task } = choice;
    const { pc } = peekTask(run.state, taskId(task));
    inside[task]?.push(...run.step(choice));
    if (peekTask(run.state, taskId(task)).pc === pc) continue;
    const step = programs[task]?.[pc];
    if (step?.expect !== undefined) {
      failures.push(...differences(step, inside[task] ?? [], step.expect));
    }
    inside[task] = [];
  }
  if (run.stuck().length > 0) failures.push("a task waits for ever");
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

function differences(step: Step, events: readonly MmEvent[], expect: Expectation): string[] {
  const found: string[] = [];
  const returned = events.find(({ type }) => type === "dmirror_fops_unlocked_ioctl_return");
  const failed = returned?.type === "dmirror_fops_unlocked_ioctl_return" && returned.rc !== 0;
  if (expect.mayFail === true && failed) return found;
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
