/**
 * One run of a scenario: the simulator's events, folded in place, with two places to look in.
 *
 * A *mutation* stands between the simulator and the reducer: it rewrites events, or patches the state
 * after one, as a changed recipe would. A *watch* sees the state just before and just after every
 * event that was really folded. Who moves next is the caller's business.
 */
import {
  type Blocked,
  type Branch,
  blockedOn,
  emptyState,
  enabledTasks,
  isDone,
  labelOf,
  reduceInPlace,
  runStep,
  type Scenario,
  type SchedulingPoints,
  type State,
  setUpEvents,
  VECTOR_POINTS,
} from "@mmreplay/core";
import { type EventBody, eventIndex, type MmEvent, type TaskId, taskId } from "@mmreplay/events";

/** A change to the protocol, the driver or the event stream. */
export interface Mutation {
  /** What is folded instead of an event of the simulator. */
  readonly rewrite?: (body: EventBody, state: State) => readonly EventBody[];
  /** What a changed recipe would have left otherwise. */
  readonly patch?: (state: State, event: MmEvent, before: State) => void;
  /** Waits that are left out. */
  readonly ignores?: readonly Blocked["why"][];
  /** Labels that become scheduling points, or (false) stop being ones. */
  readonly points?: SchedulingPoints;
}

/** Sees every event. */
export interface Watch {
  before(state: State, event: MmEvent): void;
  after(state: State, event: MmEvent): void;
}

/** What a run may be given. */
export interface RunOptions {
  readonly mutation?: Mutation;
  readonly watch?: Watch;
  readonly seqModulus?: number;
}

/** A run in progress. */
export interface Run {
  readonly scenario: Scenario;
  readonly state: State;
  readonly events: readonly MmEvent[];
  /** Tasks that can move now, ascending; the SRCU callback context is the last. */
  enabled(): TaskId[];
  canMove(task: TaskId): boolean;
  /** Moves a task to its next scheduling point; the step's events. */
  step(task: TaskId, branch?: Branch): readonly MmEvent[];
  /** Tasks whose programs are not over. */
  unfinished(): number[];
}

/** A run at its beginning: the set-up events are folded, no task has moved. */
export function startRun(scenario: Scenario, options: RunOptions = {}): Run {
  const { mutation = {}, watch, seqModulus } = options;
  const points = mutation.points ?? VECTOR_POINTS;
  const state = emptyState(seqModulus);
  const events: MmEvent[] = [];
  const fold = (body: EventBody): void => {
    const event = { ...body, index: eventIndex(events.length) } as MmEvent;
    watch?.before(state, event);
    const before = mutation.patch === undefined ? state : structuredClone(state);
    reduceInPlace(state, event);
    mutation.patch?.(state, event, before);
    watch?.after(state, event);
    events.push(event);
  };
  const apply = (body: EventBody): State => {
    for (const instead of mutation.rewrite?.(body, state) ?? [body]) fold(instead);
    return state;
  };
  for (const body of setUpEvents(scenario)) fold(body);

  const ignored = (why: Blocked["why"]): boolean => mutation.ignores?.includes(why) ?? false;
  const freed = (task: TaskId): boolean =>
    !isDone(state, scenario, task) && ignored(blockedOn(state, scenario, task)?.why ?? "drain");
  const enabled = (): TaskId[] => {
    const tasks = enabledTasks(state, scenario);
    if (mutation.ignores === undefined || !isDone(state, scenario, taskId(0))) return tasks;
    const released = scenario.programs.map((_, index) => taskId(index)).filter(freed);
    return [...new Set([...tasks, ...released])].sort((a, b) => a - b);
  };
  return {
    scenario,
    state,
    events,
    enabled,
    canMove: (task) => enabled().includes(task),
    step(task, branch = "default") {
      const first = events.length;
      runStep(state, scenario, points, task, branch, apply);
      return events.slice(first);
    },
    unfinished: () =>
      scenario.programs.flatMap((_, index) =>
        isDone(state, scenario, taskId(index)) ? [] : [index],
      ),
  };
}

/** The label at which a task of a run stands; undefined when its program is over. */
export function standsAt(run: Run, task: TaskId): string | undefined {
  return labelOf(run.state, run.scenario, task);
}
