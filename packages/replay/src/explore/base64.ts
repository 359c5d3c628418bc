/**
 * Words of 32 bits as text, for files.
 */

/** Little-endian words in base64. */
export function encodeWords(words: Int32Array): string {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [i, word] of words.entries()) view.setInt32(i * 4, word, true);
  return Buffer.from(view.buffer).toString("base64");
}

/** The words of such a text. */
export function decodeWords(text: string): Int32Array {
  const bytes = Buffer.from(text, "base64");
  return Int32Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readInt32LE(i * 4));
}
