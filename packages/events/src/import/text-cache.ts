/**
 * Names that come again on every line, made once.
 *
 * A recording of a million lines has some dozens of probe, argument and task names. Looking one up
 * by its place in the line makes no string at all, and what is kept is a copy of its own: a slice
 * would keep the block that it was cut from alive. The cache is direct-mapped, so it is bounded
 * without bookkeeping; two names that meet in a slot only cost time.
 */

const SLOTS = 1024;

/** At most 2^4 characters are hashed; all are compared. */
const SAMPLED_BITS = 4;

/** Longer texts are no names; they are made anew each time. */
const TEXT_LENGTH_MAX = 256;

/** What belongs to the text `line[from, to)`. */
export type TextCache<T> = (line: string, from: number, to: number) => T;

/** A cache whose values are made from the text; `make` must give the same for the same text. */
export function createTextCache<T extends object | string>(
  make: (text: string) => T,
): TextCache<T> {
  const texts: string[] = new Array<string>(SLOTS).fill("");
  const values: (T | undefined)[] = new Array<T | undefined>(SLOTS).fill(undefined);
  return (line, from, to) => {
    if (to - from > TEXT_LENGTH_MAX) return make(line.slice(from, to));
    let hash = to - from;
    const stride = 1 + ((to - from) >> SAMPLED_BITS);
    for (let at = from; at < to; at += stride)
      hash = (Math.imul(hash, 31) + line.charCodeAt(at)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const text = texts[slot] as string;
    if (text.length === to - from && line.startsWith(text, from)) {
      const value = values[slot];
      if (value !== undefined) return value;
    }
    const copy = ownCopy(line, from, to);
    const made = make(copy);
    texts[slot] = copy;
    values[slot] = made;
    return made;
  };
}

/** A cache of the texts themselves. */
export function createNameCache(): TextCache<string> {
  return createTextCache((text) => text);
}

function ownCopy(line: string, from: number, to: number): string {
  const codes: number[] = [];
  for (let at = from; at < to; at += 1) codes.push(line.charCodeAt(at));
  return String.fromCharCode.apply(null, codes);
}
