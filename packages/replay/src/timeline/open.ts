/**
 * A file to its timeline: read once, folded in place, with checkpoints on the way.
 *
 * What a selection takes is known when an event has been folded, so it is noted in the same pass; the timeline has all
 * events, whatever is selected.
 */
import type { Recipes, State } from "@mmreplay/core";
import { type JournalHeader, type JournalLine, type MmEvent, SimError } from "@mmreplay/events";
import type { CheckOptions } from "../recording/check-options.ts";
import { type Reading, type ReadSummary, readEvents } from "../recording/read-events.ts";
import { createSelector, type Selection, type Selector } from "../recording/selection.ts";
import { EventSet } from "./event-set.ts";
import { Timeline } from "./timeline.ts";

/**
 * Events between the first checkpoints of a file. A copy of a state with a thousand notifiers takes as long as hundreds
 * of events, so there are few; that many events are replayed in a hundredth of a second.
 */
const CHECKPOINT_DISTANCE = 4096;

/** A timeline with what its file was. */
export interface OpenedTimeline {
  readonly timeline: Timeline;
  readonly summary: ReadSummary;
  /** What a journal of it begins with. */
  readonly header: JournalHeader | undefined;
  readonly selection: Selection | undefined;
  /** The events that the selection takes; undefined: there is none. */
  readonly selected: EventSet | undefined;
}

/**
 * Reads a journal or a recording.
 *
 * @param bytes Its text; gzip is unpacked by who opens the file (`createGunzip` of node:zlib), and refused here. The
 * pieces of a journal are kept, so they are not to be filled again.
 * @throws SimError when the file cannot be read (`E_BINARY`: it is gzip still), an event cannot happen in its state, or nothing is selected
 * (`E_SELECTION`).
 */
export async function openTimeline(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions = {},
  reading: Reading = {},
): Promise<OpenedTimeline> {
  const { selection } = options;
  const selected = selection === undefined ? undefined : new EventSet();
  let header: JournalHeader | undefined;
  const begin = (state: State, recipes?: Recipes) => {
    const timeline = new Timeline(state, recipes, CHECKPOINT_DISTANCE);
    const selector = selection === undefined ? undefined : createSelector(selection, state);
    return {
      state,
      timeline,
      selector,
      header(read: JournalHeader) {
        header = read;
        selector?.header(read);
      },
      apply(event: MmEvent, line?: JournalLine) {
        selector?.before(event);
        timeline.append(event, line);
        if (selector?.after() === true) selected?.add(event.index);
      },
    };
  };
  const { taker, summary } = await readEvents(file, bytes, options, begin, reading);
  if (selected?.count === 0 && !summary.stopped) throw nothingSelected(file, taker.selector);
  return { timeline: taker.timeline, summary, header, selection, selected };
}

/** The refusal of a selection that takes no event of a file. */
export function nothingSelected(file: string, selector: Selector | undefined): SimError {
  return new SimError({
    code: "E_SELECTION",
    place: file,
    found: "no event that the selection takes",
    expected: `at least one: ${selector?.alternatives() ?? "it has none"}`,
    action: "Select something that it has.",
  });
}
