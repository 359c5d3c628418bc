/**
 * Text lines of JSON formats: UTF-8, of any length up to a bound, numbered from 1.
 *
 * Recordings are split elsewhere (packages/events), where a character is a byte; a line of JSON must
 * be whole and decoded.
 */
import { SimError } from "@mmreplay/events";

/** The longest line of JSON, in characters; those of vectors have some thousands. */
export const JSON_LINE_MAX: number = 1024 * 1024;

/** One line without its end. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text that are not blank.
 *
 * @throws SimError `E_LINE_LENGTH` at a line that is longer than `JSON_LINE_MAX`.
 */
export async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder();
  let carry = "";
  let number = 0;
  for await (const chunk of bytes) {
    const lines = (carry + decoder.decode(chunk, { stream: true })).split("\n");
    carry = lines.pop() ?? "";
    for (const text of lines) {
      number += 1;
      if (text.trim() !== "") yield { number, text };
    }
    if (carry.length > JSON_LINE_MAX) throw tooLong(number + 1);
  }
  carry += decoder.decode();
  if (carry.trim() !== "") yield { number: number + 1, text: carry };
}

function tooLong(line: number): SimError {
  return new SimError({
    code: "E_LINE_LENGTH",
    found: `line ${line}, longer than ${JSON_LINE_MAX} characters`,
    expected: "one JSON object a line",
    action: "Is the file a journal or a vector file?",
  });
}
