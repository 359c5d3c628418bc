import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { mmreplay, trace } from "../terminal.ts";
import { expectHeld, expectRefused, TINY } from "./refused.ts";

const RECORDING = trace("cust61-good-stress_tiny.txt.gz");
const profile = (probes: string, more = ""): string =>
  `{"name":"mine","title":"","checkedOn":[],"extends":"test_hmm","probes":{${probes}}${more}}`;
const nested = "[".repeat(40_000) + "]".repeat(40_000);
let number = 0;

it.each([
  ["no JSON", "name: mine\n", "E_PROFILE_JSON: found text that is not JSON"],
  ["an empty file", "", "E_PROFILE_JSON"],
  ["a number", "3", "E_PROFILE: found 3, expected an object"],
  ["an unknown role", profile('"a":{"role":"remve"}'), 'found "probes.a.role": "remve"'],
  [
    "an unknown field",
    profile('"a":{"role":"remove","fields":{"subb":"s"}}'),
    'Did you mean "sub"?',
  ],
  ["an unknown key", profile("", ',"x":1'), 'E_PROFILE: found an unknown field "x"'],
  [
    "a name of a return probe",
    profile('"a_ret":{"role":"remove"}'),
    'E_PROFILE_PROBE: found the probe name "a_ret"',
  ],
  ["an unknown base", profile("").replace("test_hmm", "test_hm"), 'Did you mean "test_hmm"?'],
  [
    "a probe twice",
    profile('"a":{"role":"insert"},"a":{"role":"remove"}'),
    'E_PROFILE_TWICE: found the key "a" twice',
  ],
  [
    "a probe twice, once escaped",
    profile('"a":{"role":"insert"},"\\u0061":{"role":"remove"}'),
    'key "a" twice',
  ],
  [
    "__proto__ as a probe",
    profile('"__proto__":{"role":"remove"}'),
    'E_PROFILE_TWICE: found the key "__proto__"',
  ],
  [
    "a negative offset",
    profile("", ',"mirror":{"sub":-8,"pt":0,"dmirror":0}'),
    "a number from 0 on",
  ],
  ["nesting", `{"name":${nested}}`, 'E_PROFILE: found "name": [[[…]]]'],
  ["half of that", "[".repeat(500_000), "E_PROFILE_JSON"],
  ["the recording itself", " ".repeat(2_000_000), "E_PROFILE: found more than 1048576 bytes"],
  ["an escape sequence", profile('"\u001b[2J":1'), "E_PROFILE"],
])("a profile that is or has %s is refused once, before any file", async (_, content, sentence) => {
  number += 1;
  const file = scratch(`profile-${number}.json`, content);
  const outcome = await mmreplay(["check", "--profile", file, RECORDING, RECORDING]);
  expectRefused(outcome, sentence);
  expect(outcome.stderr.startsWith(file)).toBe(true);
  expect(outcome.stdout).toBe("");
});

it.each([
  ["nope", 'E_PROFILE_NAME: found the profile "nope", expected one of'],
  ["corr", 'Did you mean "core"?'],
  ["constructor", 'E_PROFILE_NAME: found the profile "constructor"'],
  ["/nowhere/p.json", "/nowhere/p.json: E_NOT_FOUND: found no such file"],
  ["./", "./: E_DIRECTORY: found a directory"],
])("the profile %s is refused once", async (name, sentence) => {
  const outcome = await mmreplay(["check", "--profile", name, RECORDING, RECORDING]);
  expectRefused(outcome, sentence);
  expect(outcome.stdout).toBe("");
});

describe("a profile named without a path", () => {
  const before = process.cwd();
  beforeAll(() => {
    process.chdir(dirname(scratch("any")));
    mkdirSync("ffdir");
    scratch("ffempty", "");
    scratch("fflong", Buffer.alloc(100 * 1024 * 1024, " "));
    scratch("ff", profile(""));
    scratch("core", "a dump, say");
  });
  afterAll(() => process.chdir(before));

  it.each([
    ["ffdir", "ffdir: E_DIRECTORY: found a directory"],
    ["ffempty", "ffempty: E_PROFILE_JSON: found an empty file"],
    ["fflong", "fflong: E_PROFILE: found more than 1048576 bytes"],
    ["ffnone", 'E_PROFILE_NAME: found the profile "ffnone"'],
  ])("is the file that is there: %s", async (name, sentence) => {
    expectRefused(await mmreplay(["check", "--profile", name, RECORDING]), sentence);
  });

  it("is read when it is one, and a built-in one comes before a file", async () => {
    await expectHeld(TINY, "--profile", "ff");
    expect((await mmreplay(["check", "--profile", "core", RECORDING])).stderr).toBe("");
  });
});

it("a profile with a UTF-8 mark is read", async () => {
  await expectHeld(TINY, "--profile", scratch("mark.json", `\ufeff${profile("")}`));
});
