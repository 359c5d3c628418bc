/**
 * One run of a test body: under the deterministic schedule, or where it has two threads under random ones.
 *
 * Every rule looks on. The first expectation that is not met, or the first rule that is broken, is what
 * the test fails with.
 */
import {
  CORRECT_DRIVER,
  DMIRROR_6_1,
  emptyState,
  type NamedScenario,
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
import { atOnce, type Searching } from "../explore/search.ts";
import { createChecker } from "../recording/checker.ts";
import { WHOLE } from "../recording/wholeness.ts";
import {
  type Buffer,
  type Place,
  placeOf,
  type TestBody,
  USUAL_BUFFER,
  type Variant,
} from "./body.ts";
import { DEVICES, NOTIFIERS, SNAPSHOT_NOTIFIER } from "./commands.ts";
import { differences, type Steps } from "./expectations.ts";

/** The result of one test. */
export interface TestResult {
  readonly name: string;
  readonly variant: Variant;
  readonly passed: boolean;
  readonly message: string;
  readonly events: readonly MmEvent[];
}

/** Address spaces of the tasks: the set-up, the process or a thread of it, and what it forks. */
const PROCESS = mmId(0);
const CHILD = mmId(1);

/** Schedules under which a body with two threads is run; the kernel's own runs it as often. */
const SCHEDULES = 10;
const SEED = 20_261_126;
/** The second thread begins after as many steps at most, as the kernel's sleeps for a random time. */
const DELAY_MAX_STEPS = 400;
/** How often a run pauses: a step over 64 pages takes up to a millisecond. */
const PAUSE_STEPS = 64;

/** The set-up, the process, and who runs beside it. */
function programsOf(body: TestBody, buffer: Buffer, place: Place): Steps[] {
  const { setUp, steps, thread, child } = body;
  const beside = thread ?? child;
  const parts = [setUp ?? (() => []), steps, ...(beside === undefined ? [] : [beside])];
  return parts.map((part) => part(buffer, place));
}

/** The test driver of 6.1, with pages of 4 KiB and huge ones of 2 MiB. */
function scenarioOf(body: TestBody, programs: readonly Steps[], place: Place): Scenario {
  const { page, np } = place.heap;
  return {
    pages: page + np,
    cpu: [],
    notifiers: NOTIFIERS,
    plainNotifiers: 0,
    driver: { ...CORRECT_DRIVER, ...DMIRROR_6_1, maxTries: TRIES_UNLIMITED },
    devices: DEVICES[place.variant],
    memory: true,
    pmdOrder: 9,
    ...(place.hugeAlways ? { hugeAlways: true } : {}),
    snapshots: [SNAPSHOT_NOTIFIER],
    processes: [PROCESS, PROCESS, body.child === undefined ? PROCESS : CHILD],
    programs: programs.map((steps) => steps.map(({ run }) => run)),
  };
}

/**
 * Runs a body over a buffer. Without a second thread whoever can go on goes on, the forking process first;
 * with one, schedules are drawn, and the first that fails is reported.
 */
export function runTest(
  body: TestBody,
  buffer: Buffer = body.buffer ?? USUAL_BUFFER,
  place: Place = placeOf(body, buffer),
): TestResult {
  return atOnce(runningTest(body, buffer, place));
}

/** The same with pauses. */
export function* runningTest(body: TestBody, buffer: Buffer, place: Place): Searching<TestResult> {
  const { name } = body;
  return { name, variant: place.variant, ...(yield* runBody(body, buffer, place)) };
}

type Outcome = Pick<TestResult, "passed" | "message" | "events">;

function* runBody(body: TestBody, buffer: Buffer, place: Place): Searching<Outcome> {
  const programs = programsOf(body, buffer, place);
  const named = namedOf(body, programs, place);
  const { breaks } = body;
  if (body.thread === undefined) {
    return yield* runOnce(named, programs, breaks, (choices) => choices[0]);
  }
  let result: Outcome | undefined;
  for (let number = 0; number < SCHEDULES && result?.passed !== false; number += 1) {
    const generator = createGenerator(SEED, number);
    let delay = generator.below(DELAY_MAX_STEPS);
    result = yield* runOnce(named, programs, breaks, (choices) => {
      delay -= 1;
      return choices[delay > 0 ? 0 : generator.below(choices.length)];
    });
  }
  return result as Outcome;
}

/** A body as a scenario, and what its operations must give. */
export function scenarioOfBody(
  body: TestBody,
  buffer: Buffer,
  variant: Variant = "device_private",
): { readonly named: NamedScenario; readonly programs: readonly Steps[] } {
  const place = placeOf(body, buffer, { variant });
  const programs = programsOf(body, buffer, place);
  return { named: namedOf(body, programs, place), programs };
}

function namedOf(body: TestBody, programs: readonly Steps[], place: Place): NamedScenario {
  const { name } = body;
  return {
    name: `hmm-tests/${name}`,
    title: `${name}, ${place.variant}`,
    source: "tools/testing/selftests/vm/hmm-tests.c",
    points: VECTOR_POINTS,
    rules: RULES,
    tasks: programs.slice(1).map((_, index) => `task${index + 1}`),
    names: { notifiers: ["dmirror"], regions: [] },
    scenario: scenarioOf(body, programs, place),
  };
}

function* runOnce(
  named: NamedScenario,
  programs: readonly Steps[],
  breaks: string | undefined,
  choose: (choices: readonly Choice[]) => Choice | undefined,
): Searching<Outcome> {
  const run = new ScenarioRun(named, undefined, []);
  const failures: string[] = [];
  /** The events of the operation that each task is in. */
  const inside: MmEvent[][] = programs.map(() => []);
  for (let steps = 1; failures.length === 0; steps += 1) {
    if (steps % PAUSE_STEPS === 0) yield;
    const choice = choose(run.choices());
    if (choice === undefined) break;
    const { task } = choice;
    const { pc } = peekTask(run.state, taskId(task));
    inside[task]?.push(...run.step(choice));
    if (peekTask(run.state, taskId(task)).pc === pc) continue;
    const step = programs[task]?.[pc];
    if (step !== undefined) failures.push(...differences(step, inside[task] ?? []));
    inside[task] = [];
  }
  const failure = run.failure();
  if (failure !== undefined) failures.push(`${failure.rule}: ${failure.message}`);
  failures.push(...(yield* broken(run.events, breaks)));
  const [message = ""] = failures;
  return { passed: message === "", message, events: run.events };
}

/**
 * What the rules say of a run, each with its memory of all that came before; of the rule that the driver of 6.1
 * breaks in this body, that it must be broken.
 */
function* broken(
  events: readonly MmEvent[],
  breaks: string | undefined,
): Searching<readonly string[]> {
  const checker = createChecker(emptyState(), RULES);
  for (const event of events) {
    if (event.index % PAUSE_STEPS === 0) yield;
    checker.apply(event);
  }
  const { findings } = checker.finish(WHOLE, (task) => `task${task}`);
  const others = findings.filter(({ rule }) => rule !== breaks);
  const says = others.map(({ rule, message }) => `${rule}: ${message}`);
  const kept = breaks !== undefined && others.length === findings.length;
  return kept ? [...says, `${breaks} is not broken, as the driver of 6.1 breaks it`] : says;
}
