/**
 * Times of bpftrace as exact differences.
 *
 * Nanoseconds since the machine was started fit a double for a hundred days only, their differences
 * in one recording do.
 */
const LOW_DIGITS = 9;
const GIGA = 1_000_000_000;

/** Times as differences from the one that was read first, which need not be the earliest. */
export interface Elapsed {
  /** Nanoseconds since the first time; `undefined`: so far from it that they are not exact. */
  since(time: string): number | undefined;
  /** The time that is so far from the first one, as printed. */
  textOf(difference: number): string;
}

/** No time was read yet. */
export function createElapsed(): Elapsed {
  let first: { text: string; high: number; low: number } | undefined;
  return {
    since(text) {
      const high = Number(text.slice(0, -LOW_DIGITS));
      const low = Number(text.slice(-LOW_DIGITS));
      first ??= { text, high, low };
      const difference = (high - first.high) * GIGA + (low - first.low);
      return Number.isSafeInteger(difference) ? difference : undefined;
    },
    textOf: (difference) => String(BigInt(first?.text ?? 0) + BigInt(difference)),
  };
}
