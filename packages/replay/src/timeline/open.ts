/**
 * A file to its timeline: read once, folded in place, with checkpoints on the way.
 */
import type { Recipes, State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import type { CheckOptions } from "../recording/check-options.ts";
import { type Reading, type ReadSummary, readEvents } from "../recording/read-events.ts";
import { Timeline } from "./timeline.ts";

/** A timeline with what its file was. */
export interface OpenedTimeline {
  readonly timeline: Timeline;
  readonly summary: ReadSummary;
}

/**
 * Reads a journal or a recording.
 *
 * @throws SimError when the file cannot be read, or an event cannot happen in its state.
 */
export async function openTimeline(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions = {},
  reading: Reading = {},
): Promise<OpenedTimeline> {
  const begin = (state: State, recipes?: Recipes) => {
    const timeline = new Timeline(state, recipes);
    const apply = (event: MmEvent, line?: string) => timeline.append(event, line);
    return { state, timeline, apply };
  };
  const { taker, summary } = await readEvents(file, bytes, options, begin, reading);
  return { timeline: taker.timeline, summary };
}
