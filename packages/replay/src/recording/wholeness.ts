/**
 * Whether a recording is whole, as far as it shows: what it does not show is never "held".
 *
 * A head that counts the events decides it. Without one, lines may have been cut off or taken out
 * anywhere, so nothing follows from what is not there. The user may say that the text is whole: then what
 * was seen to hold is held, but an absence still proves nothing.
 * Only tracefs prints such a head. A second one says that the file is two recordings.
 */
import type { Checker } from "./checker.ts";
import { looseOrder } from "./clocks.ts";
import type { ReadSummary } from "./read-events.ts";

/** What is known of the recording as a whole when it ends. */
export interface Wholeness {
  /** Nothing was lost, cut or overwritten; the file says so itself, or its user does. */
  readonly whole: boolean;
  /** Events are missing, and nothing says where. */
  readonly holes: boolean;
  /** Events may be missing at any place, and nothing would say so. */
  readonly uncounted: boolean;
  /** Why a rule that only held is nevertheless undecided; empty: nothing speaks against it. */
  readonly gaps: readonly string[];
  /** Lines of different processors are in no certain order. */
  readonly loose: boolean;
}

/** A simulated run shows all that happens. */
export const WHOLE: Wholeness = {
  whole: true,
  holes: false,
  uncounted: false,
  gaps: [],
  loose: false,
};

/** What is missing of a recording, in sentences. */
function gapsOf({ counts, inBuffer, written, uncounted, ended, stopped }: ReadSummary): string[] {
  const gaps: string[] = [];
  if (stopped) gaps.push("The check was stopped before the end of the file.");
  else if (!ended) gaps.push("The journal has no end: it was cut.");
  if (counts.lost > 0) gaps.push(`The recorder dropped ${counts.lost} events.`);
  if (uncounted) {
    gaps.push("Nothing in the text counts its events: --whole says that none is missing.");
  }
  if (inBuffer !== undefined && written !== undefined && written > inBuffer) {
    gaps.push(`The buffer was overwritten: ${written - inBuffer} older events are missing.`);
  }
  if (inBuffer !== undefined && inBuffer > counts.observations) {
    gaps.push(
      `The head says ${inBuffer} events, the file has ${counts.observations}: it was cut or thinned.`,
    );
  }
  if (inBuffer !== undefined && counts.observations > inBuffer) {
    gaps.push(
      `The head says ${inBuffer} events, the file has ${counts.observations}: check one recording at a time.`,
    );
  }
  if (counts.torn > 0) {
    gaps.push(`${counts.torn} calls lack their entry or their return: lines are missing.`);
  }
  if (counts.unjudged > 0) {
    gaps.push(
      `${lines(counts.unjudged)} cannot be judged: the call around them, or a field, is not recorded.`,
    );
  }
  if (counts.late > 0) {
    gaps.push(`${lines(counts.late)} came too late to be put in the order of time.`);
  }
  if (counts.unread > 0) gaps.push(`${lines(counts.unread)} could not be read.`);
  return gaps;
}

const lines = (number: number): string => `${number} line${number === 1 ? "" : "s"}`;

/** What is known of a recording as a whole, and of what was seen in it. */
export function wholenessOf(
  { seen, processors, restarted }: Pick<Checker, "seen" | "processors" | "restarted">,
  summary: ReadSummary,
): Wholeness {
  const { counts, inBuffer, written, uncounted, kind } = summary;
  const gaps = gapsOf(summary);
  const said = counts.lost > 0 || counts.late > 0 || counts.unread > 0;
  if (seen.has("lost_events") && !said) {
    gaps.push("The recorder dropped events and does not say how many.");
  }
  if (restarted && !uncounted)
    gaps.push("It begins anew in its midst: check one recording at a time.");
  const loose = processors.size !== 1 ? looseOrder(summary.clock) : undefined;
  if (loose !== undefined) gaps.push(loose);
  // What the user says of a text lets its rules hold. It does not make an absence a proof:
  // a correct driver's perf recording without a report of losses lacks 14 set_seq (traces/README.md).
  const complete =
    inBuffer !== undefined && inBuffer === written && inBuffer === counts.observations;
  return {
    whole: gaps.length === 0 && (kind === "run" || complete),
    holes:
      summary.stopped ||
      counts.torn > 0 ||
      (inBuffer !== undefined && inBuffer > counts.observations),
    uncounted: uncounted || restarted,
    gaps,
    loose: loose !== undefined,
  };
}
