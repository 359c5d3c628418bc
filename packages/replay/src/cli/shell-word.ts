/**
 * A name on a line that is made to be pasted into a shell.
 */

/** The word as a POSIX shell reads it back: in quotes where it needs them. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
