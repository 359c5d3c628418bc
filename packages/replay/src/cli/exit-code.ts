/**
 * Exit codes, as the command line's contract fixes them (cli.md).
 *
 * They are for scripts: violated and undecided must be told apart, and neither may look like a
 * mistake in the arguments.
 */

/** Held, done, equal, all as expected. */
export const EXIT_OK = 0;
/** A rule was violated, a difference, a mismatch. */
export const EXIT_VIOLATED = 1;
/** Bad usage or unreadable input. */
export const EXIT_USAGE = 2;
/** Undecided. */
export const EXIT_UNDECIDED = 3;
/** Ended by Ctrl-C, as shells number it. */
export const EXIT_INTERRUPTED = 130;

/** Several files have one exit code: 2 before 1 before 3 before 0. */
const PRECEDENCE: readonly number[] = [EXIT_USAGE, EXIT_VIOLATED, EXIT_UNDECIDED, EXIT_OK];

/** The exit code of several files from the codes of each. */
export function combinedExit(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT_OK;
}
