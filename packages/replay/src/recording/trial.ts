/**
 * Trying a step that is not placed yet: what the core's own recipes would make of it.
 *
 * The step emits into a copy of what it can touch: one mm, its notifiers, the tasks. The rest of the
 * state is shared and not written.
 */
import { peekMm, reduceInPlace, type State, type Subscriptions, type Task } from "@mmreplay/core";
import { eventIndex, type MmEvent, SimError } from "@mmreplay/events";
import type { LockedStep, LoweringContext } from "./lowering-context.ts";

/** A list in which the elements at these places may be changed. */
function writable<T extends object>(list: readonly T[], places: readonly number[]): T[] {
  const copy = [...list];
  for (const at of places) {
    const element = copy[at];
    if (element !== undefined) copy[at] = { ...element };
  }
  return copy;
}

/** A copy in which a step can happen. Steps wake sleepers, so these are copied, too. */
function draftOf(state: State, { mm, task, call }: LockedStep): State {
  const { subs, regions } = peekMm(state, mm);
  const mms = writable(state.mms, [mm]);
  const own = mms[mm];
  if (own !== undefined) {
    own.regions = { ...regions };
    const ending = call.region === undefined ? undefined : regions[call.region];
    if (ending !== undefined) own.regions[ending.id] = { ...ending };
    own.subs = subs === null ? null : copyOf(subs);
  }
  const inserted = subs === null ? [] : [...subs.tree, ...subs.deferred];
  const touched = call.notifier === undefined ? inserted : [...inserted, call.notifier];
  const tasks = writable(state.tasks, [task]);
  for (let at = 0; at < tasks.length; at += 1) {
    const one = tasks[at] as Task;
    if (one.sleep !== null) tasks[at] = { ...one, sleep: { ...one.sleep } };
  }
  const notifiers = writable(state.notifiers, touched);
  return { ...state, mms, notifiers, tasks, mirrors: [...state.mirrors] };
}

function copyOf(subs: Subscriptions): Subscriptions {
  const { tree, maxLast, deferred } = subs;
  return { ...subs, tree: [...tree], maxLast: [...maxLast], deferred: [...deferred] };
}

/** The state after a step; undefined: the step cannot happen in this state. */
export function tried(context: LoweringContext, state: State, step: LockedStep): State | undefined {
  const draft = draftOf(state, step);
  const { region } = step.call;
  const within: LoweringContext = {
    ...context,
    state: draft,
    newLives: new Set(context.newLives),
    emit: (body, { at }) => {
      // Made for this call alone, as in the lowering: no copy.
      const event = body as { -readonly [K in keyof MmEvent]: MmEvent[K] };
      event.at = at;
      event.index = eventIndex(0);
      reduceInPlace(draft, event as MmEvent);
    },
  };
  try {
    step.emit(within, step.call.line, "interval");
    return draft;
  } catch (error) {
    if (error instanceof SimError) return undefined;
    throw error;
  } finally {
    if (region === undefined) delete step.call.region;
    else step.call.region = region;
  }
}
