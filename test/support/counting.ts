/** Counting in the bytes of a text, which may have hundreds of megabytes. */
import type { Buffer } from "node:buffer";

const NEWLINE = 10;

/** The number of lines of a text, the last one with or without a newline. */
export function lineCount(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; lines += 1) {
    const newline = bytes.indexOf(NEWLINE, at);
    at = newline < 0 ? bytes.length : newline + 1;
  }
  return lines;
}

/** How often a text occurs. */
export function occurrences(bytes: Buffer, text: string): number {
  let count = 0;
  let at = bytes.indexOf(text);
  while (at >= 0) {
    count += 1;
    at = bytes.indexOf(text, at + text.length);
  }
  return count;
}
