import { describe, expect, it } from "vitest";
import { jsonOf, mmreplay } from "./terminal.ts";

const QUICK = ["--quick", "--runs", "1"];

describe("bench", () => {
  it("prints rows of the promised shape as JSON", async () => {
    const outcome = await mmreplay(["bench", "ftrace", "--json", ...QUICK]);
    expect(outcome.exit).toBe(0);
    expect(outcome.stderr).toBe("");
    expect(jsonOf(outcome)).toEqual({
      schemaVersion: 1,
      rows: [
        {
          name: "ftrace",
          unit: "lines/s",
          median: expect.any(Number),
          baseline: "JSON.parse of the same events",
          ratio: expect.any(Number),
          slowest: expect.any(Number),
          fastest: expect.any(Number),
          baselineMedian: expect.any(Number),
          baselineSlowest: expect.any(Number),
          baselineFastest: expect.any(Number),
          cpuMedian: expect.any(Number),
          cpuRatio: expect.any(Number),
          cpuShare: expect.any(Number),
          runs: 1,
          amount: 10_000,
          work: expect.stringMatching(/^10000 events, /),
          baselineWork: expect.stringMatching(/^10000 events, /),
        },
      ],
      leftOut: [],
    });
  });

  it("prints a table", async () => {
    const { exit, stdout, stderr } = await mmreplay(["bench", "in-place", ...QUICK]);
    expect(exit).toBe(0);
    expect(stderr).toBe("");
    const [head, row] = stdout.split("\n");
    expect(head).toMatch(/^benchmark +median +\(slowest, fastest\) +ratio +by CPU +of baseline$/);
    expect(row).toMatch(
      /^in-place +[\d.]+ [kM] events\/s +\(.*\) +[\d.]+ x +[\d.]+ x {2}of .* bare loop$/,
    );
  });

  it("says which benchmarks there are when a name is none", async () => {
    const { exit, stdout, stderr } = await mmreplay(["bench", "typo"]);
    expect(exit).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^mmreplay: no benchmark "typo": known are in-place, .*, verdict-deep\n$/,
    );
  });

  it("says what it cannot measure and why, when that was asked for", async () => {
    const { exit, stdout, stderr } = await mmreplay(["bench", "verdict", "--spin", "/nowhere"]);
    expect(exit).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "mmreplay: there is no /nowhere/interval-notifier.pml (--spin DIR says where the Promela model is)\n",
    );
  });

  it("ends with 130 when it is interrupted, with the rows that it has", async () => {
    const signal = AbortSignal.abort();
    const outcome = await mmreplay(["bench", "--json"], { signal });
    expect(outcome.exit).toBe(130);
    expect(jsonOf(outcome)["rows"]).toEqual([]);
    expect(jsonOf(outcome)["leftOut"]).toEqual([
      { name: "verdict-large", why: "it takes minutes (mmreplay bench verdict-large)" },
    ]);
    expect(outcome.stderr).toContain("interrupted");
  });
});
