/**
 * Conformance: the recorded programs under the recorded schedule, compared step by step.
 *
 * The kernel's own C code was executed under a schedule; the simulator runs the same programs under
 * the same schedule and must agree in every field of every step. The stale pages of the seeded
 * driver bugs are compared, too.
 */

import { isDeepStrictEqual } from "node:util";
import {
  type Branch,
  emptyState,
  enabledTasks,
  isDone,
  reduceInPlace,
  runStep,
  SCENARIO_MM,
  type Scenario,
  type State,
  setUpEvents,
  srcuTask,
  VECTOR_POINTS,
} from "@mmreplay/core";
import {
  type EventBody,
  eventIndex,
  type MmEvent,
  SimError,
  type TaskId,
  taskId,
  type VectorHeader,
  type VectorLine,
  type VectorStep,
  type VectorTrailer,
} from "@mmreplay/events";
import { type ProjectedState, projectState, stalePages } from "./project-state.ts";
import { type ProjectedStep, StepObserver } from "./project-step.ts";
import { scenarioOf } from "./scenario-of.ts";

/** One difference between the kernel's step and the simulator's. */
export interface Mismatch {
  readonly execution: string;
  readonly step: number;
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What was compared. */
export interface ConformCounts {
  executions: number;
  steps: number;
  /** Pages that are stale after a step, over all steps: recorded, simulated, in one only. */
  staleExpected: number;
  staleFound: number;
  staleMissed: number;
  staleExtra: number;
}

interface Execution {
  readonly header: VectorHeader;
  readonly scenario: Scenario;
  readonly state: State;
  events: number;
  steps: number;
  /** After a difference the rest of an execution says nothing more. */
  diverged: boolean;
  /** The recorded steps that are still to come, by thread. */
  readonly ahead: Map<number, VectorStep[]>;
}

/** Differences kept per file; the rest is counted by the caller. */
const MISMATCHES_MAX = 1000;

/** Steps of one execution. */
const STEPS_MAX = 100_000;

/** Compares the executions of one file, line by line. */
export class Conformance {
  readonly counts: ConformCounts = {
    executions: 0,
    steps: 0,
    staleExpected: 0,
    staleFound: 0,
    staleMissed: 0,
    staleExtra: 0,
  };
  readonly mismatches: Mismatch[] = [];
  #header: VectorHeader | undefined;
  #recorded: VectorStep[] = [];

  /**
   * Takes the next line of a vector file; an execution is compared when its trailer comes, because
   * what a driver will answer is an input that later lines show.
   *
   * @throws SimError `E_VECTOR` when a line is out of its place.
   */
  line(line: VectorLine): void {
    if (line.t === "exec") {
      if (this.#header !== undefined) throw outOfPlace("exec");
      this.#header = line;
      this.#recorded = [];
      return;
    }
    if (this.#header === undefined) throw outOfPlace(line.t);
    if (line.t === "end") {
      this.#run(this.#header, line);
      this.#header = undefined;
      return;
    }
    if (this.#recorded.length >= STEPS_MAX) throw outOfPlace(`step ${STEPS_MAX}`);
    this.#recorded.push(line);
  }

  /** True while an execution has begun and not ended. */
  get unfinished(): boolean {
    return this.#header !== undefined;
  }

  #run(header: VectorHeader, trailer: VectorTrailer): void {
    const execution: Execution = {
      header,
      scenario: scenarioOf(header),
      state: emptyState(),
      events: 0,
      steps: 0,
      diverged: false,
      ahead: byThread(this.#recorded),
    };
    this.counts.executions += 1;
    for (const body of setUpEvents(execution.scenario)) apply(execution, body);
    this.#compare(execution, -1, "init", header.init, project(execution));
    for (const step of this.#recorded) {
      this.counts.steps += 1;
      execution.ahead.get(step.thread)?.shift();
      if (!execution.diverged) this.#step(execution, step);
    }
    if (!execution.diverged) this.#end(execution, trailer);
  }

  #step(execution: Execution, step: VectorStep): void {
    const { scenario, state } = execution;
    const task = step.thread === -1 ? srcuTask(scenario) : taskId(step.thread);
    const enabled = enabledTasks(state, scenario);
    if (!enabled.includes(task) && branchOf(step) === "default") {
      this.#differ(execution, step.i, "thread", step.thread, enabled);
      return;
    }
    const pc = step.thread === -1 ? -1 : (state.tasks[task]?.pc ?? -1);
    const actual = observe(execution, task, branchOf(step));
    this.#compare(execution, step.i, "pc", step.pc, pc);
    this.#compare(execution, step.i, "op", step.op, actual.op);
    this.#compare(execution, step.i, "args", step.args, defined(actual.args));
    this.#compare(execution, step.i, "ret", step.ret, defined(actual.ret));
    this.#compare(execution, step.i, "done", step.done === true, actual.done);
    this.#compare(execution, step.i, "warn", step.warn ?? [], actual.warn);
    this.#compareState(execution, step, project(execution));
    this.#compareStale(execution, step, stalePages(state, scenario));
    execution.steps += 1;
  }

  #compareState(execution: Execution, step: VectorStep, actual: Record<string, unknown>): void {
    for (const field of new Set([...Object.keys(step.state), ...Object.keys(actual)])) {
      this.#compare(execution, step.i, `state.${field}`, step.state[field], actual[field]);
    }
  }

  #compareStale(execution: Execution, step: VectorStep, actual: number[]): void {
    const missed = step.stale.filter((page) => !actual.includes(page));
    const extra = actual.filter((page) => !step.stale.includes(page));
    this.counts.staleExpected += step.stale.length;
    this.counts.staleFound += actual.length;
    this.counts.staleMissed += missed.length;
    this.counts.staleExtra += extra.length;
    this.#compare(execution, step.i, "stale", step.stale, actual);
  }

