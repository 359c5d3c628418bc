/**
 * The runner: one step of one task, from one scheduling point to the next.
 *
 * A step is the whole of what happens without another task in between. Which labels are scheduling
 * points is a set over the programs: the granularity of the recorded vectors is one such set. The
 * choice of the task, and of a branch where there is one, is the only nondeterminism.
 */
import type { EventBody, PageEntry, TaskId } from "@mmreplay/events";
import { taskId } from "@mmreplay/events";
import { ZERO_PAGE } from "../memory/frame.ts";
import { peekPlain, peekTask, type State } from "../state/state.ts";
import { CALLBACK_LABELS } from "./callback-program.ts";
import { END_LABELS } from "./end-program.ts";
import { EXIT_LABELS } from "./exit-program.ts";
import { FAULT_LABELS } from "./fault-program.ts";
import { HOLD_LABELS } from "./hold-program.ts";
import { INSERT_LABELS } from "./insert-program.ts";
import {
  type At,
  type Blocked,
  type Branch,
  type Labels,
  type MicroStep,
  placeOf,
  SCENARIO_MM,
} from "./machine.ts";
import { CPU_ACCESS_LABELS } from "./memory/cpu-access.ts";
import {
  DMIRROR_EXCLUSIVE_INNER_LABELS,
  DMIRROR_EXCLUSIVE_LABELS,
} from "./memory/dmirror-exclusive.ts";
import { DMIRROR_MOVE_INNER_LABELS, DMIRROR_MOVE_LABELS } from "./memory/dmirror-move.ts";
import { DMIRROR_LABELS } from "./memory/dmirror-program.ts";
import { FILE_LABELS } from "./memory/file-program.ts";
import { FORK_LABELS } from "./memory/fork-program.ts";
import { GUP_INNER_LABELS, GUP_LABELS } from "./memory/get-user-pages.ts";
import { SPLIT_LABELS } from "./memory/huge-pages.ts";
import { EXCLUSIVE_INNER_LABELS, EXCLUSIVE_LABELS } from "./memory/make-exclusive.ts";
import { MAPPING_LABELS } from "./memory/mapping-program.ts";
import { TO_RAM_INNER_LABELS, TO_RAM_LABELS } from "./memory/migrate-to-ram.ts";
import { MIGRATE_INNER_LABELS, MIGRATE_LABELS } from "./memory/migrate-vma.ts";
import { PAGE_FAULT_LABELS } from "./memory/page-fault.ts";
import { PAGE_MOVE_LABELS } from "./memory/page-moves.ts";
import { RANGE_FAULT_LABELS } from "./memory/range-fault.ts";
import { UNLOCKED_LABELS } from "./memory/range-fault-unlocked.ts";
import { TRY_TO_MIGRATE_INNER_LABELS, TRY_TO_MIGRATE_LABELS } from "./memory/try-to-migrate.ts";
import type { Scenario } from "./operation.ts";
import { PLAIN_LABELS, readyCallback } from "./plain-program.ts";
import { REMOVE_LABELS } from "./remove-program.ts";
import { START_LABELS } from "./start-program.ts";
import type { Task } from "./task.ts";

/** Programs of memory. */
const MEMORY_LABELS: Labels = {
  ...CPU_ACCESS_LABELS,
  ...PAGE_FAULT_LABELS,
  ...MAPPING_LABELS,
  ...PAGE_MOVE_LABELS,
  ...SPLIT_LABELS,
  ...FILE_LABELS,
  ...RANGE_FAULT_LABELS,
  ...UNLOCKED_LABELS,
  ...DMIRROR_LABELS,
  ...FORK_LABELS,
  ...MIGRATE_LABELS,
  ...TRY_TO_MIGRATE_LABELS,
  ...TO_RAM_LABELS,
  ...GUP_LABELS,
  ...EXCLUSIVE_LABELS,
  ...DMIRROR_MOVE_LABELS,
  ...DMIRROR_EXCLUSIVE_LABELS,
};

/** Steps of them that follow at once: under one page table lock, or seen by nobody. */
const MEMORY_INNER_LABELS: Labels = {
  ...MIGRATE_INNER_LABELS,
  ...TRY_TO_MIGRATE_INNER_LABELS,
  ...TO_RAM_INNER_LABELS,
  ...GUP_INNER_LABELS,
  ...EXCLUSIVE_INNER_LABELS,
  ...DMIRROR_MOVE_INNER_LABELS,
  ...DMIRROR_EXCLUSIVE_INNER_LABELS,
};

/** The programs of Linux 6.1 and of the mirror driver. */
export const LABELS: Labels = {
  ...INSERT_LABELS,
  ...REMOVE_LABELS,
  ...START_LABELS,
  ...CALLBACK_LABELS,
  ...END_LABELS,
  ...FAULT_LABELS,
  ...EXIT_LABELS,
  ...HOLD_LABELS,
  ...PLAIN_LABELS,
  ...MEMORY_LABELS,
  ...MEMORY_INNER_LABELS,
};

/**
 * Labels before which another task may run. `start` is the beginning of any operation, an operation's
 * name that of its own; `from>to` is the label `to` only where `from` led to it.
 */
export type SchedulingPoints = ReadonlySet<string>;

/**
 * The granularity of ../shared/vectors (README, section 3). The programs of memory, which no vector has,
 * may be interrupted everywhere.
 */
