/**
 * Values of a probe's fields: printed text to the numbers that events hold.
 */
import { SEQ_MODULUS_DEFAULT } from "@mmreplay/core";
import { type Seq, seq } from "@mmreplay/events";
import type { Fields } from "./lowering-context.ts";

/** A small number, decimal or hexadecimal, or null where the field is absent or no number. */
export function numberField(fields: Fields, name: string): number | null {
  const text = fields[name];
  if (text === undefined || text === "") return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

const HALF = BigInt(SEQ_MODULUS_DEFAULT / 2);

/** A sequence number of the kernel (unsigned 64-bit) as the state counts it, or null. */
export function seqField(fields: Fields, name: string): Seq | null {
  const text = fields[name];
  if (text === undefined) return null;
  const small = Number(text);
  if (small >= 0 && small < SEQ_MODULUS_DEFAULT / 2 && Number.isInteger(small)) return seq(small);
  if (!/^(\d{1,20}|0x[0-9a-f]{1,16})$/.test(text)) return null;
  const below = (1n << 64n) - BigInt(text);
  return below > 0n && below <= HALF ? seq(SEQ_MODULUS_DEFAULT - Number(below)) : null;
}
