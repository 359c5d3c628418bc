/**
 * What a check says of one file.
 *
 * Violated before undecided before held; a rule that the recording's probes can never show is
 * unobserved and does not count. The names of the fields are those of the command line's contract.
 */
import type { Address, MmEvent } from "@mmreplay/events";
import type { SelectedEvents } from "./selection.ts";
import type { ClockBase } from "./time-stamp.ts";

/** The answer for a file or a rule. */
export type FileVerdict = "held" | "violated" | "undecided";

/** One line of evidence: an earlier event, with the lines of the recording that show it. */
export interface EvidenceLine {
  /** Line of the recording; null for a simulated event. */
  readonly line: number | null;
  readonly index: number;
  readonly task: string;
  readonly text: string;
}

/** One violation. */
export interface Finding {
  readonly rule: string;
  readonly verdict: "violated";
  /** Line of the recording; null in a journal of a run. */
  readonly line: number | null;
  /** Index of the event. */
  readonly index: number;
  /** Time since `clock.base`, in its unit; null in a journal of a run. */
  readonly at: number | null;
  /** Name and thread id of the task: `stress-153`. */
  readonly task: string;
  readonly address: Address | null;
  readonly message: string;
  /** In order; the last one is the event that violates the rule. */
  readonly evidence: readonly EvidenceLine[];
}

/** How often a rule was seen, and how it came out. */
export interface RuleCounts {
  held: number;
  violated: number;
  undecided: number;
  /** 1 when the recording's probes can never show it. */
  unobserved: number;
}

/** A named kernel object of the recording: `notifier3` is 0xffff8881000563d8. */
export type PointerNames = Readonly<Record<string, string>>;

/** What a check says of one file. */
export interface FileReport {
  readonly file: string;
  readonly format: string;
  readonly verdict: FileVerdict;
  /** Event lines of a recording, events of a journal. */
  readonly events: number;
  /** Event lines that no probe of the profile maps. */
  readonly unmapped: number;
  /** Events that the recorder says it dropped. */
  readonly lost: number;
  readonly notifiers: number;
  /** Calls of range_start. */
  readonly invalidations: number;
  /** Calls of read_begin. */
  readonly readSections: number;
  /** read_retry was true. */
  readonly retries: number;
  /** hmm_range_fault returned -EBUSY. */
  readonly busy: number;
  /** range_start returned -EAGAIN. */
  readonly again: number;
  readonly rules: Readonly<Record<string, RuleCounts>>;
  /** In the order of their lines; at most `FINDINGS_MAX`, the rest is in `rules[].violated`. */
  readonly findings: readonly Finding[];
  /** Violations that are counted and not listed. */
  readonly omitted: number;
  /** Why the verdict is undecided, or what limits it, in sentences. */
  readonly notes: readonly string[];
  /** The finding to show first: proven harm before a broken contract. Index into `findings`. */
  readonly headline: number | null;
  /** The events around the headline, for the two-column table. */
  readonly slice: readonly MmEvent[];
  readonly taskNames: Readonly<Record<number, string>>;
  readonly pointers: PointerNames;
  readonly lines: number;
  /** Lines that could not be read. */
  readonly skipped: number;
  /** Recorded values that no order of the recorded steps explains. */
  readonly unexplained: number;
  /** What the times of a recording are. */
  readonly clock?: ClockBase;
  /**
   * Events that are judged, of those that the file was lowered to; absent without a selection. The
   * other counts are of the whole file, but for those of the rules.
   */
  readonly selected?: SelectedEvents;
}

/** Findings that are listed for a file. */
export const FINDINGS_MAX = 100;
