/**
 * The immutable engine: the recipes under Immer.
 *
 * For streams, time travel and the viewer. Every state is frozen and shares what did not change
 * with the one before; the patches lead from one to the next and back.
 */
import { type MmEvent, SimError } from "@mmreplay/events";
import { applyPatches, enablePatches, type Patch, produce, produceWithPatches } from "immer";
import type { State } from "../state/state.ts";
import { applyEvent } from "./recipes.ts";

enablePatches();

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
  return placed(event, () => produce(state, (draft: State) => applyEvent(draft, event)));
}

/** The state after one event, with the patches there and back. */
export function reduceWithPatches(state: State, event: MmEvent): Step {
  const [next, patches, inverse] = placed(event, () =>
    produceWithPatches(state, (draft: State) => applyEvent(draft, event)),
  );
  return { state: next, patches, inverse };
}

/** The state that a list of patches leads to. */
export function patched(state: State, patches: readonly Patch[]): State {
  return applyPatches(state, patches as Patch[]);
}

function placed<T>(event: MmEvent, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof SimError ? error.at(`event ${event.index} (${event.type})`) : error;
  }
}
