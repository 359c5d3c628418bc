import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { bytesOf, jsonOf, mmreplay, trace } from "./terminal.ts";

const TINY = trace("cust61-good-stress_tiny.txt.gz");

describe("import", () => {
  it("writes a journal that checks and replays like the recording", async () => {
    const journal = scratch("tiny.jsonl");
    const outcome = await mmreplay(["import", TINY, "-o", journal, "--json"]);
    expect(jsonOf(outcome)).toEqual({ schemaVersion: 1, observations: 1933, skipped: 0, lost: 0 });
    const recorded = jsonOf(await mmreplay(["replay", TINY, "--json"]));
    expect(jsonOf(await mmreplay(["replay", journal, "--json"]))).toEqual(recorded);
    expect((await mmreplay(["check", journal])).exit).toBe(0);
  });

  it("writes to standard output for -o -, with its summary on stderr", async () => {
    const { stdout, stderr } = await mmreplay(["import", TINY, "-o", "-"]);
    expect(JSON.parse(stdout.slice(0, stdout.indexOf("\n")))).toHaveProperty("mmreplay", "journal");
    expect(stderr).toContain("1933 observations");
  });

  it("leaves no part of a file behind when it fails", async () => {
    const journal = scratch("broken.jsonl");
    const cut = scratch("cut.txt.gz", bytesOf(TINY).subarray(0, 9000));
    const { exit, stderr } = await mmreplay(["import", cut, "-o", journal]);
    expect(exit).toBe(2);
    expect(stderr).toContain("E_GZIP");
    expect(existsSync(journal)).toBe(false);
    expect(readdirSync(dirname(journal)).filter((name) => name.includes("broken"))).toEqual([]);
  });

  it.runIf(existsSync("/dev/full"))("says that the device is full", async () => {
    const { exit, stderr } = await mmreplay(["import", TINY, "-o", "/dev/full"]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^\/dev\/full: E_WRITE: found no space left/);
  });

  it("says that the folder is not there", async () => {
    const { exit, stderr } = await mmreplay(["import", TINY, "-o", scratch("no/where.jsonl")]);
    expect(exit).toBe(2);
    expect(stderr).toContain("E_WRITE: found no such directory");
  });
});

describe("replay", () => {
  it("prints the final state and its hash", async () => {
    const fields = jsonOf(await mmreplay(["replay", TINY, "--json"]));
    expect(Object.keys(fields)).toEqual(
      "schemaVersion kind events unexplained finalState stateHash".split(" "),
    );
    expect(fields["kind"]).toBe("recording");
    expect(fields["stateHash"]).toMatch(/^[0-9a-f]{16}$/);
  });

  it("prints the frames that are asked for", async () => {
    const args = ["replay", TINY, "--from", "10", "--to", "30", "--every", "10"];
    const frames = jsonOf(await mmreplay([...args, "--json"]))["frames"] as { index: number }[];
    expect(frames.map(({ index }) => index)).toEqual([10, 20, 30]);
    const { stdout } = await mmreplay(args);
    expect(stdout.match(/^#\d+/gm)).toEqual(["#10", "#20", "#30"]);
  });
});

describe("show", () => {
  it("prints the state after an event", async () => {
    const fields = jsonOf(await mmreplay(["show", TINY, "--at", "40", "--json"]));
    expect(fields["at"]).toBe(40);
    expect(fields["state"]).toHaveProperty("mms");
    const frames = jsonOf(await mmreplay(["replay", TINY, "--from", "40", "--to", "40", "--json"]))[
      "frames"
    ] as { state: unknown }[];
    expect(fields["state"]).toEqual(frames[0]?.state);
  });

  it("prints what changed between two events, leaf by leaf", async () => {
    const args = ["show", TINY, "--at", "40", "--diff", "60"];
    const changes = jsonOf(await mmreplay([...args, "--json"]))["changes"] as { path: string }[];
    expect(changes.length).toBeGreaterThan(0);
    const { stdout } = await mmreplay(args);
    expect(stdout).toContain(`  ${changes[0]?.path}: `);
    expect(jsonOf(await mmreplay([...args.slice(0, -1), "40", "--json"]))["changes"]).toEqual([]);
  });

  it("says how many events there are when the index is too high", async () => {
    const { exit, stderr } = await mmreplay(["show", TINY, "--at", "9999999"]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/E_INDEX: found no event 9999999, expected an index from 0 to \d+/);
  });
});
