/** What a task, a file or a probe calls itself never reaches a terminal or a report as it is. */

import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { bytesOf, mmreplay, type Outcome, trace } from "../terminal.ts";
import { expectHarmless } from "./refused.ts";

/** The beginning of a recording; it has more violations than any reporter prints. */
const BUG = gunzipSync(bytesOf(trace("cust61-BUG_noseq-stress_nodelay.txt.gz")))
  .toString("latin1")
  .split("\n")
  .slice(0, 2500);
const REPORTERS = ["text", "ktap", "junit", "github", "md"];

/** Names as the kernel would print them: at most 15 bytes, given as latin1. */
const NAMES: readonly (readonly [what: string, name: string])[] = [
  ["clears the screen", "\x1b[2J\x1b[H"],
  ["sets the title", "\x1b]0;pwned\x07"],
  ["is a link (OSC 8)", "\x1b]8;;http://x\x07"],
  ["uses C1 controls", "\x9b31m\x9d0;x\x9c"],
  ["rings and goes back", "\x07\x08\x08\x08\r\x0b"],
  ["is not UTF-8", "\xff\xfe\xc3\x28\x80"],
  ["is UTF-8 that turns the direction", latin1("\u202egnp.exe\u2066")],
  ["is a soft hyphen and a wide blank", latin1("a\u00adb\u3000c")],
  ["is markup", "<img src=x>&\"'"],
  ["is Markdown", "```|*_[a](b)"],
  ["is a workflow command", "::error::x%0A"],
  ["is a directive of TAP", "ok 1 # SKIP x"],
  ["looks like the head of a line", "x-1 [000] d.... "],
  ["is a key of the prototype", "__proto__"],
  ["is empty", ""],
];

function latin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1").slice(0, 15);
}

function renamed(name: string): Buffer {
  const column = name.slice(0, 15).padStart(16);
  const lines = BUG.map((line) => line.replace(/^ *stress(?=-\d+ )/, column));
  return Buffer.from(lines.join("\n"), "latin1");
}

/** The same names in a journal, where a line end can be one of them. */
async function journal(name: string): Promise<string> {
  const text = scratch("hostile.txt", renamed("victim"));
  const { stdout } = await mmreplay(["import", text, "-o", "-"]);
  return stdout.replaceAll('"victim"', JSON.stringify(name));
}

async function reports(file: string): Promise<Outcome[]> {
  const outcomes = [
    await mmreplay(["check", "--json", "--explain", file]),
    await mmreplay(["replay", file, "--from", "0", "--to", "400"]),
    await mmreplay(["replay", file, "--json"]),
    await mmreplay(["show", file, "--at", "300"]),
    await mmreplay(["show", file, "--at", "300", "--json"]),
    await mmreplay(["import", file, "-o", "-"]),
  ];
  for (const reporter of REPORTERS) {
    outcomes.push(await mmreplay(["check", "--reporter", reporter, file]));
  }
  return outcomes;
}

function expectStructure([, , , , , , , ktap, junit, github, md]: readonly Outcome[]): void {
  const lines = (outcome: Outcome | undefined): string[] => outcome?.stdout.split("\n") ?? [];
  expect(junit?.stdout.replace(/<[a-z?/][^<>]*>/g, "")).not.toMatch(/[<>]|&(?!\w+;)/);
  for (const line of lines(github)) {
    if (line.startsWith("::"))
      expect(line).toMatch(/^::(error|warning) file=[^:]*,title=|^::notice::/);
  }
  for (const line of lines(ktap)) {
    expect(line).toMatch(
      /^(?: {2})?(KTAP version|1\.\.|# |(not )?ok \d+ ([KM]-I\d+|\S*hostile))|^$/,
    );
  }
  expectFences(lines(md));
}

/** Each fence is closed, and by nothing but its own end. */
function expectFences(lines: readonly string[]): void {
  const fences = lines.filter((line) => /^ {0,3}`{3,}\s*$/.test(line));
  expect(fences.length % 2).toBe(0);
  expect(new Set(fences).size).toBeLessThanOrEqual(1);
}

describe("a task in a recording whose name", () => {
  it.each(NAMES)("%s", async (_, name) => {
    const outcomes = await reports(scratch("hostile", renamed(name)));
    for (const outcome of outcomes) expectHarmless(outcome);
    expect(outcomes[0]?.exit).toBe(1);
    expectStructure(outcomes);
  });
});

describe("a task in a journal whose name", () => {
  it.each([
    ["is lines of commands", "x\n::error::y\n```\nok 1\n"],
    ["turns the direction of writing", "\u202e\u2066\u200f\u061c"],
    ["hides", "\u200b\ufeff\u2060\u{e0041}"],
    ["separates lines and paragraphs", "\u2028\u2029\u0085"],
    ["is half a pair", "\ud800x\udc00"],
    ["is no character", "\ufffe\uffff"],
    ["clears the screen", "\u001b[2J\u009b2J"],
  ])("%s", async (_, name) => {
    const outcomes = await reports(scratch("hostile", await journal(name)));
    for (const outcome of outcomes) expectHarmless(outcome);
    expect(outcomes[0]?.exit).toBe(1);
    expectStructure(outcomes);
  });
});

it("arguments are not passed on as they are either", async () => {
  for (const args of [
    ["\u001b[2J"],
    ["check", "--\u001b[2J"],
    ["check", "--rules", "\u202e", "x"],
  ]) {
    const outcome = await mmreplay(args);
    expectHarmless(outcome);
    expect(outcome.exit).toBe(2);
  }
});
