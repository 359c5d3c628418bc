/**
 * The text of a line's bytes, made without the browser's decoder.
 *
 * That keeps each answer outside of the heap, and to give back those of a walk through 100,000 events took the collector a
 * fifth of a second in one piece. Only where a character has several bytes, or a line is long, is it asked.
 */

/** Bytes that are made a text by one call, an argument each. */
const BYTES_MAX = 4096;
const LAST_ASCII = 0x7f;

const decoder = new TextDecoder();

/** The text of a line. */
export function plainText(bytes: Uint8Array): string {
  if (bytes.length > BYTES_MAX) return decoder.decode(bytes);
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] as number) > LAST_ASCII) return decoder.decode(bytes);
  }
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}
