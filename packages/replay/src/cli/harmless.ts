/**
 * Text from outside on its way to a terminal: names of files and tasks may hold escape sequences.
 *
 * packages/events has the same for recorded text; this one loads nothing, because every command,
 * `--help` included, may have to print an error.
 */

// C0 but newline, DEL and C1: everything that a terminal may act upon.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g;

/** The text with each control character but the newline as `\xNN`. */
export function harmless(text: string): string {
  return text.replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
