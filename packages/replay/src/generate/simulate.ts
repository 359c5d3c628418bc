/**
 * One run of a workload: the simulator's own step machines under a schedule drawn from a seed.
 *
 * What comes out is what the protocol allows, because core makes the events; nothing of the protocol
 * is written a second time here.
 */
import {
  blockedOn,
  emptyState,
  isDone,
  reduceInPlace,
  runStep,
  type Scenario,
  type State,
  setUpEvents,
  VECTOR_POINTS,
} from "@mmreplay/core";
import {
  assert,
  type EventBody,
  eventIndex,
  type MmEvent,
  type TaskId,
  taskId,
} from "@mmreplay/events";
import type { Choices } from "./choices.ts";

/** Sees each event just before and just after it is folded into the state of the run. */
export interface Observer {
  before(event: MmEvent): void;
  after(event: MmEvent): void;
}

/** Runs a workload step by step; the caller may stop between two steps. */
export function* simulate(
  scenario: Scenario,
  choices: Choices,
  observe: (state: State) => Observer,
): Generator<void, State> {
  const state = emptyState();
  const observer = observe(state);
  let index = 0;
  const apply = (body: EventBody): State => {
    const event = { ...body, index: eventIndex(index) } as MmEvent;
    index += 1;
    observer.before(event);
    reduceInPlace(state, event);
    observer.after(event);
    return state;
  };
  for (const body of setUpEvents(scenario)) apply(body);
  const last = scenario.programs.length - 1;
  const tasks = scenario.programs.map((_, index) => taskId(index));
  for (const together of [tasks.slice(0, 1), tasks.slice(1, last), tasks.slice(last)]) {
    for (;;) {
      const task = nextTask(state, scenario, together, choices);
      if (task === undefined) break;
      runStep(state, scenario, VECTOR_POINTS, task, "default", apply);
      yield;
    }
  }
  return state;
}

/** A task that can move, drawn from those that are not done; `live` loses those that are. */
function nextTask(
  state: State,
  scenario: Scenario,
  live: TaskId[],
  choices: Choices,
): TaskId | undefined {
  let at = live.length === 0 ? 0 : choices(live.length);
  let blocked = 0;
  while (live.length > 0) {
    at %= live.length;
    const task = live[at] as TaskId;
    if (isDone(state, scenario, task)) {
      live.splice(at, 1);
      continue;
    }
    if (blockedOn(state, scenario, task) === null) return task;
    at += 1;
    blocked += 1;
    assert(blocked <= live.length, "some task can always move, whatever the driver does wrong");
  }
  return undefined;
}
