/**
 * The edge of the process, passed in: a command writes to what it is given and returns its exit code.
 *
 * So a test runs a command in its own process and reads what it wrote, and nothing below `src/cli`
 * touches `process`.
 */

/** A place to write text to. */
export interface Output {
  readonly isTTY: boolean;
  /** True once the reader has gone away: nothing more needs to be written. */
  readonly closed: boolean;
  /** Resolves when more may be written; after the reader has gone it does nothing. */
  write(text: string): Promise<void>;
}

/** Everything that a command may touch outside of its arguments. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C: the command stops reading, prints what it knows and ends with 130. */
  readonly signal: AbortSignal;
}
