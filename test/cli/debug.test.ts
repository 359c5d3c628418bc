/**
 * A debugging session: the same verbs from a pipe, from `--command`, and typed at a terminal.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mmreplay, trace } from "./terminal.ts";

const BUGGY = "cust61-BUG_noretry_ignored-stress_delay.txt.gz";
const SCRIPT = "/usr/bin/script";
const BIN = join(import.meta.dirname, "../../packages/replay/bin/mmreplay.js");

async function session(...lines: string[]): Promise<string> {
  const { exit, stdout, stderr } = await mmreplay(["debug", trace(BUGGY), "--command", ...lines]);
  expect([exit, stderr]).toEqual([0, ""]);
  return stdout;
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

  it("runs to conditions, both ways, and to breaks", async () => {
    const said = await session("u retry", "since retry", "break violation", "c", "reverse");
    expect(said).toContain("no event before this one meets it");
    expect(said).toContain("1  violation");
    expect(said.trimEnd().endsWith("at the beginning: nothing has happened")).toBe(true);
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
    const said = await session("next page", "g 60", "m here", "g 93", "b mark", "n mark");
    expect(said).toContain("E_ALONG: found the beginning, expected an event that names a page.");
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

  it("says what is wrong with a line and goes on", async () => {
    const said = await session("foo", "until nothing", "goto nowhere", "p mms[", "next");
    expect(said).toContain('E_VERB: found "foo", expected a verb. Say help.');
    expect(said).toContain("E_CONDITION");
    expect(said).toContain("E_PLACE");
    expect(said).toContain("E_PATH");
    expect(said).toContain("#0 (line");
  });

  it("reads its lines from a pipe and ends with them", async () => {
    const stdin = [new TextEncoder().encode("next\nback\n")];
    const { exit, stdout } = await mmreplay(["debug", trace(BUGGY)], { stdin });
    expect(exit).toBe(0);
    expect(stdout).toContain("at the beginning: nothing has happened");
  });
});

/** Types lines at a terminal of its own, each when the prompt is there, and gives what stood on it. */
function typed(lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const command = `${process.execPath} ${BIN} debug ${trace(BUGGY)}`;
    const terminal = spawn(SCRIPT, ["-qec", command, "/dev/null"], {
      env: { ...process.env, TERM: "xterm", NO_COLOR: "1" },
    });
    let screen = "";
    let next = 0;
    terminal.stdout.on("data", (data: Buffer) => {
      screen += data.toString();
      const prompts = screen.split(/#-?\d+\/\d+> /).length - 1;
      const line = lines[next];
      if (prompts <= next || line === undefined) return;
      next += 1;
      terminal.stdin.write(line);
    });
    terminal.on("error", reject);
    terminal.on("close", () => resolve(screen));
  });
}

describe.runIf(existsSync(SCRIPT))("at a terminal", () => {
  it("it has a prompt that says where one stands, completes words, and ends with quit", async () => {
    const screen = await typed(["viol\t\r", "back\r", "quit\r"]);
    expect(screen).toContain("#-1/12372> ");
    expect(screen).toContain("violation");
    expect(screen).toContain("#93/12372> ");
    expect(screen).toContain("#92/12372> ");
  });
});
