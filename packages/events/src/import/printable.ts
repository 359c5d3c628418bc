/**
 * Recorded text made safe to show.
 *
 * A task may call itself anything, escape sequences of the terminal and characters that turn the
 * direction of writing included. Observations keep the bytes as they were; a message shows them
 * through here.
 */

// Controls, which a terminal acts upon; format characters, which reorder or hide text (bidi, zero
// width, tags); separators of lines and paragraphs; and halves of surrogate pairs.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const EXCERPT_LENGTH_MAX = 60;

/** The text with each unsafe character as `\xNN` or `\u{NNNN}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (c) => {
    const code = (c.codePointAt(0) ?? 0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

/** The beginning of a line, printable and in quotes, for a message. */
export function excerpt(line: string): string {
  const cut = line.length > EXCERPT_LENGTH_MAX;
  return `"${printable(cut ? line.slice(0, EXCERPT_LENGTH_MAX) : line)}${cut ? "…" : ""}"`;
}
