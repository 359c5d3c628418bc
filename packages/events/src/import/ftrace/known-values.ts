/**
 * Values as plain words: the only ones that are read by comparing bytes.
 *
 * Quotes, braces and commas, and bytes below a space, may make a value more or less than the word that
 * it looks like. The general reader decides that, so here such a value is none.
 */
import { COMMA, NEWLINE, OPEN_BRACE, QUOTE, SPACE } from "../characters.ts";
import { createKnownTexts, KNOWN_TEXT_MAX, type KnownTexts } from "../known-texts.ts";

/** The texts of values, by slots. */
export interface KnownValues extends Pick<KnownTexts, "text"> {
  /**
   * The slot of the value at `from`, which a space or the newline ends; -1 when it is no plain word
   * or too long. `guess` is the slot of a text that may well stand there.
   */
  read(view: DataView, from: number, guess: number): number;
}

/** Nothing is known yet. */
export function createKnownValues(): KnownValues {
  const texts = createKnownTexts();
  return {
    text: texts.text,
    read(view, from, guess) {
      const { length } = texts.text(guess);
      if (length > 0 && texts.isAt(guess, view, from)) {
        const code = view.getUint8(from + length);
        if (code === SPACE || code === NEWLINE) return guess;
      }
      const first = view.getUint8(from);
      if (first === QUOTE || first === OPEN_BRACE) return -1;
      let at = from;
      let code = first;
      let before = COMMA;
      while (code > SPACE) {
        before = code;
        at += 1;
        code = view.getUint8(at);
      }
      if (before === COMMA || at - from > KNOWN_TEXT_MAX) return -1;
      return code === SPACE || code === NEWLINE ? texts.slot(view, from, at - from) : -1;
    },
  };
}
