/**
 * The form of a 64-bit address, chosen once.
 *
 * A virtual address or a length is an unsigned 64-bit value, and `end` may be ULONG_MAX, so a
 * JavaScript number cannot hold it. In the state, in events and in JSON it is `0x` and 16
 * lower-case hex digits: such strings order like the numbers they stand for, compare without
 * conversion and survive JSON. A page number (address >> 12) has 52 bits and is a plain number.
 */
import { z } from "zod";
import { SimError } from "./sim-error.ts";

/** Bytes of a page as a power of two (x86-64 base pages). */
export const PAGE_SHIFT = 12;

const DIGITS = /^0x[0-9a-f]{16}$/;

/** Schema of an address: `0x` and 16 lower-case hex digits. */
export const addressSchema = z.string().regex(DIGITS).brand<"Address">();

/** An unsigned 64-bit address or length in bytes, as `0x` and 16 lower-case hex digits. */
export type Address = z.infer<typeof addressSchema>;

const ZEROS = "0x0000000000000000";

/** The highest address, ULONG_MAX in the kernel's terms. */
export const ADDRESS_MAX: Address = "0xffffffffffffffff" as Address;

/** The lowest address. */
export const ADDRESS_ZERO: Address = ZEROS as Address;

/**
 * Makes an address from hexadecimal text with `0x` (as trace lines print it), from decimal text,
 * from a safe integer or from a bigint.
 *
 * @throws SimError `E_ADDRESS` when the value is no unsigned 64-bit number.
 * @example
 * ```ts
 * address("0x7f0000001000"); // "0x00007f0000001000"
 * address(4096); // "0x0000000000001000"
 * ```
 */
export function address(value: string | number | bigint): Address {
  if (typeof value === "string" && value.startsWith("0x") && value.length <= 18) {
    const padded = ZEROS.slice(0, 20 - value.length) + value.slice(2);
    if (DIGITS.test(padded)) return padded as Address;
    const lower = padded.toLowerCase();
    if (DIGITS.test(lower)) return lower as Address;
  } else {
    const big = toBigInt(value);
    if (big !== undefined && big >= 0n && big < 1n << 64n) return fromBigInt(big);
  }
  throw new SimError({
    code: "E_ADDRESS",
    found: JSON.stringify(String(value)),
    expected: "an unsigned 64-bit number, decimal or 0x and at most 16 hex digits",
    action: "Correct the value.",
  });
}

function toBigInt(value: string | number | bigint): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function fromBigInt(value: bigint): Address {
  return `0x${value.toString(16).padStart(16, "0")}` as Address;
}

/** The address plus a length; `undefined` when the sum does not fit 64 bits. */
export function addLength(start: Address, length: Address): Address | undefined {
  const sum = BigInt(start) + BigInt(length);
  return sum < 1n << 64n ? fromBigInt(sum) : undefined;
}

/**
 * The last address of the half-open range that ends at `end`; 0 wraps to ULONG_MAX, as the
 * kernel's `end - 1` does.
 */
export function lastOf(end: Address): Address {
  if (end === ADDRESS_ZERO) return ADDRESS_MAX;
  const low = Number.parseInt(end.slice(10), 16);
  if (low > 0) return (end.slice(0, 10) + (low - 1).toString(16).padStart(8, "0")) as Address;
  return fromBigInt(BigInt(end) - 1n);
}

/** The lower of two addresses. */
export function minAddress(a: Address, b: Address): Address {
  if (a < b) return a;
  return b;
}

/** The higher of two addresses. */
export function maxAddress(a: Address, b: Address): Address {
  if (a < b) return b;
  return a;
}

const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;
/** The code of `a`, less ten. */
const LETTER_ZERO = 0x57;

/** The number of the page that holds the address: its first 13 digits. Rules ask for many. */
export function pageOf(at: Address): number {
  let page = 0;
  for (let place = 2; place < 15; place += 1) {
    const code = at.charCodeAt(place);
    page = page * 16 + code - (code <= DIGIT_NINE ? DIGIT_ZERO : LETTER_ZERO);
  }
  return page;
}

/** The first address of a page. */
export function addressOfPage(page: number): Address {
  return `0x${page.toString(16).padStart(13, "0")}000` as Address;
}

/** The first page after the half-open range that ends at `end`. */
export function endPageExclusive(end: Address): number {
  return pageOf(lastOf(end)) + 1;
}

/** The address as people write it: `0x` without leading zeros. */
export function shortAddress(at: Address): string {
  return at.replace(/^0x0+(?=.)/, "0x");
}

/** The half-open range as people write it: `[0x1000, 0x2000)`. */
export function shortRange(start: Address, end: Address): string {
  return `[${shortAddress(start)}, ${shortAddress(end)})`;
}
