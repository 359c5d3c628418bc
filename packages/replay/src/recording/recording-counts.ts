/**
 * Counts of a recording's lines and calls.
 */
import type { Fields } from "./lowering-context.ts";
import { numberField } from "./recorded-fields.ts";

/** Counts of a recording's observations. */
export interface RecordingCounts {
  observations: number;
  unmapped: number;
  lost: number;
  unread: number;
  /** Lines that came after later ones had been taken. */
  late: number;
  lines: number;
  invalidations: number;
  readSections: number;
  retries: number;
  busy: number;
  again: number;
  unexplained: number;
  /** Lines that lack what would judge them: the call that they belong to, or a field. */
  unjudged: number;
  /** Calls whose return is missing though that probe fires, and returns whose entry is missing. */
  torn: number;
}

/** Nothing counted yet. */
export function noCounts(): RecordingCounts {
  return {
    observations: 0,
    unmapped: 0,
    lost: 0,
    unread: 0,
    late: 0,
    lines: 0,
    invalidations: 0,
    readSections: 0,
    retries: 0,
    busy: 0,
    again: 0,
    unexplained: 0,
    unjudged: 0,
    torn: 0,
  };
}

/** Counts a call at its entry, or its result at its return. */
export function countCall(
  counts: RecordingCounts,
  role: string,
  edge: string,
  fields: Fields,
): void {
  if (edge === "entry") {
    if (role === "inv_start") counts.invalidations += 1;
    else if (role === "read_begin") counts.readSections += 1;
    return;
  }
  const ret = numberField(fields, "ret");
  if (role === "hmm_range_fault" && ret === -16) counts.busy += 1;
  else if (role === "inv_start" && ret === -11) counts.again += 1;
  else if (role === "read_retry" && ret !== null && ret !== 0) counts.retries += 1;
}
