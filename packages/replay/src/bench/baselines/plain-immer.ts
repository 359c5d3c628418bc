/**
 * Baseline: Immer as it comes, one `produce` an event, with the recipes of the product.
 *
 * An instance of its own has Immer's defaults (each result is frozen), whatever the engine has set for
 * itself. No patches are made.
 */
import { reduceInPlace, type State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { Immer } from "immer";

const immer = new Immer({ autoFreeze: true });

/** The state after the events. */
export function plainImmer(initial: State, events: readonly MmEvent[]): State {
  let state = initial;
  for (const event of events) {
    state = immer.produce(state, (draft: State) => reduceInPlace(draft, event));
  }
  return state;
}
