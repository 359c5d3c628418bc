import { describe, expect, it } from "vitest";
import { chosenClock } from "../../../packages/replay/src/recording/clocks.ts";
import {
  sinceBase,
  stampOf,
  stampText,
} from "../../../packages/replay/src/recording/time-stamp.ts";

describe("a printed time", () => {
  it.each([
    ["6.875795", "ns", 6_875_795_000n, 1000n],
    ["1700000000.123456789", "ns", 1_700_000_000_123_456_789n, 1n],
    ["16170us", "ns", 16_170_000n, 1n],
    ["16.170ms", "ns", 16_170_000n, 1000n],
    ["22245233670", "ns", 22_245_233_670n, 1n],
    ["18446744073709551615", "clock", 18_446_744_073_709_551_615n, 1n],
  ] as const)("%s is exact, and its last digit has a width", (text, unit, value, step) => {
    expect(stampOf(text, unit)).toEqual({ value, step });
  });

  it.each([
    ["12.5", "clock"],
    ["5us", "clock"],
    ["1.2345ns", "ns"],
    ["", "ns"],
    ["1e3", "ns"],
  ] as const)("%s is none under a clock that counts in %s", (text, unit) => {
    expect(stampOf(text, unit)).toBeUndefined();
  });

  it("written is read as the same time, also before zero", () => {
    for (const value of [0n, 1n, -1n, 999_999_999n, -1_500_000_000n, 1_700_000_000_123_456_789n]) {
      expect(stampOf(stampText(value, "ns"), "ns")?.value).toBe(value);
    }
  });

  it("is told from the base exactly, however old the clock is", () => {
    const base = { unit: "ns", base: "1700000000.000000001" } as const;
    expect(sinceBase("1700000000.000000003", base)).toEqual({ at: 2, step: 1 });
  });
});

describe("a clock that is named and shifted", () => {
  it("has its base moved, and nothing else", () => {
    const clock = { unit: "ns", base: "6.875795" } as const;
    expect(chosenClock(clock, { name: "mono", offset: -1500n })).toEqual({
      unit: "ns",
      base: "6.875793500",
      name: "mono",
    });
    expect(chosenClock(clock, {})).toEqual(clock);
  });

  it("counts in its own unit", () => {
    const clock = { unit: "clock", base: "100" } as const;
    expect(chosenClock(clock, { offset: 20n }).base).toBe("120");
  });

  it("cannot be one whose times look otherwise", () => {
    expect(() => chosenClock({ unit: "clock", base: "100" }, { name: "mono" })).toThrow("E_CLOCK");
    expect(() => chosenClock({ unit: "ns", base: "1.0" }, { name: "x86-tsc" })).toThrow("E_CLOCK");
  });
});