  #end(execution: Execution, trailer: VectorTrailer): void {
    const { scenario, state } = execution;
    const unfinished = scenario.programs.flatMap((_, index) =>
      isDone(state, scenario, taskId(index)) ? [] : [index],
    );
    this.#compare(execution, trailer.steps, "steps", trailer.steps, execution.steps);
    this.#compare(execution, trailer.steps, "stuck", trailer.stuck, unfinished);
    this.#compare(
      execution,
      trailer.steps,
      "final_stale",
      trailer.final_stale,
      stalePages(state, scenario),
    );
  }

  #compare(execution: Execution, step: number, field: string, expected: unknown, actual: unknown) {
    if (!isDeepStrictEqual(expected, actual)) {
      this.#differ(execution, step, field, expected, actual);
    }
  }

  #differ(execution: Execution, step: number, field: string, expected: unknown, actual: unknown) {
    execution.diverged = true;
    if (this.mismatches.length >= MISMATCHES_MAX) return;
    this.mismatches.push({ execution: execution.header.id, step, field, expected, actual });
  }
}

function byThread(steps: readonly VectorStep[]): Map<number, VectorStep[]> {
  const threads = new Map<number, VectorStep[]>();
  for (const step of steps) {
    const own = threads.get(step.thread);
    if (own === undefined) threads.set(step.thread, [step]);
    else own.push(step);
  }
  return threads;
}

function project(execution: Execution): ProjectedState {
  return projectState(execution.state, execution.scenario, (task) => {
    const next = execution.ahead.get(task)?.[0];
    return next === undefined ? "default" : branchOf(next);
  });
}

function apply(execution: Execution, body: EventBody): State {
  const event = { ...body, index: eventIndex(execution.events++) } as MmEvent;
  reduceInPlace(execution.state, event);
  return execution.state;
}

/** Runs one step and says what the vectors would record of it. */
function observe(execution: Execution, task: TaskId, branch: Branch): ProjectedStep {
  const { scenario, state } = execution;
  if (task === srcuTask(scenario)) return observeCallback(execution, task);
  const observer = new StepObserver(state, scenario, task);
  runStep(state, scenario, VECTOR_POINTS, task, branch, (body) => {
    observer.before(body);
    apply(execution, body);
    observer.after(body);
    return state;
  });
  return observer.result();
}

function observeCallback(execution: Execution, task: TaskId): ProjectedStep {
  const { scenario, state } = execution;
  const counted = state.mms[SCENARIO_MM]?.count ?? 0;
  let freed: number | undefined;
  runStep(state, scenario, VECTOR_POINTS, task, "default", (body) => {
    if (body.type === "free_notifier") freed = body.plain;
    return apply(execution, body);
  });
  const gone = counted > 0 && state.mms[SCENARIO_MM]?.count === 0;
  return {
    op: "srcu_free",
    args: { m: freed },
    ret: { freed, ...(gone ? { mm_freed: true } : {}) },
    done: false,
    warn: [],
  };
}

/** Where the driver could answer either way, the record says how it did. */
function branchOf(step: VectorStep): Branch {
  const refused = step.op === "cb_refuse" || (step.op === "mn_start_cb" && refusedStart(step));
  return refused ? "refuse" : "default";
}

/** Slot 1 has only a start callback, and only it ever refuses, in a non-blockable range. */
function refusedStart(step: VectorStep): boolean {
  return step.args["m"] === 1 && step.args["blockable"] === false && step.ret["rc"] === -11;
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function outOfPlace(what: string): SimError {
  return new SimError({
    code: "E_VECTOR",
    found: `a line "${what}" out of its place`,
    expected: "executions of the form exec, step …, end",
    action: "The file is cut or damaged: fetch it again.",
  });
}
