import { describe, expect, it } from "vitest";
import { mmreplay } from "./terminal.ts";

describe("demo", () => {
  it("shows the verdict, the finding, the table and where to go next", async () => {
    const { exit, stdout, stderr } = await mmreplay(["demo"]);
    expect(exit).toBe(0);
    expect(stderr).toBe("");
    const parts = [
      "booted Linux 6.1 kernel",
      "oops.txt: VIOLATED",
      "CPU0 - stress-153 (device fault)",
      "CPU1 - stress-159 (MIGRATE)",
      "hmm_range_fault() = 0",
      "Why it crashed",
      "mmreplay record --driver test_hmm > record.sh",
    ];
    const places = parts.map((part) => stdout.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("fits 100 columns, and its table 75", async () => {
    const lines = (await mmreplay(["demo"])).stdout.split("\n");
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    const table = lines.slice(
      lines.findIndex((line) => line.startsWith("  CPU0")),
      lines.findIndex((line) => line.includes("events shown")),
    );
    expect(table.length).toBeGreaterThan(10);
    expect(table.filter((line) => line.length > 75)).toEqual([]);
    expect(table.join("")).toMatch(/^[\x20-\x7e]*$/);
  });
});
