/**
 * A search says the same every time, byte for byte: again in this process, on two threads of another
 * one, and in shards that are joined; where nothing fails, where a rule is broken, where nobody can go on.
 *
 * Each thread begins node anew and each shard searches once more: a usual run has two shards, and on threads one search
 * in which nothing fails and one in which something does; MMREPLAY_WHOLE has three shards, and more on threads.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ofEachKind, WHOLE } from "../support/sample.ts";
import { scratch } from "../support/scratch.ts";
import { mmreplay, type Outcome } from "./terminal.ts";

const PACKAGE = join(import.meta.dirname, "../../packages/replay");
const built = existsSync(join(PACKAGE, "dist/bundle/cli.js"));

/** Arguments of the search, its exit code, and what fails. */
const CASES = [
  ["peer/2F2I", 0, null],
  ["peer/2F2I --no-symmetry --no-por", 0, null],
  ["K-P6", 0, null],
  ["race/nested", 0, null],
  ["plain/refusal", 0, null],
  ["peer/1F1I --mutant peer-1", 1, "K-I14"],
  ["peer/1F1I1R --mutant peer-5", 1, "deadlock"],
  ["peer/1F2I --mutant peer-6 --no-symmetry", 1, "K-I14"],
  ["peer/1F2I1R --mutant peer-8", 1, "K-I14"],
  ["K-P1 --mutant core-end-wakes-nobody", 1, "lost-wake-up"],
  ["K-P8 --mutant K-Z25", 1, "K-I22"],
] as const;

const DRAWN = [
  ["peer/2F2I --strategy random --runs 1000", 3, null],
  ["peer/1F1I1R --mutant peer-5 --strategy pct --runs 1000 --seed 3", 1, "deadlock"],
] as const;

/** On threads, each of which begins node anew: some in which nothing fails and some in which something does. */
const ON_THREADS = ofEachKind(
  CASES.filter(([args]) => /^(K-P6|race\/nested|.*--mutant (peer-5|peer-8|K-Z25))$/.test(args)),
  ([, exit]) => exit,
);

const explored = (args: string): Promise<Outcome> =>
  mmreplay(["explore", ...args.split(" "), "--json"]);

async function joined(args: string, of: number): Promise<Outcome> {
  const files = Array.from({ length: of }, (_, i) => scratch(`${i}-of-${of}.json`));
  for (const [i, file] of files.entries()) {
    await mmreplay(["explore", ...args.split(" "), "--shard", `${i + 1}/${of}`, "-o", file]);
  }
  // In any order.
  return mmreplay(["explore", "--merge", ...files.toReversed(), "--json"]);
}

describe.each([...CASES, ...DRAWN])("explore %s", (args, exit, rule) => {
  it(`says the same again, and in shards: exit ${exit}`, async () => {
    const one = await explored(args);
    expect(one.exit).toBe(exit);
    const { findings } = JSON.parse(one.stdout) as { findings: { rule: string }[] };
    expect(findings.map((finding) => finding.rule)).toEqual(rule === null ? [] : [rule]);
    expect(await explored(args)).toEqual(one);
    expect(await joined(args, 2)).toEqual(one);
    if (WHOLE) expect(await joined(args, 3)).toEqual(one);
  });
});

describe.runIf(built).each(ON_THREADS)("explore %s --workers 2", (args) => {
  it("says what one thread says", async () => {
    const bin = join(PACKAGE, "bin/mmreplay.js");
    const all = ["explore", ...args.split(" "), "--json", "--workers", "2"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...all]);
    const two = { exit: status, stdout: stdout.toString(), stderr: stderr.toString() };
    expect(two).toEqual(await explored(args));
  });
});

describe.runIf(built)("fuzz --workers 3", () => {
  it.each([
    `--scenario peer/1F2I1R --mutant peer-8 --runs ${WHOLE ? 5000 : 2000}`,
    `--mutant peer-8 --runs ${WHOLE ? 4000 : 800} --seed 3`,
    `--runs ${WHOLE ? 1600 : 800}`,
  ])("says what one thread says: %s", async (args) => {
    const all = ["fuzz", ...args.split(" "), "--json"];
    const bin = join(PACKAGE, "bin/mmreplay.js");
    const { stdout, stderr } = spawnSync(process.execPath, [bin, ...all, "--workers", "3"]);
    expect(stderr.toString()).toBe("");
    expect(stdout.toString()).toBe((await mmreplay(all)).stdout);
  });
});
