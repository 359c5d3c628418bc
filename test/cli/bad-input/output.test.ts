import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { mmreplay, trace } from "../terminal.ts";
import { expectRefused, leftovers, TINY, TINY_GZ } from "./refused.ts";

const HELD = trace("cust61-good-stress_tiny.txt.gz");
const folder = scratch("folder");
mkdirSync(folder);
const PROFILE = '{"name":"mine","title":"","checkedOn":[],"extends":"test_hmm","probes":{}}';
const SCENARIO = JSON.stringify({
  mmreplay: "scenario",
  version: 1,
  title: "One invalidation",
  tasks: { A: [{ invalidate: "A", pages: [0, 4] }] },
});

const OUTPUTS: readonly (readonly [what: string, output: string, sentence: string])[] = [
  ["a folder that is not there", scratch("no/where.jsonl"), "E_WRITE: found no such directory"],
  ["a folder that is a file", `${HELD}/x.jsonl`, "E_WRITE: found no such directory"],
  ["a name that is a folder's", folder, "E_WRITE: found a directory"],
  ["no name", "", "E_WRITE: found"],
  ["a name that is too long", scratch("x".repeat(300)), "E_WRITE: found the system's answer"],
  ...(existsSync("/dev/full")
    ? [["a full device", "/dev/full", "E_WRITE: found no space left on the device"] as const]
    : []),
  ...(existsSync("/proc/version")
    ? [
        [
          "a place where none may write",
          "/proc/version/x",
          "E_WRITE: found no such directory",
        ] as const,
      ]
    : []),
];

describe("import", () => {
  it.each(OUTPUTS)("to %s is refused, and nothing is left", async (_, output, sentence) => {
    const outcome = await mmreplay(["import", HELD, "-o", output]);
    expectRefused(outcome, sentence);
    expect(outcome.stdout).toBe("");
    expect(leftovers()).toEqual([]);
  });

  it("that fails leaves the file of before as it was", async () => {
    const output = scratch("kept.jsonl", "before\n");
    for (const bytes of [TINY_GZ.subarray(0, 9000), Buffer.from("prose\n"), Buffer.of()]) {
      const outcome = await mmreplay(["import", scratch("bad.gz", bytes), "-o", output]);
      expectRefused(outcome, /E_GZIP|E_FORMAT|E_EMPTY/);
    }
    expect(readFileSync(output, "utf8")).toBe("before\n");
    expect(leftovers()).toEqual([]);
  });

  it("that is interrupted leaves nothing, and ends with 130", async () => {
    const controller = new AbortController();
    async function* stdin(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(TINY.slice(0, 100_000));
      controller.abort();
      await new Promise(() => {});
    }
    const output = scratch("interrupted.jsonl");
    const outcome = await mmreplay(["import", "-", "-o", output], {
      stdin: stdin(),
      signal: controller.signal,
    });
    expect(outcome).toMatchObject({ exit: 130, stdout: "" });
    expect(outcome.stderr).toBe("mmreplay: interrupted, nothing was written\n");
    expect(existsSync(output)).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it("writes through a link, and leaves the link", async () => {
    const file = scratch("linked.txt", TINY);
    mkdirSync(scratch("elsewhere"));
    const link = scratch("link.jsonl");
    symlinkSync("elsewhere/second.jsonl", link);
    symlinkSync("../target.jsonl", scratch("elsewhere/second.jsonl"));
    for (const target of ["is not there yet", "is there"]) {
      expect((await mmreplay(["import", file, "-o", link])).exit, target).toBe(0);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(lstatSync(scratch("elsewhere/second.jsonl")).isSymbolicLink()).toBe(true);
      expect(lstatSync(scratch("target.jsonl")).isFile()).toBe(true);
    }
    expect((await mmreplay(["check", link])).exit).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  it("to links in a circle is refused", async () => {
    symlinkSync(scratch("there"), scratch("back"));
    symlinkSync(scratch("back"), scratch("there"));
    expectRefused(await mmreplay(["import", HELD, "-o", scratch("there")]), "E_WRITE: found");
  });
});

describe("an output that is the input is refused, and the input stays", () => {
  const kept = scratch("keep.txt", TINY);
  const scenario = scratch("keep.json", SCENARIO);
  const profile = scratch("profile.json", PROFILE);
  symlinkSync(kept, scratch("soft.txt"));
  linkSync(kept, scratch("hard.txt"));

  it.each([
    ["import, by the same name", ["import", kept, "-o", kept]],
    ["import, by another spelling", ["import", kept, "-o", `${dirname(kept)}/./keep.txt`]],
    ["import, by a soft link", ["import", kept, "-o", scratch("soft.txt")]],
    ["import, from a soft link", ["import", scratch("soft.txt"), "-o", kept]],
    ["import, by a hard link", ["import", kept, "-o", scratch("hard.txt")]],
    ["import, its profile", ["import", kept, "--profile", profile, "-o", profile]],
    ["scenario run", ["scenario", "run", scenario, "-o", scenario]],
    ["explore", ["explore", scenario, "-o", scenario]],
    ["explore, which goes on", ["explore", scenario, "--resume", scenario]],
    ["explore, its shards", ["explore", "--merge", kept, "-o", kept]],
  ])("%s", async (_, args) => {
    const outcome = await mmreplay(args);
    expectRefused(outcome, "E_OWN_INPUT: found the input itself as the output");
    expect(outcome.stdout).toBe("");
    expect(readFileSync(kept, "utf8")).toBe(TINY);
    expect(readFileSync(scenario, "utf8")).toBe(SCENARIO);
    expect(readFileSync(profile, "utf8")).toBe(PROFILE);
    expect(leftovers()).toEqual([]);
  });
});

describe.each(["check", "replay", "show"])("%s that is interrupted", (name) => {
  const rest = name === "show" ? ["--at", "3"] : [];

  it.each([
    ["before the first byte", ""],
    ["inside the first line", '{"mmreplay":"jour'],
    [
      "inside a later line",
      '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":16}\n{"ind',
    ],
  ])("%s blames nobody and ends with 130", async (_, text) => {
    const controller = new AbortController();
    async function* stdin(): AsyncGenerator<Uint8Array> {
      if (text !== "") yield Buffer.from(text);
      controller.abort();
      await new Promise(() => {});
    }
    const outcome = await mmreplay([name, "-", ...rest], {
      stdin: stdin(),
      signal: controller.signal,
    });
    expect(outcome.exit).toBe(130);
    expect(outcome.stderr).not.toMatch(/E_\w+/);
  });
});
