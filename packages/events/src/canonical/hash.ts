/**
 * A 64-bit fingerprint of text, for comparing runs and states at a glance.
 *
 * FNV-1a with 64 bits, over UTF-16 code units: for ASCII (all canonical text without foreign task
 * names) it is the published FNV-1a, and no text has to be encoded first. The number lives in two
 * 32-bit halves because a bigint per character is several times slower. It finds accidents, not
 * attacks: nothing may be trusted because its fingerprint matches.
 */
import { canonical } from "./canonical.ts";

const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
/** The prime is 2^40 + PRIME_LOW. */
const PRIME_LOW = 0x1b3;

/** A fingerprint in the making. */
export interface Hash {
  /** Adds text: two updates are one update with both texts. */
  update(text: string): void;
  /** 16 lower-case hex digits of all text so far; more may be added afterwards. */
  digest(): string;
}

/** A fingerprint of the empty text, to be added to. */
export function createHash(): Hash {
  let high = OFFSET_HIGH;
  let low = OFFSET_LOW;
  return {
    update(text) {
      // Copies in locals: V8 keeps them in registers, captured variables it does not.
      let h = high;
      let l = low;
      for (let i = 0; i < text.length; i += 1) {
        l ^= text.charCodeAt(i);
        // The low half times PRIME_LOW in steps of 16 bits: every product stays below 2^25.
        const p0 = (l & 0xffff) * PRIME_LOW;
        const p1 = (l >>> 16) * PRIME_LOW + (p0 >>> 16);
        h = (Math.imul(h, PRIME_LOW) + (l << 8) + (p1 >>> 16)) | 0;
        l = (p1 << 16) | (p0 & 0xffff);
      }
      high = h;
      low = l;
    },
    digest() {
      return hex(high) + hex(low);
    },
  };
}

/**
 * The fingerprint of a text: 16 lower-case hex digits.
 *
 * @example
 * ```ts
 * hash64("foobar"); // "85944171f73967e8"
 * ```
 */
export function hash64(text: string): string {
  const hash = createHash();
  hash.update(text);
  return hash.digest();
}

/** The fingerprint of plain data: equal for deeply equal values. */
export function stateHash(value: unknown): string {
  return hash64(canonical(value));
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, "0");
}
