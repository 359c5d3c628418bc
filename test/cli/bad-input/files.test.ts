import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { jsonOf, mmreplay, trace } from "../terminal.ts";
import { expectHarmless, expectRefused, TINY, TINY_GZ } from "./refused.ts";

const HELD = trace("cust61-good-stress_tiny.txt.gz");
const BAD = trace("cust61-BUG_noseq-stress_nodelay.txt.gz");
const FOLDER = dirname(scratch("any"));
const isRoot = process.getuid?.() === 0;
const COMMANDS: readonly [name: string, ...rest: string[]][] = [
  ["check"],
  ["replay"],
  ["show", "--at", "0"],
  ["import", "-o", scratch("never.jsonl")],
  ["conform"],
];

describe("a file that cannot be opened", () => {
  const loop = scratch("loop");
  symlinkSync(loop, loop);

  it.each([
    [
      "is not there",
      scratch("absent.txt"),
      "E_NOT_FOUND: found no such file, expected a file that",
    ],
    ["has no name", "", "E_NOT_FOUND: found no such file"],
    ["lies below a file", `${HELD}/x`, "E_NOT_FOUND: found no such file"],
    ["is a directory", FOLDER, "E_DIRECTORY: found a directory"],
    ["is a link to itself", loop, "E_READ: found the system's answer ELOOP"],
    [
      "has a name that is too long",
      "x".repeat(300),
      "E_READ: found the system's answer ENAMETOOLONG",
    ],
    ["matches no pattern", scratch("none-*.txt"), "E_NO_MATCH: found no file that matches"],
    ["has nothing in it", "/dev/null", "E_EMPTY: found an empty file"],
    [
      "has a hostile name",
      scratch("\u001b[2J\n::error::x\u202e"),
      "\\x1b[2J\\x0a::error::x\\u{202e}",
    ],
  ])("%s", async (_, file, sentence) => {
    for (const [name, ...rest] of COMMANDS) {
      if (/[*]/.test(file) && name !== "check" && name !== "conform") continue;
      const outcome = await mmreplay([name, file, ...rest]);
      expectRefused(outcome, sentence);
    }
    expect(existsSync(scratch("never.jsonl"))).toBe(false);
  });

  it.skipIf(isRoot)("may not be read", async () => {
    const file = scratch("secret.txt", TINY);
    chmodSync(file, 0);
    expectRefused(
      await mmreplay(["check", file]),
      "E_PERMISSION: found a file that you may not read",
    );
  });
});

describe("several files", () => {
  it("are all processed, whatever becomes of one of them", async () => {
    const cut = scratch("cut.gz", TINY_GZ.subarray(0, 4000));
    const outcome = await mmreplay(["check", "--json", FOLDER, HELD, cut, BAD, scratch("no-*")]);
    expectHarmless(outcome);
    expect(outcome.exit).toBe(2);
    expect(jsonOf(outcome).files.map((one) => one.verdict ?? one.error?.code)).toEqual([
      "E_DIRECTORY",
      "held",
      "E_GZIP",
      "violated",
      "E_NO_MATCH",
    ]);
    expect(outcome.stderr.split("\n")).toHaveLength(4);
  });

  it("may be the same file twice", async () => {
    const { files } = jsonOf(await mmreplay(["check", "--json", HELD, HELD]));
    expect(files).toHaveLength(2);
    expect(files[0]).toEqual(files[1]);
  });

  it("may not be standard input twice", async () => {
    const outcome = await mmreplay(["check", "-", "-"], { stdin: [TINY_GZ] });
    expectRefused(outcome, "E_STDIN_TWICE: found standard input named twice");
    expect(outcome.stdout).toMatch(/^-: HELD/);
  });

  it("leave no file open, however many are refused", async () => {
    mkdirSync(scratch("many"));
    const contents = ["prose\n", "", TINY_GZ.subarray(0, 4000), TINY, Buffer.of(0, 1)];
    const files = Array.from({ length: 50 }, (_, n) => scratch(`many/${n}`, contents[n % 5]));
    const before = openFiles();
    await mmreplay(["check", ...files]);
    // Streams close a moment after their last byte.
    for (let tries = 0; openFiles() > before && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(openFiles()).toBeLessThanOrEqual(before);
  });
});

describe.runIf(existsSync("/usr/bin/mkfifo") || existsSync("/bin/mkfifo"))("a FIFO", () => {
  it("is read as a file is", async () => {
    const fifo = scratch("fifo");
    execFileSync("sh", ["-c", `mkfifo "$0"`, fifo]);
    const writer = spawn("sh", ["-c", `cat "$0" > "$1"`, HELD, fifo]);
    const ended = new Promise((resolve) => writer.on("close", resolve));
    const outcome = await mmreplay(["check", fifo]);
    await ended;
    expect(outcome).toMatchObject({ exit: 0, stderr: "" });
    expect(outcome.stdout).toContain("HELD");
  });
});

function openFiles(): number {
  return existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0;
}
