/**
 * Arithmetic of sequence numbers.
 *
 * The kernel counts in an unsigned long. Here a number counts modulo `seqModulus`, which is even,
 * so parity survives the wrap; the lower half stands for 0, 1, 2 … and the upper half for 2^64 - n.
 * A tiny modulus makes the wrap happen within a few invalidations.
 */
import type { Seq } from "@mmreplay/events";

/** 2^52: large enough that no run wraps unless it is set close to the end. */
export const SEQ_MODULUS_DEFAULT: number = 2 ** 52;

/** The number after `seq`. */
export function seqAfter(seq: Seq, modulus: number): Seq {
  return ((seq + 1) % modulus) as Seq;
}

/** The number before `seq`. */
export function seqBefore(seq: Seq, modulus: number): Seq {
  return ((seq + modulus - 1) % modulus) as Seq;
}

/** Whether the tree is frozen: an invalidation that hit a notifier is open. */
export function isOdd(seq: Seq): boolean {
  return seq % 2 === 1;
}

/** How far `later` is ahead of `earlier`; negative when it is behind. */
export function seqDistance(earlier: Seq, later: Seq, modulus: number): number {
  const ahead = (later - earlier + modulus) % modulus;
  return ahead < modulus / 2 ? ahead : ahead - modulus;
}
