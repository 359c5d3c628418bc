/**
 * `import`: the text of a recording to a journal of its events.
 */
import { reduceInPlace } from "@mmreplay/core";
import { encodeEvent, encodeHeader } from "@mmreplay/events";
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
): Promise<ImportSummary> {
  const { summary } = await readEvents(file, bytes, options, (state) => ({
    state,
    header: (header) => write(encodeHeader(header)),
    apply(event) {
      reduceInPlace(state, event);
      write(encodeEvent(event));
    },
  }));
  const { counts, inBuffer, written } = summary;
  return {
    observations: counts.observations,
    skipped: counts.unread,
    lost: counts.lost + Math.max((written ?? 0) - (inBuffer ?? 0), 0),
  };
}
