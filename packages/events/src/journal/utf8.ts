/**
 * Bytes that were read as one character each, as the UTF-8 that they are.
 *
 * The line splitter gives bytes (latin1), which is right for the kernel's columns. JSON is UTF-8,
 * and this package has no TextDecoder (`types: []`); `decodeURIComponent` checks as strictly.
 */

const OUTSIDE_ASCII = /[\x80-\xff]/;
const TO_ESCAPE = /[%\x80-\xff]/g;

/** The text that a line of bytes encodes; `undefined` when it is not UTF-8. */
export function fromUtf8(bytes: string): string | undefined {
  if (!OUTSIDE_ASCII.test(bytes)) return bytes;
  try {
    return decodeURIComponent(bytes.replace(TO_ESCAPE, escaped));
  } catch {
    return undefined;
  }
}

function escaped(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
