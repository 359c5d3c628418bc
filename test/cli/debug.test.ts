/**
 * A debugging session: the same verbs from a pipe, from `--command`, and typed at a terminal.
 */
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Output } from "../../packages/replay/src/cli/io.ts";
import { run } from "../../packages/replay/src/cli/program.ts";
import { scratch } from "../support/scratch.ts";
import { bytesOf, mmreplay, trace } from "./terminal.ts";

const BUGGY = "cust61-BUG_noretry_ignored-stress_delay.txt.gz";
const SCRIPT = "/usr/bin/script";
const BIN = join(import.meta.dirname, "../../packages/replay/bin/mmreplay.js");

async function session(...lines: string[]): Promise<string> {
  const { exit, stdout, stderr } = await mmreplay(["debug", trace(BUGGY), "--command", ...lines]);
  expect([exit, stderr]).toEqual([0, ""]);
  return stdout;
}

const placesIn = (said: string): string[] =>
  [...said.matchAll(/^#(\d+) \(line/gm)].map(([, index = ""]) => index);

/** What is wrong with lines that are not typed. */
async function wrong(...lines: string[]): Promise<{ stdout: string; stderr: string }> {
  const { exit, stdout, stderr } = await mmreplay(["debug", trace(BUGGY), "--command", ...lines]);
  expect(exit).toBe(2);
  return { stdout, stderr };
}

describe("a session", () => {
  it("stands at the violation after one word, and says what proves it", async () => {
    const said = await session("violation");
    expect(said).toContain("#93 (line 110) stress-129: store pages looked up at seq 5");
    expect(said).toContain("K-I26 violated:");
  });

  it("steps back from there, and on again", async () => {
    const said = await session("goto 93", "back", "next");
    const places = [...said.matchAll(/^#(\d+) \(line/gm)].map(([, index]) => index);
    expect(places).toEqual(["93", "92", "93"]);
  });

  it("says who last changed a value", async () => {
    const said = await session("goto 93", "why notifiers[0].seq");
    expect(said).toContain(
      "notifiers[0].seq = 7\n  5 -> 7 by\n  #68 (line 82) stress-128: set_seq(sub0, 7)",
    );
  });

  it("runs to conditions, both ways", async () => {
    const said = await session("u retry", "since retry", "u retry", "u retry", "since retry");
    expect(said).toContain("no event before this one meets it");
    expect(placesIn(said)).toEqual([92, 146, 175, 146].map(String));
  });

  it("stops at the nearest of its breaks, both ways, and not at one that is deleted", async () => {
    const breaks = ["break violation", "break type mmu_interval_set_seq"];
    const said = await session(
      ...breaks,
      "c",
      "g 92",
      "c",
      "reverse",
      "delete 2",
      "g 70",
      "c",
      "r",
    );
    expect(said).toContain("1  violation\n2  type mmu_interval_set_seq\n");
    expect(said).toContain("forgot type mmu_interval_set_seq");
    const [first, ...rest] = placesIn(said);
    expect(Number(first)).toBeLessThan(68);
    expect(rest).toEqual(["92", "93", "74", "70", "93"]);
    expect(said.trimEnd().endsWith("at the beginning: nothing has happened")).toBe(true);
  });

  it("goes back to the violation before, not to the first one", async () => {
    const said = await session("v", "v", "v", "violation back", "v b", "v b");
    const [first, second, third, ...back] = placesIn(said);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(back).toEqual([second, first]);
    expect(said).toContain("no violation before this one");
  });

  it("steps along a task, a notifier and a page, those of the event or any other", async () => {
    const said = await session(
      "g 93",
      "next notifier",
      "b task",
      "n p",
      "b notifier 1",
      "n page 0x200026000",
    );
    const places = [...said.matchAll(/^#(\d+) \(line/gm)].map(([, index]) => index);
    expect(places.slice(0, 5)).toEqual(["93", "94", "93", "94", "77"]);
    expect(said.trimEnd()).toMatch(/#77\/12372> n page 0x200026000\n#\d+ .*0x200026000/);
  });

  it("tells of a long list what is not zero, by its place", async () => {
    const said = await session("g 94");
    expect(said).toContain("leaves[32768]: absent -> [38: 58274116600448; the other 63 are 0]");
  });

  it("follows one page through events of many", async () => {
    const said = await session("g 94", "n page", "n page", "n page", "b page", "b page", "b page");
    const places = [...said.matchAll(/^#(\d+) \(line/gm)].map(([, index]) => Number(index));
    expect(places.slice(4)).toEqual(places.slice(0, 3).toReversed());
  });

  it("says when the event concerns no such thing, and goes to any mark", async () => {
    const lines = ["next page", "g 60", "m here", "g 93", "b mark", "n mark"];
    const { stdout: said, stderr } = await wrong(...lines);
    expect(stderr).toContain("E_ALONG: found the beginning, expected an event that names a page.");
    expect(said).toMatch(/^here:\n#60 /m);
    expect(said).toContain("no mark after this event");
  });

  it("steps over what is not selected, and finds only what is", async () => {
    const lines = ["next", "next", "violation", "back 3", "until retry"];
    const flags = ["--pid", "129", "--from", "60"];
    const { stdout } = await mmreplay(["debug", trace(BUGGY), ...flags, "--command", ...lines]);
    expect(stdout).toMatch(/12373 events, \d+ selected: steps go from one to the next/);
    const moments = [...stdout.matchAll(/^#(\d+) \(line \d+\) (\S+):/gm)];
    expect(moments.map(([, , task]) => task)).toEqual(lines.map(() => "stress-129"));
    expect(moments.every(([, index]) => Number(index) >= 60)).toBe(true);
  });

  it("refuses a selection that takes nothing, and says what there is", async () => {
    const { exit, stderr } = await mmreplay(["debug", trace(BUGGY), "--pid", "4", "-c", "next"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("E_SELECTION: found no event that the selection takes");
    expect(stderr).toContain("its threads are 128, 129");
  });

  it("shows the state, a diff of two marks, and the table", async () => {
    const said = await session(
      "g 60",
      "mark before",
      "g 93",
      "d before 93",
      "p mms[0].subs.seq",
      "diagram",
    );
    expect(said).toMatch(/from #60 to #93: \d+ changes/);
    expect(said).toContain("mms[0].subs.seq = 8");
    expect(said).toContain("read_retry(sub, 5) = true");
  });

  it("says on standard error what is wrong with a line, goes on, and ends with 2", async () => {
    const lines = ["foo", "until nothing", "goto nowhere", "p mms[", "next"];
    const { stdout, stderr } = await wrong(...lines);
    const codes = [...stderr.matchAll(/^(E_\w+):/gm)].map(([, code]) => code);
    expect(codes).toEqual(["E_VERB", "E_CONDITION", "E_PLACE", "E_PATH"]);
    expect(stderr).toContain('E_VERB: found "foo", expected a verb. Say help.');
    expect(stdout).toContain("#0 (line");
    expect(stdout).not.toContain("E_");
  });

  it("refuses names that there are not, with those that may be meant", async () => {
    const lines = [
      "until type nonsense",
      "until type driver_lokc",
      "until task 9999",
      "break notifier 77",
      "until mms[0].subs.nonexistent == 3",
      "since changes mms[0].subs.sqe",
      "until mms[4].subs.seq == 3",
      "why nonsense",
      "print notifiers[0].sq",
    ];
    const { stderr } = await wrong(...lines);
    const codes = [...stderr.matchAll(/^(E_\w+):/gm)].map(([, code]) => code);
    expect(codes).toEqual([...Array(4).fill("E_CONDITION"), ...Array(5).fill("E_PATH")]);
    expect(stderr).toContain('Did you mean "driver_lock" or "driver_unlock"?');
    expect(stderr).toContain('Did you mean "seq"?');
    expect(stderr).toMatch(/found task 9999, expected a task from 0 to \d+/);
  });

  it("takes a path that leads to something only at times", async () => {
    const said = await session("until tasks[1].section.seq == 5", "until notifiers[0].seq == 7");
    expect(placesIn(said)).toHaveLength(2);
  });

  it("forgets no break for a number that none has", async () => {
    const { stdout, stderr } = await wrong("break retry", "x 0", "delete 2", "delete", "break");
    expect(stderr.match(/E_BREAK/g)).toHaveLength(3);
    expect(stdout.trimEnd().endsWith("1  retry")).toBe(true);
  });

  it("from a pipe ends with 2, too, when a line was wrong", async () => {
    const stdin = [new TextEncoder().encode("foo\nnext\n")];
    const { exit, stderr, stdout } = await mmreplay(["debug", trace(BUGGY)], { stdin });
    expect([exit, stderr.slice(0, 7)]).toEqual([2, "E_VERB:"]);
    expect(stdout).toContain("#0 (line");
  });

  it("reads its lines from a pipe and ends with them", async () => {
    const stdin = [new TextEncoder().encode("next\nback\n")];
    const { exit, stdout } = await mmreplay(["debug", trace(BUGGY)], { stdin });
    expect(exit).toBe(0);
    expect(stdout).toContain("at the beginning: nothing has happened");
  });
});

describe("a program that is interrupted ends with 130, and says what was left", () => {
  it.each([
    [["debug", "-", "-c", "next"], "nothing was carried out"],
    [["diff", "-", trace(BUGGY)], "nothing was compared"],
  ])("while it reads: %j", async (args, left) => {
    const controller = new AbortController();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield gunzipSync(bytesOf(trace(BUGGY))).subarray(0, 90_000);
      yield new Uint8Array(0);
      controller.abort();
      await new Promise(() => {});
    }
    const { signal } = controller;
    const { exit, stdout, stderr } = await mmreplay(args, { stdin: slow(), signal });
    expect([exit, stdout, stderr]).toEqual([130, "", `mmreplay: interrupted, ${left}\n`]);
  });

  it.each([
    [["next", "until retry", "back", "back"], "#0/12372> until", ", 2 more lines not carried out"],
    [["next", "until retry", "back"], "#0/12372> until", ", 1 more line not carried out"],
    [["next", "diff"], "from #-1 to #0", ""],
  ])("while it carries out %j", async (lines, when, left) => {
    const controller = new AbortController();
    const written = { out: "", err: "" };
    const output = (name: "out" | "err"): Output => ({
      isTTY: false,
      closed: false,
      write: async (text) => {
        written[name] += text;
        if (text.includes(when)) controller.abort();
      },
    });
    const exit = await run(["debug", trace(BUGGY), "--command", ...lines], {
      stdout: output("out"),
      stderr: output("err"),
      stdin: (async function* () {})(),
      environment: {},
      signal: controller.signal,
    });
    expect([exit, written.err]).toEqual([130, `mmreplay: interrupted${left}\n`]);
    expect(written.out).not.toContain("> back");
  });
});

/** What was on a terminal, and how the session ended. */
interface Typed {
  readonly screen: string;
  readonly exit: number | null;
}

/** Types keys at a terminal of its own, each when what it waits for stands on it after the ones before. */
function typed(
  keys: readonly (readonly [after: string, keys: string])[],
  file: string = trace(BUGGY),
): Promise<Typed> {
  return new Promise((resolve, reject) => {
    const command = `${process.execPath} ${BIN} debug ${file}`;
    const terminal = spawn(SCRIPT, ["-qec", command, "/dev/null"], {
      env: { ...process.env, TERM: "xterm", NO_COLOR: "1" },
    });
    let screen = "";
    let seen = 0;
    let next = 0;
    terminal.stdout.on("data", (data: Buffer) => {
      screen += data.toString();
      const [after, text] = keys[next] ?? [];
      const found = after === undefined ? -1 : screen.indexOf(after, seen);
      if (after === undefined || found < 0) return;
      seen = found + after.length;
      next += 1;
      terminal.stdin.write(text);
    });
    terminal.on("error", reject);
    terminal.on("close", (exit) => resolve({ screen, exit }));
  });
}

describe.runIf(existsSync(SCRIPT))("at a terminal", () => {
  it("it has a prompt that says where one stands, completes words, and ends with quit", async () => {
    const { screen, exit } = await typed([
      ["#-1/12372> ", "viol\t\r"],
      ["#93/12372> ", "back\r"],
      ["#92/12372> ", "nonsense\r"],
      ["E_VERB", "quit\r"],
    ]);
    expect(screen).toContain("violation");
    expect(exit).toBe(0);
  });

  it("Ctrl-C clears a line that is half typed, and ends the session with 130 where there is none", async () => {
    const { screen, exit } = await typed([
      ["#-1/12372> ", "goto 5"],
      ["goto 5", "\u0003"],
      ["#-1/12372> ", "goto 7\r"],
      ["#7/12372> ", "\u0003"],
    ]);
    expect(screen).not.toContain("goto 5goto 7");
    expect(screen).toContain("#7 (line");
    expect(exit).toBe(130);
  });

  it("Ctrl-C stops a search and leaves the session where it was", async () => {
    const file = scratch("long.jsonl");
    const event = { index: 0, type: "mm_create", task: 0, mm: 0 };
    const events = Array.from({ length: 400_000 }, (_, index) =>
      JSON.stringify(index === 0 ? event : { ...event, index, type: "mmget" }),
    );
    const header =
      '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":4503599627370496}';
    writeFileSync(file, `${[header, ...events].join("\n")}\n`);
    const { screen, exit } = await typed(
      [
        ["#-1/399999> ", "until mms[0].users == 399999\r"],
        ["== 399999\r", "\u0003"],
        ["interrupted", "goto 3\r"],
        ["#3/399999> ", "\u0003"],
      ],
      file,
    );
    expect(screen).toContain("#3 task0: ");
    expect(screen).not.toContain("#399998");
    expect(exit).toBe(130);
  });
});
