/**
 * Sequence numbers as the kernel counts them.
 *
 * The recorded C code counts in an unsigned long, the state modulo a smaller even number whose upper
 * half stands for the numbers just below 2^64. Values that neither half reaches cannot be told
 * apart from others and are refused.
 */
import { SEQ_MODULUS_DEFAULT } from "@mmreplay/core";
import { type Seq, SimError, seq } from "@mmreplay/events";

const HALF = SEQ_MODULUS_DEFAULT / 2;
const TWO_64 = 1n << 64n;

/** The kernel's number, in decimal. */
export function seqToU64(value: Seq): string {
  if (value < HALF) return String(value);
  return String(TWO_64 - BigInt(SEQ_MODULUS_DEFAULT - value));
}

/**
 * The state's number for a kernel's number in decimal.
 *
 * @throws SimError `E_SEQ` for a number too far from both 0 and 2^64.
 */
export function seqFromU64(text: string): Seq {
  const value = BigInt(text);
  if (value < BigInt(HALF)) return seq(Number(value));
  const below = TWO_64 - value;
  if (below > 0n && below <= BigInt(HALF)) return seq(SEQ_MODULUS_DEFAULT - Number(below));
  throw new SimError({
    code: "E_SEQ",
    found: `the sequence number ${text}`,
    expected: "one within 2^51 of 0 or of 2^64",
    action: "Preset the sequence closer to the wrap.",
  });
}
