/**
 * `import`: the text of a recording to a journal of its events.
 */
import { type Recipes, reduceInPlace, type State } from "@mmreplay/core";
import { encodeEvent, encodeHeader, type JournalHeader, type MmEvent } from "@mmreplay/events";
import type { CheckOptions } from "./check-options.ts";
import { readEvents } from "./read-events.ts";

/** What was imported. */
export interface ImportSummary {
  /** Event lines. */
  readonly observations: number;
  /** Lines that could not be read. */
  readonly skipped: number;
  /** Events that the recorder says it dropped. */
  readonly lost: number;
}

/**
 * Writes the journal of one file, line by line, each with its newline.
 *
 * @throws SimError when the file cannot be read as a recording or journal.
 */
export async function importBytes(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  write: (line: string) => void,
  signal?: AbortSignal,
): Promise<ImportSummary> {
  const begin = (state: State, recipes?: Recipes) => ({
    state,
    header: (header: JournalHeader) => write(encodeHeader(header)),
    apply(event: MmEvent) {
      reduceInPlace(state, event, recipes);
      write(encodeEvent(event));
    },
  });
  const { summary } = await readEvents(file, bytes, options, begin, { signal });
  const { counts, inBuffer, written } = summary;
  return {
    observations: counts.observations,
    skipped: counts.unread,
    lost: counts.lost + Math.max((written ?? 0) - (inBuffer ?? 0), 0),
  };
}
