/**
 * Bytes to lines, in bounded memory.
 *
 * The kernel pads task names by bytes (`%16s`), so columns are columns of bytes: each byte becomes
 * one character (latin1) and is never decoded further here. A block is decoded at once and lines are
 * slices of it: a slice keeps at most one block alive. A line without an end may not fill the memory;
 * past LINE_LENGTH_MAX it is delivered once, cut and marked, and the rest of it is skipped.
 */

/** The longest line that is read whole, in bytes. */
export const LINE_LENGTH_MAX = 64 * 1024;

/** Larger argument lists make `String.fromCharCode.apply` three times slower (V8). */
const BLOCK_BYTES = 8192;

const NEWLINE = "\n";
const CARRIAGE_RETURN = 13;

/** Takes one line without its end; `cut` when only its beginning is given. */
export type OnLine = (line: string, cut: boolean) => void;

/** Splits chunks into lines; `end` delivers a last line that has no newline. */
export interface LineSplitter {
  push(chunk: Uint8Array, onLine: OnLine): void;
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

/** A splitter that has seen nothing yet. */
export function createLineSplitter(): LineSplitter {
  let carry = "";
  let skipping = false;

  function finish(tail: string, onLine: OnLine): void {
    if (skipping) {
      skipping = false;
      return;
    }
    const line = carry === "" ? tail : carry + tail;
    carry = "";
    if (line.length > LINE_LENGTH_MAX) onLine(line.slice(0, LINE_LENGTH_MAX), true);
    else onLine(withoutCarriageReturn(line), false);
  }

  function keep(tail: string, onLine: OnLine): void {
    if (skipping) return;
    carry += tail;
    if (carry.length <= LINE_LENGTH_MAX) return;
    onLine(carry.slice(0, LINE_LENGTH_MAX), true);
    carry = "";
    skipping = true;
  }

  return {
    push(chunk, onLine) {
      for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
        const block = decodeBlock(chunk.subarray(at, at + BLOCK_BYTES));
        let start = 0;
        for (;;) {
          const end = block.indexOf(NEWLINE, start);
          if (end < 0) break;
          finish(block.slice(start, end), onLine);
          start = end + 1;
        }
        if (start < block.length) keep(block.slice(start), onLine);
      }
    },
    end(onLine) {
      if (carry !== "" || skipping) finish("", onLine);
    },
  };
}

function decodeBlock(bytes: Uint8Array): string {
  // A typed array is array-like enough for `apply`; the declared type asks for number[].
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

function withoutCarriageReturn(line: string): string {
  return line.charCodeAt(line.length - 1) === CARRIAGE_RETURN ? line.slice(0, -1) : line;
}
