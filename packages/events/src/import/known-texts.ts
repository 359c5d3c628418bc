/**
 * Short texts that come again and again as bytes, made into a string once.
 *
 * The values of a recording are pointers, numbers and page addresses; most have been printed many
 * times. The one string of a text costs no memory, and no hashing wherever it is looked up later. The
 * table is direct-mapped, so it is bounded without bookkeeping; a text that has lost its slot is made
 * anew. A slot is also a good guess for the next text in the same place: see `isAt`.
 */
import { keepBytes, sameBytes, slotOf } from "./known-bytes.ts";

const SLOT_BITS = 13;
const SLOTS = 2 ** SLOT_BITS;
const SLOT_WORDS = 8;
/** The longest text that has a slot, in bytes. */
export const KNOWN_TEXT_MAX: number = SLOT_WORDS * 4;

/** Texts by their bytes. */
export interface KnownTexts {
  /** The text in a slot; empty before there is one. */
  text(slot: number): string;
  /** Whether the bytes from `from` on begin with the slot's text. */
  isAt(slot: number, view: DataView, from: number): boolean;
  /** The slot of the text of these bytes, at most `KNOWN_TEXT_MAX`. */
  slot(view: DataView, from: number, length: number): number;
}

/** Nothing is known yet. */
export function createKnownTexts(): KnownTexts {
  const texts = new Array<string>(SLOTS).fill("");
  const lengths = new Uint8Array(SLOTS);
  const words = new Int32Array(SLOTS * SLOT_WORDS);
  return {
    text: (slot) => texts[slot] as string,
    isAt: (slot, view, from) =>
      sameBytes(view, from, lengths[slot] as number, words, slot * SLOT_WORDS),
    slot(view, from, length) {
      const slot = slotOf(view, from, length, SLOT_BITS);
      const base = slot * SLOT_WORDS;
      if (lengths[slot] === length && sameBytes(view, from, length, words, base)) return slot;
      keepBytes(view, from, length, words, base);
      lengths[slot] = length;
      texts[slot] = textOf(view, from, length);
      return slot;
    },
  };
}

/** Each byte as one character; for short texts. */
function textOf(view: DataView, from: number, length: number): string {
  const codes: number[] = [];
  for (let at = from; at < from + length; at += 1) codes.push(view.getUint8(at));
  return String.fromCharCode.apply(null, codes);
}
