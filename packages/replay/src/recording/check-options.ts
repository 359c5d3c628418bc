/** What a check can be told; all of it comes from the command line. */

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
}
