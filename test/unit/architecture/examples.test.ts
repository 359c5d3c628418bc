/**
 * What is written for the compiler: the examples in the comments, and drivers with a mistake in their types. One
 * compilation has them all, as it takes ten seconds.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allExamples, type Check, moduleOf } from "./examples.ts";
import { MODULE, notRefused, RIGHT_ONES } from "./mistyped-drivers.ts";

const ROOT = new URL("../../../", import.meta.url);
const TEMPORARY = new URL("test/.tmp/", ROOT);
const FOLDER = new URL(`examples-${process.pid}/`, TEMPORARY);

/** The tests' own settings, on the sources: no build comes first. */
const TSCONFIG = {
  extends: "../../../tsconfig.base.json",
  compilerOptions: {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    customConditions: ["mmreplay-source"],
  },
  include: ["*.ts"],
};

const examples = allExamples().map((example, at) => ({ ...example, file: `example-${at}.ts` }));

mkdirSync(FOLDER, { recursive: true });
writeFileSync(new URL("tsconfig.json", FOLDER), JSON.stringify(TSCONFIG));
for (const example of examples) writeFileSync(new URL(example.file, FOLDER), moduleOf(example));
writeFileSync(new URL("drivers.ts", FOLDER), MODULE);
let errors: readonly string[] = [];

beforeAll(() => {
  const tsc = new URL("node_modules/.bin/tsc", ROOT).pathname;
  const run = spawnSync(tsc, ["-p", "."], { cwd: FOLDER, encoding: "utf8" });
  expect(run.error).toBeUndefined();
  expect(run.stdout).not.toMatch(/^error TS/m);
  errors = run.stdout.split("\n");
}, 120_000);

afterAll(() => {
  rmSync(FOLDER, { recursive: true });
  try {
    rmdirSync(TEMPORARY);
  } catch {
    // Another run's examples are still there.
  }
});

describe("the examples in the comments", () => {
  it("there are examples", () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it("they compile", () => {
    const placed = errors
      .filter((line) => line.startsWith("example-"))
      .map((line) =>
        line.replace(/^example-(\d+)\.ts/, (_, at) => `${examples[Number(at)]?.place} `),
      );
    expect(placed).toEqual([]);
  });

  it.each(examples)("$place does what it says", async ({ file }) => {
    const { checks } = (await import(/* @vite-ignore */ new URL(file, FOLDER).pathname)) as {
      checks: Check[];
    };
    for (const { code, actual, expected } of checks) expect(actual, code).toEqual(expected);
  });
});

describe("a driver of the user's own", () => {
  it("is refused by the compiler where it names what is not there, and else is not", () => {
    const lines = errors.flatMap((line) => {
      const [, at] = /^drivers\.ts\((\d+),/.exec(line) ?? [];
      return at === undefined ? [] : [Number(at)];
    });
    expect(notRefused(new Set(lines))).toEqual(RIGHT_ONES);
  });
});
