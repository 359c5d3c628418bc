/**
 * Addresses as text against the numbers that they stand for.
 */
import {
  type Address,
  addLength,
  address,
  addressOfPage,
  endPageExclusive,
  lastOf,
  pageOf,
  shortAddress,
} from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastByte } from "../../packages/core/src/interval-notifiers/insert.ts";
import { anyAddress } from "../support/arbitrary-event.ts";

const TWO_64 = 1n << 64n;
const RUNS = { seed: 8, numRuns: 300 } as const;
const hex = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

describe("an address", () => {
  it("orders as its number does", () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        expect(a < b).toBe(BigInt(a) < BigInt(b));
        expect(a === b).toBe(BigInt(a) === BigInt(b));
      }),
      RUNS,
    );
  });

  it("is read from hexadecimal, decimal, short and upper-case text, and from numbers", () => {
    fc.assert(
      fc.property(anyAddress, (a) => {
        const value = BigInt(a);
        expect(a).toBe(hex(value));
        expect(address(String(value))).toBe(a);
        expect(address(shortAddress(a))).toBe(a);
        expect(address(`0x${value.toString(16).toUpperCase()}`)).toBe(a);
        if (value <= BigInt(Number.MAX_SAFE_INTEGER)) expect(address(Number(value))).toBe(a);
      }),
      RUNS,
    );
  });

  it("plus a length is their sum, where 64 bits can hold it", () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        const sum = BigInt(a) + BigInt(b);
        expect(addLength(a, b)).toBe(sum < TWO_64 ? hex(sum) : undefined);
      }),
      RUNS,
    );
  });

  it("minus one wraps, as the kernel's does", () => {
    fc.assert(
      fc.property(anyAddress, (a) => {
        expect(lastOf(a)).toBe(hex((BigInt(a) + TWO_64 - 1n) % TWO_64));
      }),
      RUNS,
    );
  });

  it("lies in the page of its upper 52 bits", () => {
    fc.assert(
      fc.property(anyAddress, (a) => {
        const page = BigInt(a) >> 12n;
        expect(BigInt(pageOf(a))).toBe(page);
        expect(addressOfPage(pageOf(a))).toBe(hex(page << 12n));
        const last = (BigInt(a) + TWO_64 - 1n) % TWO_64;
        expect(BigInt(endPageExclusive(a))).toBe((last >> 12n) + 1n);
      }),
      RUNS,
    );
  });

  it("and a length have a last byte, unless the interval is empty or wraps", () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (start: Address, length: Address) => {
        const last = BigInt(start) + BigInt(length) - 1n;
        const valid = BigInt(length) > 0n && last < TWO_64;
        expect(lastByte(start, length)).toBe(valid ? hex(last) : undefined);
      }),
      RUNS,
    );
  });
});
