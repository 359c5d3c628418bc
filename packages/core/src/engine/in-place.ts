/**
 * The in-place engine: the recipes on a privately owned state.
 *
 * For bulk replay, checking and exploring. The caller gives the state away: nobody else may hold a
 * reference to it or to a part of it.
 */
import { type MmEvent, SimError } from "@mmreplay/events";
import type { State } from "../state/state.ts";
import { applyEvent, type Recipes } from "./recipes.ts";

/**
 * Changes `state` by one event; `recipes` are those of a mutant.
 *
 * @throws SimError `E_ILLEGAL_EVENT` with the event's index when the event cannot happen here.
 * @example
 * ```ts
 * const state = emptyState();
 * reduceInPlace(state, { index: eventIndex(0), task: taskId(0), type: "mm_create", mm: mmId(0) });
 * state.mms[0]?.users; // 1
 * ```
 */
export function reduceInPlace(state: State, event: MmEvent, recipes?: Recipes): void {
  try {
    applyEvent(state, event, recipes);
  } catch (error) {
    throw error instanceof SimError ? error.at(`event ${event.index} (${event.type})`) : error;
  }
}
