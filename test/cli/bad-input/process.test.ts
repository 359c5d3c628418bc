/** What only a real process shows: memory, closed and full descriptors, signals. */
import { type SpawnOptions, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { trace } from "../terminal.ts";
import { leftovers, TINY } from "./refused.ts";

const PACKAGE = join(import.meta.dirname, "../../../packages/replay");
const BIN = join(PACKAGE, "bin/mmreplay.js");
const HELD = trace("cust61-good-stress_tiny.txt.gz");
const isRoot = process.getuid?.() === 0;
const HEADER = '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":16}\n';

interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command; `feed` is given to its standard input, as often as it is taken. */
async function command(
  args: readonly string[],
  { feed, ...options }: SpawnOptions & { feed?: Iterable<string | Buffer> } = {},
): Promise<Ended> {
  const heap = ["--max-old-space-size=96", BIN, ...args];
  const child = spawn(process.execPath, heap, { stdio: "pipe", ...options });
  const out = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    out.stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    out.stderr += chunk;
  });
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  if (child.stdin !== null) {
    // The command need not read to the end.
    await pipeline(Readable.from(feed ?? [], { objectMode: false }), child.stdin).catch(() => {});
  }
  return { exit: await closed, ...out };
}

function* hundredMegabytes(first: string, last: string): Generator<string | Buffer> {
  const megabyte = Buffer.alloc(1024 * 1024, "x");
  yield first;
  for (let n = 0; n < 100; n += 1) yield megabyte;
  yield last;
}

describe.runIf(existsSync(join(PACKAGE, "dist/bundle/cli.js")))("the built command", () => {
  it.each([
    ["of text is refused", "", "", 2, "E_LINE_END: found no line end in 65536 bytes"],
    ["inside a recording is one unread line", TINY.slice(0, 100_000), TINY.slice(100_000), 3, ""],
    [
      "of a journal is refused",
      `${HEADER}{"x":"`,
      '"}\n',
      2,
      "E_JOURNAL_LINE: found a line of more",
    ],
    ["of a header is refused", '{"mmreplay":"', '"}\n', 2, ":1: E_JOURNAL_LINE"],
    [
      "of a bpftrace record is no record",
      '{"type": "value", "data": ["',
      '"]}\n',
      2,
      "E_NO_EVENTS",
    ],
  ])("bounds its memory: a line of 100 MB %s", async (_, first, last, exit, sentence) => {
    const ended = await command(["check", "-"], { feed: hundredMegabytes(first, last) });
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr.length).toBeLessThan(1000);
    expect(ended.exit).toBe(exit);
  });

  it("bounds its memory: a vector of 100 MB is refused", async () => {
    const ended = await command(["conform", "-"], { feed: hundredMegabytes('{"t":"', '"}\n') });
    expect(ended).toMatchObject({ exit: 2 });
    expect(ended.stderr).toContain("E_LINE_LENGTH");
  });

  it("reads a closed standard input as an empty file", async () => {
    const args = ["-c", `exec "$0" "$1" check - <&-`, process.execPath, BIN];
    const child = spawn("sh", args, { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(2);
    expect(stderr).toMatch(/^-: E_EMPTY: [^\n]*\n$/);
  });

  it.runIf(existsSync("/dev/full")).each([
    ["check", [HELD]],
    ["check", ["--json", HELD]],
    ["import", [HELD, "-o", "-"]],
    ["replay", [HELD, "--json"]],
  ])("says that the device of its output is full: %s", async (name, rest) => {
    const full = openSync("/dev/full", "w");
    const ended = await command([name, ...rest], { stdio: ["ignore", full, "pipe"] });
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toMatch(/the output could not be written: [^\n]*ENOSPC[^\n]*\n$/);
    expect(ended.stderr).not.toContain("    at ");
  });

  it.each([
    ["check", ["--json", HELD]],
    ["show", [HELD, "--at", "9"]],
    ["replay", [HELD, "--every", "1"]],
  ])("does not mind that nobody reads its output: %s", async (name, rest) => {
    const args = ["-c", `"$@"; echo "exit $?" >&2`, "sh", process.execPath, BIN, name, ...rest];
    const child = spawn("sh", args, { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout?.destroy();
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toBe("exit 0\n");
  });

  it.runIf(existsSync("/dev/stdin"))(
    "does not write over what its standard input was redirected from",
    async () => {
      const file = scratch("redirected.txt", TINY);
      const stdio: SpawnOptions["stdio"] = [openSync(file, "r"), "pipe", "pipe"];
      const ended = await command(["import", "-", "-o", file], { stdio });
      expect(ended).toMatchObject({ exit: 2, stdout: "" });
      expect(ended.stderr).toContain("E_OWN_INPUT: found the input itself as the output");
      expect(readFileSync(file, "utf8")).toBe(TINY);
    },
  );

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("leaves no part of a file after %s", async (signal, exit) => {
    const output = scratch(`ended-by-${signal}.jsonl`);
    const child = spawn(process.execPath, [BIN, "import", "-", "-o", output]);
    const closed = new Promise((resolve) => child.on("close", resolve));
    child.stdin.write(TINY.slice(0, 200_000));
    while (!leftovers().some((name) => name.includes(signal))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill(signal);
    expect(await closed).toBe(exit);
    expect(leftovers()).toEqual([]);
    expect(existsSync(output)).toBe(false);
  });

  it.runIf(isRoot)("says that a file may not be read", async () => {
    // The folder of the tests belongs to root alone.
    const ended = await command(["check", scratch("secret.txt", TINY)], {
      uid: 65_534,
      gid: 65_534,
    });
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain("E_PERMISSION: found a file that you may not read");
  });

  it.runIf(existsSync("/proc/self/mem"))(
    "says that a file could be opened and not read",
    async () => {
      const ended = await command(["check", "/proc/self/mem"]);
      expect(ended.exit).toBe(2);
      expect(ended.stderr).toMatch(/^\/proc\/self\/mem: E_READ: found the system's answer EIO/);
    },
  );
});