export const VECTOR_POINTS: SchedulingPoints = new Set([
  ...Object.keys(MEMORY_LABELS),
  "start",
  "insert_mmap_lock",
  "insert_locked_mmap_lock",
  "insert_register",
  "insert_commit",
  "teardown_lock",
  "teardown_clear",
  "remove_commit",
  "remove_wake",
  "cb_lock",
  "cb_set_seq",
  "cb_clear",
  "cb_unlock",
  "inv_abort",
  "mn_start_cb",
  "mn_undo_end_cb",
  "mn_invalidate_range_cb",
  "mn_end_cb",
  "read_begin_wake",
  "fault_retry>fault_read_begin",
  "fault_cpu_read",
  "fault_check_retry",
  "fault_lock",
  "fault_retry_check",
  "fault_store",
  "fault_unlock",
  "fault_unlock_retry",
  "exit_mm_release",
  "exit_release_start",
  "exit_release_end",
  "exit_release_cb",
  "mn_hlist_release",
  "exit_srcu_wait",
  "exit_unmap_start",
  "exit_cpu_change",
  "exit_unmap_end",
  "exit_end",
  "hold_unlock",
  "mn_mmap_lock",
  "mn_find_get",
  "mn_register_locked",
  "mn_release_cb",
  "mn_unregister_del",
  "mn_unregister_wait",
  "mn_synchronize_wait",
  "mn_call_cb",
]);

/** The SRCU callback context: a task without a program, after all others. */
export function srcuTask(scenario: Scenario): TaskId {
  return taskId(scenario.programs.length);
}

function microStep(at: At, labels: Labels): MicroStep {
  const label = at.me.label === "start" ? at.op.op : at.me.label;
  const step = labels[label];
  if (step === undefined) throw new Error(`no program has the label ${label}`);
  return step;
}

/** The label at which a task stands, or undefined when its program is over. */
export function labelOf(state: State, scenario: Scenario, task: TaskId): string | undefined {
  const at = placeOf(state, scenario, task);
  if (at === undefined) return undefined;
  return at.me.label === "start" ? at.op.op : at.me.label;
}

/** Why a task that has something to do cannot do it now, if it is to take `branch`, or null. */
export function blockedOn(
  state: State,
  scenario: Scenario,
  task: TaskId,
  branch: Branch = "default",
  labels: Labels = LABELS,
): Blocked | null {
  const at = placeOf(state, scenario, task);
  return at === undefined ? null : (microStep(at, labels).blockedOn?.(at, branch) ?? null);
}

/** Whether a task may take the branch that refuses in its next step. */
export function mayRefuse(
  state: State,
  scenario: Scenario,
  task: TaskId,
  labels: Labels = LABELS,
): boolean {
  const at = placeOf(state, scenario, task);
  return at !== undefined && microStep(at, labels).mayRefuse?.(at) === true;
}

/** Whether a task's program is over. */
export function isDone(state: State, scenario: Scenario, task: TaskId): boolean {
  return placeOf(state, scenario, task) === undefined;
}

/** The tasks that can run now; task 0 sets up alone. */
export function enabledTasks(state: State, scenario: Scenario): TaskId[] {
  const tasks = scenario.programs.map((_, index) => taskId(index));
  const setUp = tasks[0];
  const alone = setUp !== undefined && !isDone(state, scenario, setUp);
  const enabled = (alone ? tasks.slice(0, 1) : tasks).filter(
    (task) => !isDone(state, scenario, task) && blockedOn(state, scenario, task) === null,
  );
  if (readyCallback({ state }) !== undefined) enabled.push(srcuTask(scenario));
  return enabled;
}

/**
 * Runs one step of a task: each event is given to `apply`, which must reduce it into `state` before
 * it returns, because the next micro-step looks at the result.
 */
export function runStep(
  state: State,
  scenario: Scenario,
  points: SchedulingPoints,
  task: TaskId,
  branch: Branch,
  apply: (event: EventBody) => State,
  labels: Labels = LABELS,
): State {
  if (task === srcuTask(scenario)) return runCallback(state, task, apply);
  let current = state;
  let label = labelOf(current, scenario, task);
  if (label === undefined) throw new Error(`task ${task} has nothing to run`);
  for (;;) {
    const at = placeOf(current, scenario, task) as At;
    current = apply(microStep(at, labels).run(at, branch));
    const next = labelOf(current, scenario, task);
    if (next === undefined || isPoint(points, label, next, peekTask(current, task))) return current;
    label = next;
  }
}

/** Whether another task may run before what a task does next. */
export function standsAtPoint(
  state: State,
  scenario: Scenario,
  points: SchedulingPoints,
  task: TaskId,
): boolean {
  const label = labelOf(state, scenario, task);
  return label === undefined || isPoint(points, "", label, peekTask(state, task));
}

function isPoint(points: SchedulingPoints, from: string, to: string, task: Task): boolean {
  return points.has(task.label) || points.has(to) || points.has(`${from}>${to}`);
}

function runCallback(state: State, task: TaskId, apply: (event: EventBody) => State): State {
  const plain = readyCallback({ state });
  if (plain === undefined) throw new Error("no SRCU callback is ready");
  const mm = peekPlain(state, plain).mm ?? SCENARIO_MM;
  return apply({ type: "free_notifier", task, mm, plain });
}

/** The events that lead from nothing to a scenario's beginning. */
export function setUpEvents(scenario: Scenario): EventBody[] {
  const task = taskId(0);
  const entries = scenario.cpu.flatMap((frame, page): PageEntry[] =>
    frame === 0 ? [] : [[page, frame]],
  );
  return [
    { type: "mm_create", task, mm: SCENARIO_MM },
    ...(scenario.memory === true
      ? ([{ type: "alloc_page", task, frame: ZERO_PAGE, copyOf: null }] as const)
      : ([{ type: "handle_mm_fault", task, mm: SCENARIO_MM, entries }] as const)),
    ...scenario.programs.map(
      (_, index): EventBody<"task_start"> => ({
        type: "task_start",
        task: taskId(index),
        name: `task${index}`,
      }),
    ),
  ];
}
