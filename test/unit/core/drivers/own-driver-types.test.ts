/**
 * What can be seen of a wrong driver where it is written: the compiler refuses it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";

const ROOT = new URL("../../../../", import.meta.url);
const TEMPORARY = new URL("test/.tmp/", ROOT);
const FOLDER = new URL(`driver-types-${process.pid}/`, TEMPORARY);

const RIGHT = `start: { do: "return", result: true }`;

/** Each is one line of a file of its own kind of mistake. */
const DRIVERS: readonly (readonly [string, string, string, boolean])[] = [
  ["a right one", `start: { do: "read_begin", next: "done" }`, RIGHT, true],
  ["a label that no step has", `start: { do: "read_begin", next: "gone" }`, RIGHT, false],
  ["a check with one way out", `start: { do: "read_retry", next: "done" }`, RIGHT, false],
  ["an action of the callback", `start: { do: "set_seq", next: "done" }`, RIGHT, false],
  ["no start", `begin: { do: "read_begin", next: "done" }`, RIGHT, false],
  [
    "a variable that is not declared",
    `start: ({ variables }) => ({ do: "set", variables: { m: variables.n }, next: "done" })`,
    RIGHT,
    false,
  ],
  [
    "a look at what is not in the view",
    `start: ({ locked }) => (locked ? { do: "unlock", next: "done" } : { do: "lock", next: "done" })`,
    RIGHT,
    false,
  ],
  [
    "a callback that returns no answer",
    `start: { do: "read_begin", next: "done" }`,
    `start: ({ blockable }) => ({ do: "return", result: blockable ? "yes" : "no" })`,
    false,
  ],
];

const codeOf = (fault: string, invalidate: string): string =>
  `defineDriver({ name: "x", variables: { n: 0 }, faultPath: { ${fault}, done: { do: "return", result: "stored" } }, invalidate: { ${invalidate} } });`;

afterAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  try {
    rmdirSync(TEMPORARY);
  } catch {
    // Another test's files are still there.
  }
});

it("the compiler refuses a driver that names what is not there, and no other", () => {
  mkdirSync(FOLDER, { recursive: true });
  const compilerOptions = {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    customConditions: ["mmreplay-source"],
  };
  const config = { extends: "../../../tsconfig.base.json", compilerOptions, include: ["*.ts"] };
  writeFileSync(new URL("tsconfig.json", FOLDER), JSON.stringify(config));
  const lines = DRIVERS.map(([, fault, invalidate]) => codeOf(fault, invalidate));
  const file = ['import { defineDriver } from "@mmreplay/core";', ...lines].join("\n");
  writeFileSync(new URL("drivers.ts", FOLDER), file);
  const tsc = new URL("node_modules/.bin/tsc", ROOT).pathname;
  const run = spawnSync(tsc, ["-p", "."], { cwd: FOLDER, encoding: "utf8" });
  expect(run.error).toBeUndefined();
  const refused = new Set([...run.stdout.matchAll(/^drivers\.ts\((\d+),/gm)].map(([, at]) => at));
  const right = DRIVERS.filter((_, at) => !refused.has(String(at + 2))).map(([name]) => name);
  expect(right).toEqual(DRIVERS.flatMap(([name, , , isRight]) => (isRight ? [name] : [])));
});
