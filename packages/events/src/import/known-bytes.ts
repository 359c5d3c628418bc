/**
 * Bytes that are compared with earlier ones, four at a time.
 *
 * Most bytes of a recording have been seen before, and comparing is all that is done with them. What is
 * known is kept as 32-bit words; the last one ends with the last byte and may overlap the one before.
 */

/** The upper bits of a product with it depend on all bits of the other factor (Knuth). */
const GOLDEN = 0x9e3779b1;

/** Bytes that are known. */
export interface KnownBytes {
  readonly length: number;
  readonly words: Int32Array;
}

/** A view of bytes for comparing them. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A view of the bytes that a text of latin1 characters stands for. */
export function viewOfText(text: string): DataView {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return viewOf(bytes);
}

/** Keeps the bytes of a text of latin1 characters. */
export function knownBytes(text: string): KnownBytes {
  const words = new Int32Array(Math.max(Math.ceil(text.length / 4), 1));
  keepBytes(viewOfText(text), 0, text.length, words, 0);
  return { length: text.length, words };
}

/** Puts bytes into `words` from `base` on. */
export function keepBytes(
  view: DataView,
  from: number,
  length: number,
  words: Int32Array,
  base: number,
): void {
  const last = length - 4;
  let index = base;
  for (let at = 0; at < last; at += 4, index += 1) words[index] = view.getInt32(from + at, true);
  words[index] = lastWord(view, from, length);
}

/** Whether the bytes from `from` on are those that were kept in `words` from `base` on. */
export function sameBytes(
  view: DataView,
  from: number,
  length: number,
  words: Int32Array,
  base: number,
): boolean {
  if (from + length > view.byteLength) return false;
  const last = length - 4;
  let index = base;
  for (let at = 0; at < last; at += 4, index += 1) {
    if (view.getInt32(from + at, true) !== words[index]) return false;
  }
  return lastWord(view, from, length) === words[index];
}

/** The slot of the bytes in a table of 2^bits slots. */
export function slotOf(view: DataView, from: number, length: number, bits: number): number {
  const last = length - 4;
  let hash = length;
  for (let at = 0; at < last; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(from + at, true), GOLDEN);
  }
  return Math.imul(hash ^ lastWord(view, from, length), GOLDEN) >>> (32 - bits);
}

/** The last four bytes, or all of fewer. */
function lastWord(view: DataView, from: number, length: number): number {
  if (length >= 4) return view.getInt32(from + length - 4, true);
  let word = 0;
  for (let at = from; at < from + length; at += 1) word = (word << 8) | view.getUint8(at);
  return word;
}
