/**
 * The fold of one file: all its events, reduced in place, and the hash of what they lead to.
 */
import { type Recipes, reduceInPlace, type State } from "@mmreplay/core";
import { type JournalHeader, type MmEvent, stateHash } from "@mmreplay/events";
import type { CheckOptions } from "../recording/check-options.ts";
import { readEvents } from "../recording/read-events.ts";
import { createSelector } from "../recording/selection.ts";

/** What a file folds to. */
export interface Fold {
  readonly kind: "run" | "recording";
  readonly events: number;
  /** Recorded values that no order of the recorded steps explains. */
  readonly unexplained: number;
  readonly finalState: State;
  /** 16 hex digits: equal for equal states. */
  readonly stateHash: string;
}

/** A state just after an event. It belongs to the fold: look at it, do not keep it. */
export interface FoldFrame {
  readonly index: number;
  readonly event: MmEvent;
  readonly state: State;
}

/**
 * Folds one file; `visit` sees the state after every event that the selection takes.
 *
 * @throws SimError when the file cannot be read, or an event cannot happen in its state.
 */
export async function foldBytes(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  visit?: (frame: FoldFrame) => void,
  signal?: AbortSignal,
): Promise<Fold> {
  let events = 0;
  const begin = (state: State, recipes?: Recipes) => {
    const { selection } = options;
    const selector = selection === undefined ? undefined : createSelector(selection, state);
    return {
      state,
      header: (header: JournalHeader) => selector?.header(header),
      apply(event: MmEvent) {
        selector?.before(event);
        reduceInPlace(state, event, recipes);
        events += 1;
        if (selector?.after() !== false) visit?.({ index: event.index, event, state });
      },
    };
  };
  const { taker, summary } = await readEvents(file, bytes, options, begin, { signal });
  return {
    kind: summary.kind,
    events,
    unexplained: summary.counts.unexplained,
    finalState: taker.state,
    stateHash: stateHash(taker.state),
  };
}
