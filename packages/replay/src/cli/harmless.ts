/**
 * Text from outside on its way to a terminal: names of files and tasks may hold escape sequences, line
 * ends and characters that turn the direction of writing.
 *
 * packages/events has the same for recorded text; this one loads nothing, because every command,
 * `--help` included, may have to print an error.
 */

// Controls, format characters (bidi, zero width, tags), separators, halves of surrogate pairs.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text as one line, with each unsafe character as `\xNN` or `\u{NNNN}`. */
export function harmless(text: string): string {
  return text.replace(UNSAFE, (c) => {
    const code = (c.codePointAt(0) ?? 0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

/** The same for text of several lines. */
export function harmlessLines(text: string): string {
  return text.split("\n").map(harmless).join("\n");
}
