/**
 * Bytes to lines, in bounded memory.
 *
 * The kernel pads task names by bytes (`%16s`), so columns are columns of bytes: each byte becomes
 * one character (latin1) and is never decoded further here. A reader may take a line as it stands in
 * the bytes; of the others a string is made, each for itself, so that no text keeps a whole block
 * alive. A line without an end may not fill the memory; past LINE_LENGTH_MAX it is delivered once, cut
 * and marked, and the rest of it is skipped.
 */
import { NEWLINE, RETURN } from "./characters.ts";

/** The longest line that is read whole, in bytes. */
export const LINE_LENGTH_MAX = 64 * 1024;

/** Larger argument lists make `String.fromCharCode.apply` three times slower (V8). */
const BLOCK_BYTES = 8192;

/** Bytes of the lines that share a text; V8 has to get new memory for one that is much longer. */
const SHARED_BYTES = 32 * 1024;

/**
 * Takes one line without its end; `cut` when only its beginning is given. `from` is where it begins in the chunk
 * if it stands there whole and shares its text with others; else -1.
 */
export type OnLine = (line: string, cut: boolean, from: number) => void;

/**
 * Takes the line at `bytes[from]`, whose newline is among the bytes, and returns the place after the
 * newline; or -1: then it goes to `OnLine`.
 */
export type TakeLine = (bytes: Uint8Array, from: number) => number;

/** The bytes from `from`, below `to`, each as one character. */
export type TextOf = (bytes: Uint8Array, from: number, to: number) => string;

/** Splits chunks into lines; `end` delivers a last line that has no newline. */
export interface LineSplitter {
  push(chunk: Uint8Array, onLine: OnLine, take?: TakeLine): void;
  end(onLine: OnLine): void;
}

/** Each byte as one character. */
export function latin1(bytes: Uint8Array): string {
  if (bytes.length <= BLOCK_BYTES) return decodeBlock(bytes);
  let text = "";
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    text += decodeBlock(bytes.subarray(at, at + BLOCK_BYTES));
  }
  return text;
}

/**
 * A splitter that has seen nothing yet.
 *
 * @param textOf What the platform has that is faster than `latin1`.
 * @param sharesText One text is made of many lines, which is less work: for who keeps no part of a line.
 */
export function createLineSplitter(
  textOf: TextOf = latin1Between,
  sharesText: boolean = false,
): LineSplitter {
  let carry = "";
  let skipping = false;

  function finish(tail: string, onLine: OnLine, from: number = -1): void {
    if (skipping) {
      skipping = false;
      return;
    }
    const isWhole = carry === "";
    const line = isWhole ? tail : carry + tail;
    carry = "";
    if (line.length > LINE_LENGTH_MAX) onLine(line.slice(0, LINE_LENGTH_MAX), true, -1);
    else onLine(withoutCarriageReturn(line), false, isWhole ? from : -1);
  }

  function keep(tail: string, onLine: OnLine): void {
    if (skipping) return;
    carry += tail;
    if (carry.length <= LINE_LENGTH_MAX) return;
    onLine(carry.slice(0, LINE_LENGTH_MAX), true, -1);
    carry = "";
    skipping = true;
  }

  return {
    push(chunk, onLine, take) {
      const last = chunk.lastIndexOf(NEWLINE);
      let start = 0;
      while (sharesText && start <= last) {
        const some = chunk.lastIndexOf(NEWLINE, Math.min(last, start + SHARED_BYTES));
        const end = some < start ? chunk.indexOf(NEWLINE, start) : some;
        const from = start;
        eachLine(textOf(chunk, from, end), (line, at) => finish(line, onLine, from + at));
        start = end + 1;
      }
      while (start <= last) {
        const whole = carry === "" && !skipping;
        const next = whole && take !== undefined ? take(chunk, start) : -1;
        if (next >= 0) {
          start = next;
          continue;
        }
        const end = chunk.indexOf(NEWLINE, start);
        finish(textOf(chunk, start, end), onLine);
        start = end + 1;
      }
      if (start < chunk.length) keep(textOf(chunk, start, chunk.length), onLine);
    },
    end(onLine) {
      if (carry !== "" || skipping) finish("", onLine);
    },
  };
}

/** The lines of a text, the last one without its end, and where they begin in it. */
function eachLine(text: string, take: (line: string, at: number) => void): void {
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", start)) {
    take(text.slice(start, at), start);
    start = at + 1;
  }
  take(text.slice(start), start);
}

function latin1Between(bytes: Uint8Array, from: number, to: number): string {
  return latin1(bytes.subarray(from, to));
}

function decodeBlock(bytes: Uint8Array): string {
  // A typed array is array-like enough for `apply`; the declared type asks for number[].
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

function withoutCarriageReturn(line: string): string {
  return line.charCodeAt(line.length - 1) === RETURN ? line.slice(0, -1) : line;
}
