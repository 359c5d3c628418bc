/**
 * Recorded text made safe to show.
 *
 * A task may call itself anything, escape sequences of the terminal included. Observations keep the
 * bytes as they were; a message shows them through here.
 */

// C0, DEL and C1: everything that a terminal may act upon.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

const EXCERPT_LENGTH_MAX = 60;

/** The text with each control character as `\xNN`. */
export function printable(text: string): string {
  return text.replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** The beginning of a line, printable and in quotes, for a message. */
export function excerpt(line: string): string {
  const cut = line.length > EXCERPT_LENGTH_MAX;
  return `"${printable(cut ? line.slice(0, EXCERPT_LENGTH_MAX) : line)}${cut ? "…" : ""}"`;
}
