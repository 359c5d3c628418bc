/**
 * The characters that scanners look for, and the steps they share.
 *
 * Columns are separated by spaces, never by other white space: in latin1 text a byte 0xa0 would be
 * white space for a regular expression, and it may well be a part of a task's name.
 */

/** The code of a newline. */
export const NEWLINE = 0x0a;
/** The code of a carriage return. */
export const RETURN = 0x0d;
/** The code of ` `. */
export const SPACE = 0x20;
/** The code of `"`. */
export const QUOTE = 0x22;
/** The code of `#`. */
export const HASH = 0x23;
/** The code of `(`. */
export const OPEN = 0x28;
/** The code of `)`. */
export const CLOSE = 0x29;
/** The code of `,`. */
export const COMMA = 0x2c;
/** The code of `-`. */
export const DASH = 0x2d;
/** The code of `.`. */
export const DOT = 0x2e;
/** The code of `:`. */
export const COLON = 0x3a;
/** The code of `<`. */
export const LESS = 0x3c;
/** The code of `=`. */
export const EQUALS = 0x3d;
/** The code of `[`. */
export const OPEN_BRACKET = 0x5b;
/** The code of `]`. */
export const CLOSE_BRACKET = 0x5d;
/** The code of `{`. */
export const OPEN_BRACE = 0x7b;
/** The code of `0`. */
export const ZERO = 0x30;
const UNDERSCORE = 0x5f;

/** Whether the code is that of a decimal digit. */
export function isDigit(code: number): boolean {
  return code >= ZERO && code <= 0x39;
}

/** Whether the code may stand in a C identifier. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === UNDERSCORE ||
    isDigit(code)
  );
}

/** The first place from `at` that holds no space. */
export function skipSpaces(line: string, at: number): number {
  let next = at;
  while (line.charCodeAt(next) === SPACE) next += 1;
  return next;
}

/** The first place from `at` that holds no digit. */
export function skipDigits(line: string, at: number): number {
  let next = at;
  while (isDigit(line.charCodeAt(next))) next += 1;
  return next;
}

/** The first place from `at` that holds a space, or the end. */
export function endOfWord(line: string, at: number): number {
  const space = line.indexOf(" ", at);
  return space < 0 ? line.length : space;
}

/** The number that the digits `line[from, to)` make; exact up to 15 of them. */
export function decimal(line: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + (line.charCodeAt(at) - ZERO);
  return value;
}
