/**
 * The events around one of a file, for a picture of it: who was there, and what everybody did.
 */
import { type Recipes, reduceInPlace, type State } from "@mmreplay/core";
import { type JournalHeader, type MmEvent, SimError, type TaskId } from "@mmreplay/events";
import type { PictureInput } from "../report/table/picture.ts";
import type { CheckOptions } from "./check-options.ts";
import { type ReadSummary, readEvents } from "./read-events.ts";
import { createSelector } from "./selection.ts";
import { AFTER_MAX, aroundEvent, BEFORE_MAX } from "./slice-around.ts";

/**
 * The picture's input for event `at` of a file, with those of the others that the selection takes.
 *
 * @throws SimError `E_INDEX` when there is no such event, and what reading the file throws.
 */
export async function eventsAround(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  at: number,
  signal?: AbortSignal,
): Promise<PictureInput> {
  const slice: MmEvent[] = [];
  let events = 0;
  const { selection } = options;
  const begin = (state: State, recipes?: Recipes) => {
    const selector = selection === undefined ? undefined : createSelector(selection, state);
    return {
      state,
      header: (header: JournalHeader) => selector?.header(header),
      apply(event: MmEvent) {
        selector?.before(event);
        reduceInPlace(state, event, recipes);
        const shown = selector?.after() !== false || event.index === at;
        events += 1;
        if (!shown || event.index > at + AFTER_MAX) return;
        slice.push(event);
        if (event.index <= at && slice.length > 2 * BEFORE_MAX) slice.splice(0, BEFORE_MAX);
      },
    };
  };
  const { summary } = await readEvents(file, bytes, options, begin, { signal });
  const asked = slice.find(({ index }) => index === at);
  if (asked === undefined) throw noEvent(file, at, events);
  return pictureOfEvent(file, slice, asked, summary);
}

/** The picture's input for one event among those around it. */
export function pictureOfEvent(
  file: string,
  slice: readonly MmEvent[],
  asked: MmEvent,
  { taskNames, pointers }: Pick<ReadSummary, "taskNames" | "pointers">,
): PictureInput {
  const nameOf = (task: TaskId): string => taskNames.get(task) ?? `task${task}`;
  return {
    file,
    slice,
    finding: aroundEvent(slice, asked, nameOf),
    taskNames: Object.fromEntries(taskNames),
    pointers: Object.fromEntries(pointers),
  };
}

function noEvent(file: string, at: number, events: number): SimError {
  return new SimError({
    code: "E_INDEX",
    place: file,
    found: `no event ${at}`,
    expected: `an index from 0 to ${events - 1}`,
    action: "mmreplay replay FILE counts the events.",
  });
}
