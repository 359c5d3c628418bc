/**
 * A 53-bit hash of a text: the same on every machine and in every run.
 */

/** Two FNV-1a halves with different beginnings, each mixed once more. */
export function hashOfText(text: string): number {
  let low = 0x811c_9dc5;
  let high = 0x1b87_3593;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x0100_0193);
    high = Math.imul(high ^ unit, 0x85eb_ca6b);
    high ^= high >>> 13;
  }
  return (mixed(high) & 0x1f_ffff) * 2 ** 32 + mixed(low);
}

function mixed(half: number): number {
  const hash = Math.imul(half ^ (half >>> 16), 0xc2b2_ae35);
  return (hash ^ (hash >>> 15)) >>> 0;
}
