/**
 * Lines whose values make no possible event: they are counted, and do not stop the rest.
 */
import { SimError } from "@mmreplay/events";
import type { RecordingCounts } from "./recording-counts.ts";

/** Runs what may be refused. */
export function guarded(counts: RecordingCounts, run: () => void): void {
  try {
    run();
  } catch (error) {
    countRefused(counts, error);
  }
}

/** Counts what was refused: an event that cannot happen here, or a line that could not be read. */
export function countRefused(counts: RecordingCounts, error: unknown): void {
  if (!(error instanceof SimError)) throw error;
  if (error.parts.code === "E_ILLEGAL_EVENT") counts.unexplained += 1;
  else counts.unread += 1;
}
