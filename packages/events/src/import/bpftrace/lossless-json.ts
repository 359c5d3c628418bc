/**
 * JSON whose large integers stay exact.
 *
 * bpftrace 0.17 prints kernel pointers as bare numbers, and a double rounds them: two notifiers could
 * become one. Integers of 16 digits and more are put in quotes before parsing; what stands inside
 * strings is left alone. Newer versions of bpftrace print such numbers as strings themselves.
 */
const LARGE_INTEGER = /\d{16}/;
const STRING_OR_LARGE = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** The value of a JSON text, integers above 2^53 as decimal strings; `undefined`: it is no JSON. */
export function parseLossless(text: string): unknown {
  const exact = LARGE_INTEGER.test(text) ? text.replace(STRING_OR_LARGE, quoted) : text;
  try {
    return JSON.parse(exact);
  } catch {
    return undefined;
  }
}

function quoted(token: string): string {
  return token.startsWith('"') ? token : `"${token}"`;
}
