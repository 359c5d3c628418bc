/** What a check can be told; all of it comes from the command line. */
import type { ClockChoice } from "./clocks.ts";
import type { Selection } from "./selection.ts";

/** Options of a check. */
export interface CheckOptions {
  /** Format instead of what the content says. */
  readonly format?: string;
  /** Name of a built-in profile, or the text of a user's (JSON). */
  readonly profile?: { readonly name: string } | { readonly json: string; readonly file: string };
  /** Rules to run; absent: all. */
  readonly rules?: readonly string[];
  /** Rules that must be observed. */
  readonly require?: readonly string[];
  /** What is judged, or shown; absent: everything. */
  readonly selection?: Selection;
  /** The user says that a text is whole which does not count its events. */
  readonly whole?: boolean;
  /** What the user says of the clock; the text of a recording does not name it. */
  readonly clock?: ClockChoice;
}
