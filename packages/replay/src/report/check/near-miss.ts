/**
 * `--near-miss`: how often a race was run into and caught.
 *
 * That is the protocol at work, and shows that the test bites. A test that never came near a race
 * says little when it holds, so that is said as plainly, and why.
 */
import type { FileReport } from "../../recording/check-report.ts";
import { count } from "./outcome.ts";

/** Races that were caught, in numbers and as a sentence. */
export interface NearMisses {
  /** By read_retry. */
  readonly retries: number;
  /** By hmm_range_fault, which returned -EBUSY. */
  readonly busy: number;
  readonly readSections: number;
  readonly text: string;
}

/** The near misses of a file. */
export function nearMisses({ retries, busy, readSections, invalidations }: FileReport): NearMisses {
  const numbers = { retries, busy, readSections };
  if (retries + busy > 0) {
    const text = `near misses: ${retries} caught by read_retry, ${busy} by hmm_range_fault (-EBUSY), in ${count(readSections, "read section")}`;
    return { ...numbers, text };
  }
  return { ...numbers, text: `no near miss: ${whyNone(readSections, invalidations)}` };
}

function whyNone(readSections: number, invalidations: number): string {
  if (readSections === 0) return "the file has no read section, so nothing could be run into";
  if (invalidations === 0) return "the file has no invalidation, so nothing could be run into";
  return `none of ${count(readSections, "read section")} is seen to have met one of ${count(invalidations, "invalidation")}, by read_retry or -EBUSY`;
}
