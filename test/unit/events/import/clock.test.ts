import { describe, expect, it } from "vitest";
import { probesOf, read } from "./reading.ts";

function times(...stamps: string[]) {
  const line = (stamp: string) => `          stress-403     [002] ..... ${stamp}: x: a=1\n`;
  const reading = read("ftrace", stamps.map(line).join(""));
  return { ...reading, at: probesOf(reading).map((o) => o.at) };
}

describe("time stamps", () => {
  it("count nanoseconds from the first event, which may not be the earliest", () => {
    expect(times("12.000001", "12.000003", "11.999999").at).toEqual([0, 2000, -2000]);
  });

  it("may have nine digits", () => {
    expect(times("751.810136692", "751.810195775").at).toEqual([0, 59_083]);
  });

  it("of tai do not fit a double in nanoseconds, but their distance does", () => {
    const reading = times("1795372070.443787001", "1795372071.443787002");
    expect(reading.at).toEqual([0, 1_000_000_001]);
    expect(reading.baseText).toBe("1795372070.443787001");
  });

  it("without a point count in the clock's own unit", () => {
    expect(times("54", "55", "12524")).toMatchObject({
      unit: "clock",
      baseText: "54",
      at: [0, 1, 12_470],
    });
  });

  it("of a counter beyond 2^53 are still exact", () => {
    expect(times("18446744073709551000", "18446744073709551615").at).toEqual([0, 615]);
  });

  it("so far from the base that the distance is not exact are unread", () => {
    expect(times("0", "9007199254740991", "9007199254740993", "123456789012345678901").at).toEqual([
      0, 9_007_199_254_740_991,
    ]);
    expect(times("1.5", "1.1234567890", "1.").at).toEqual([0]);
  });
});
