/**
 * The immutable engine: the recipes under Immer.
 *
 * For streams, time travel and the viewer. Every state is frozen and shares what did not change
 * with the one before; the patches lead from one to the next and back.
 *
 * Immer's own freezing looks at every element of a changed list, and V8 copies a frozen list forty times
 * slower than another one. So Immer's is off, `frozen` freezes what is new, and Immer is given open
 * copies of the long lists: whatever leaves this module is frozen all the same.
 */
import { type MmEvent, SimError } from "@mmreplay/events";
import { enableArrayMethods, enablePatches, Immer, type Patch } from "immer";
import type { State } from "../state/state.ts";
import { applyEvent, type Recipes } from "./recipes.ts";

enableArrayMethods();
enablePatches();

const immer = new Immer({ autoFreeze: false });

/** A state and the way to it and back. */
export interface Step {
  readonly state: State;
  readonly patches: readonly Patch[];
  readonly inverse: readonly Patch[];
}

/**
 * The state after one event; `state` is left as it was.
 *
 * @throws SimError `E_ILLEGAL_EVENT` with the event's index when the event cannot happen here.
 * @example
 * ```ts
 * const before = emptyState();
 * const after = reduce(before, { index: eventIndex(0), task: taskId(0), type: "mm_create", mm: mmId(0) });
 * before.mms.length; // 0
 * after.mms.length; // 1
 * ```
 */
export function reduce(state: State, event: MmEvent): State {
  const open = opened(state);
  const next = placed(event, () => immer.produce(open, (draft: State) => applyEvent(draft, event)));
  return closed(next, open, state);
}

/** The state after one event, with the patches there and back; `recipes` are those of a mutant. */
export function reduceWithPatches(state: State, event: MmEvent, recipes?: Recipes): Step {
  const open = opened(state);
  const [next, patches, inverse] = placed(event, () =>
    immer.produceWithPatches(open, (draft: State) => applyEvent(draft, event, recipes)),
  );
  return { state: closed(next, open, state), patches, inverse };
}

/** The state that a list of patches leads to. */
export function patched(state: State, patches: readonly Patch[]): State {
  const open = opened(state);
  return closed(immer.applyPatches(open, patches as Patch[]), open, state);
}

/** The lists that have an element for each object of a recording. */
const LONG_LISTS = ["notifiers", "mirrors", "tasks"] as const;

/** The same state with open copies of its long lists. */
function opened(state: State): State {
  const { notifiers, mirrors, tasks } = state;
  return { ...state, notifiers: [...notifiers], mirrors: [...mirrors], tasks: [...tasks] };
}

/** Freezes what `next` was changed in from `open`; what was not changed is that of `before`. */
function closed(next: State, open: State, before: State): State {
  if (next === open) return before;
  for (const name of LONG_LISTS) if (next[name] === open[name]) restore(next, before, name);
  // A state that is not from here may hold parts that are not frozen.
  return frozen(next, Object.isFrozen(before) ? before : undefined);
}

function restore<K extends keyof State>(next: State, before: State, name: K): void {
  next[name] = before[name];
}

/** Freezes what `next` does not share with `before`. */
function frozen<T>(next: T, before: unknown): T {
  if (typeof next !== "object" || next === null || Object.isFrozen(next)) return next;
  const old = (typeof before === "object" && before !== null ? before : {}) as Partial<T>;
  if (Array.isArray(next)) {
    const list = Array.isArray(old) ? old : [];
    for (let at = 0; at < next.length; at += 1)
      if (next[at] !== list[at]) frozen(next[at], list[at]);
  } else {
    for (const key in next) if (next[key] !== old[key]) frozen(next[key], old[key]);
  }
  return Object.freeze(next);
}

function placed<T>(event: MmEvent, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof SimError ? error.at(`event ${event.index} (${event.type})`) : error;
  }
}
