/**
 * Values of a probe's fields: printed text to the numbers that events hold.
 */
import { SEQ_MODULUS_DEFAULT } from "@mmreplay/core";
import { type Seq, SimError, seq } from "@mmreplay/events";
import type { Fields } from "./lowering-context.ts";

/**
 * A small number, decimal or hexadecimal, or null where the field is absent or could not be read.
 *
 * @throws SimError `E_NUMBER` when the text is no whole number, or too large a one: the line is then
 * unread.
 */
export function numberField(fields: Fields, name: string): number | null {
  const text = fields[name];
  if (text === undefined || text === "" || text === "(fault)") return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new SimError({
    code: "E_NUMBER",
    found: `${name}=${text}`,
    expected: "a whole number within 2^53 of 0",
    action: "Is this field what the profile says?",
  });
}

/** The highest number that the kernel uses for errors. */
const ERRNO_MAX = 4095;

/**
 * A return code, 0 where it is not printed.
 *
 * @throws SimError `E_NUMBER` when it is neither 0 nor a negative errno: the line is then unread.
 */
export function codeField(fields: Fields): number {
  const code = numberField(fields, "ret") ?? 0;
  if (code <= 0 && code >= -ERRNO_MAX) return code;
  throw new SimError({
    code: "E_NUMBER",
    found: `ret=${code}`,
    expected: `0 or an error down to -${ERRNO_MAX}`,
    action: "Is this field what the profile says?",
  });
}

const HALF = BigInt(SEQ_MODULUS_DEFAULT / 2);

/**
 * A sequence number of the kernel (unsigned 64-bit) as the state counts it, or null where the field
 * is absent.
 *
 * @throws SimError `E_SEQ` when the text is no such number, or one that the state cannot count: the
 * line is then unread.
 */
export function seqField(fields: Fields, name: string): Seq | null {
  const text = fields[name];
  if (text === undefined || text === "(fault)") return null;
  const small = Number(text);
  if (small >= 0 && small < SEQ_MODULUS_DEFAULT / 2 && Number.isInteger(small)) return seq(small);
  if (/^(\d{1,20}|0x[0-9a-f]{1,16})$/.test(text)) {
    const below = (1n << 64n) - BigInt(text);
    if (below > 0n && below <= HALF) return seq(SEQ_MODULUS_DEFAULT - Number(below));
  }
  throw new SimError({
    code: "E_SEQ",
    found: `${name}=${text}`,
    expected: "a sequence number within 2^51 of 0 or of 2^64",
    action: "Is this field what the profile says?",
  });
}
