/**
 * The journal to a timeline and to what is drawn of it, in short turns.
 */
import { emptyState } from "@mmreplay/core";
import type { JournalHeader, MmEvent } from "@mmreplay/events";
import { Timeline } from "../../src/timeline/timeline.ts";
import type { StaleFrom } from "../../src/view/violations.ts";
import { Recorded } from "../model/recorded.ts";
import { StalePages } from "../model/stale-pages.ts";
import { Breath } from "./breath.ts";
import { recipesOf } from "./journal-recipes.ts";
import { plainText } from "./plain-text.ts";

/** A file that is being read, or was. */
export interface Loaded {
  readonly timeline: Timeline;
  readonly recorded: Recorded;
  /** Pages that violations made stale. */
  readonly stale: StalePages;
}

/**
 * Begins a timeline for the events below a header; a mutant's journal is folded by its own recipes.
 *
 * @param stale What violations say of pages, in the order of their events.
 */
export function beginLoad(
  { seqModulus, mutant }: JournalHeader,
  stale: readonly StaleFrom[],
): Loaded {
  const timeline = new Timeline(emptyState(seqModulus), recipesOf(mutant), undefined, plainText);
  return { timeline, recorded: new Recorded(), stale: new StalePages(stale) };
}

/** Reads the journal's text to its end. */
export async function loadJournal(
  text: ReadableStream<string>,
  { timeline, recorded, stale }: Loaded,
  progress: (events: number) => void,
): Promise<void> {
  const reader = text.getReader();
  const breath = new Breath();
  let rest = "";
  let begun = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      // The first line is the header, which stands in the head, too.
      if (begun) {
        const event = JSON.parse(line) as MmEvent;
        timeline.append(event, { text: line });
        recorded.saw(event);
        stale.saw(event, timeline.head);
      }
      begun = true;
      if (breath.due) {
        progress(timeline.length);
        await breath.take();
      }
    }
  }
}
