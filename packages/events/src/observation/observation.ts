/**
 * What a recording says, line by line, before anything is concluded from it.
 *
 * An observation is what one probe printed: when, where, at entry or return. Observations are
 * partial, and their order (that of the time stamps) is not the order under the locks. Importers
 * turn every line into one of these and lose nothing: losses, markers and unread lines are
 * observations, too. Lowering (packages/replay) turns them into events.
 */

/** What one probe printed. */
export interface ProbeObservation {
  readonly kind: "probe";
  /** Line in the decompressed file, from 1. */
  readonly line: number;
  /** Rank in the order of time, from 1, where the lines of the format are not in that order. */
  readonly place?: number;
  /** Later ones had been passed on before it was read: its place is not that of its time. */
  readonly late?: true;
  /** Process id of the thread, as printed (Linux's tid). */
  readonly task: number;
  /** Task name as printed; may be `<...>`. */
  readonly comm: string;
  readonly cpu: number;
  /** Nanoseconds, or the clock's own unit (`counter`, `x86-tsc`), from the recording's base. */
  readonly at: number;
  /** Probe name as printed, without its group and without the `_ret` of a return probe. */
  readonly probe: string;
  readonly edge: "entry" | "return";
  /** Arguments as printed: `name=value`, in their order. */
  readonly fields: Readonly<Record<string, string>>;
  /** What else the line said: the parenthesis of a dynamic probe, or a body without `name=value`. */
  readonly rest: string;
}

/** Events that the recorder dropped: `CPU:1 [LOST 5345 EVENTS]`; `count` 0 where none is printed. */
export interface LostObservation {
  readonly kind: "lost";
  readonly line: number;
  /** As of a probe. */
  readonly place?: number;
  readonly cpu: number;
  /** The recorder does not say when: it was at some time before. */
  readonly anywhere?: true;
  readonly count: number;
}

/** `##### CPU 1 buffer started ####`: nothing is known of this CPU before this line. */
export interface BufferStartedObservation {
  readonly kind: "buffer-started";
  readonly line: number;
  readonly cpu: number;
}

/** What the head of the file says of the whole. */
export interface HeaderObservation {
  readonly kind: "header";
  readonly line: number;
  /** Events in the file according to its head; absent where it has no counts. */
  readonly inBuffer?: number;
  /** Events that were recorded; more than `inBuffer` means that the oldest were overwritten. */
  readonly written?: number;
  readonly cpus?: number;
}

/** A line that is no event: a stack frame, the second line of a marker, or something unread. */
export interface OtherObservation {
  readonly kind: "other";
  readonly line: number;
  readonly reason: "continuation" | "stack" | "note" | "unread";
  readonly text: string;
}

/** One line of a recording. */
export type Observation =
  | ProbeObservation
  | LostObservation
  | BufferStartedObservation
  | HeaderObservation
  | OtherObservation;
