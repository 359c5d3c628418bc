import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { bytesOf, jsonOf, mmreplay } from "./terminal.ts";

describe("generate", () => {
  it("writes a recording that check calls held", async () => {
    const file = scratch("generated.txt");
    const outcome = await mmreplay(["generate", "-o", file, "--events", "5000"]);
    expect(outcome).toEqual({ exit: 0, stdout: `${file}: 5000 events of ftrace\n`, stderr: "" });
    const check = await mmreplay(["check", "--json", file]);
    expect(check.exit).toBe(0);
    expect(jsonOf(check).files[0]).toMatchObject({ verdict: "held", events: 5000 });
  });

  it("writes the same bytes to standard output", async () => {
    const file = scratch("same.txt");
    await mmreplay(["generate", "-o", file, "--events", "300", "--seed", "4"]);
    const { stdout, exit } = await mmreplay(["generate", "-o-", "--events", "300", "--seed", "4"]);
    expect(exit).toBe(0);
    expect(stdout).toBe(bytesOf(file).toString("latin1"));
  });

  it("writes a recording of a driver with a bug, in the format that is asked for", async () => {
    const file = scratch("bug.txt");
    const flags = ["--events", "20000", "--bug", "no_set_seq", "--format", "perf-script"];
    const outcome = await mmreplay(["generate", "-o", file, ...flags, "--json"]);
    expect(jsonOf(outcome)).toEqual({
      schemaVersion: 1,
      file,
      format: "perf-script",
      events: 20000,
      seed: 1,
      bug: "no_set_seq",
    });
    const check = await mmreplay(["check", "--json", file]);
    expect(check.exit).toBe(1);
    expect(jsonOf(check).files[0]).toMatchObject({ verdict: "violated", format: "perf-script" });
  });

  it.each([
    [["generate"], /required option '-o, --output <file>'/],
    [["generate", "-o", "-", "--json"], /both want standard output/],
    [["generate", "-o", "-", "--events", "0"], /Expected a whole number from 1/],
    [["generate", "-o", "-", "--bug", "typo"], /Allowed choices are none, no_retry_check/],
    [["generate", "-o", "/nowhere/x", "--events", "1"], /\/nowhere\/x: E_WRITE/],
  ])("%j is refused in one sentence", async (args, sentence) => {
    const { exit, stdout, stderr } = await mmreplay(args);
    expect(exit).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(sentence);
  });

  it("leaves no half of a file when it is interrupted", async () => {
    const file = scratch("half.txt");
    const signal = AbortSignal.abort();
    const { exit, stderr } = await mmreplay(["generate", "-o", file], { signal });
    expect(exit).toBe(130);
    expect(stderr).toContain("interrupted, nothing was written");
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(dirname(file)).filter((name) => name.includes("half"))).toEqual([]);
  });
});
