/**
 * What every refusal looks like: one sentence on stderr, no stack, no half-written file, and on stdout
 * nothing but a report.
 */
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { bytesOf, mmreplay, type Outcome, trace } from "../terminal.ts";

/** The bytes of a small whole recording that holds. */
export const TINY_GZ: Buffer = bytesOf(trace("cust61-good-stress_tiny.txt.gz"));
/** Its text. */
export const TINY: string = gunzipSync(TINY_GZ).toString("latin1");
/** Its lines, the first twelve of which are its head. */
export const TINY_LINES: readonly string[] = TINY.split("\n");

/** A recording that was changed line by line. */
export function edited(change: (line: string, index: number) => string): Buffer {
  return Buffer.from(TINY_LINES.map(change).join("\n"), "latin1");
}

/** Everything that a terminal may act upon, or that hides or turns text. */
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Nothing from outside reaches the terminal as it is, and no program error shows. */
export function expectHarmless({ stdout, stderr }: Outcome): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(UNSAFE);
    expect(text).not.toContain("E_INTERNAL");
    expect(text).not.toMatch(/^\s+at .*:\d+:\d+/m);
  }
}

/** One sentence on stderr that says `sentence`, and exit code 2. */
export function expectRefused(outcome: Outcome, sentence: string | RegExp): void {
  expectHarmless(outcome);
  expect(outcome.stderr).toMatch(/^[^\n]+\.? ?[^\n]*\n$/);
  if (typeof sentence === "string") expect(outcome.stderr).toContain(sentence);
  else expect(outcome.stderr).toMatch(sentence);
  expect(outcome.stderr.length, "a sentence, not a dump").toBeLessThan(1000);
  expect(outcome.exit).toBe(2);
}

let number = 0;

/** Checks these bytes as a file of their own. */
export async function checked(
  content: string | Uint8Array,
  ...options: readonly string[]
): Promise<Outcome> {
  number += 1;
  return mmreplay(["check", ...options, scratch(`input-${number}`, content)]);
}

/** `check` refuses the bytes: the sentence on stderr, a line for the file on stdout. */
export async function expectFileRefused(
  content: string | Uint8Array,
  sentence: string | RegExp,
  ...options: readonly string[]
): Promise<void> {
  const outcome = await checked(content, ...options);
  expectRefused(outcome, sentence);
  expect(outcome.stdout).toMatch(/^\S*input-\d+: not readable \(E_\w+\)\n$/);
}

/** The bytes are read, and in part not understood: undecided, and the report says why. */
export async function expectUndecided(
  content: string | Uint8Array,
  note: string | RegExp,
  ...options: readonly string[]
): Promise<void> {
  const outcome = await checked(content, ...options);
  expectHarmless(outcome);
  expect(outcome).toMatchObject({ exit: 3, stderr: "" });
  expect(outcome.stdout).toMatch(/: UNDECIDED\n/);
  expect(outcome.stdout.replace(/\n +/g, " ")).toMatch(note);
}

/** The bytes are a whole recording, however they came. */
export async function expectHeld(
  content: string | Uint8Array,
  ...options: readonly string[]
): Promise<void> {
  const outcome = await checked(content, ...options);
  expect(outcome).toMatchObject({ exit: 0, stderr: "" });
  expect(outcome.stdout).toMatch(/: HELD\n/);
  expect(outcome.stdout).toContain("1933 events");
}

/** Half-written files in the folder of the tests. */
export function leftovers(): string[] {
  return readdirSync(dirname(scratch("any"))).filter((name) => name.endsWith(".part"));
}
