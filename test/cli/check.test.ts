import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { bytesOf, jsonOf, mmreplay, trace } from "./terminal.ts";

const TINY = trace("cust61-good-stress_tiny.txt.gz");
const BAD = trace("cust61-BUG_unlocked-stress_delay.txt.gz");
const OVERRUN = trace("cust61-good-OVERRUN-stress.txt.gz");
const CORE = trace("deb612-good-core-stress_short.txt.gz");

describe("the exit code of check", () => {
  it("is 0 for a file in which every observed rule held", async () => {
    expect((await mmreplay(["check", TINY])).exit).toBe(0);
  });

  it("is 1 for a violated file", async () => {
    expect((await mmreplay(["check", BAD])).exit).toBe(1);
  });

  it("is 3 for a recording that lost events, and 0 where that is allowed", async () => {
    expect((await mmreplay(["check", OVERRUN])).exit).toBe(3);
    expect((await mmreplay(["check", "--allow-undecided", OVERRUN])).exit).toBe(0);
  });

  it("is 3 when a required rule is not observed, and the report says what would show it", async () => {
    expect((await mmreplay(["check", CORE])).exit).toBe(0);
    const { exit, stdout } = await mmreplay(["check", "--require", "K-I14", CORE]);
    expect(exit).toBe(3);
    expect(stdout).toContain("K-I14 is required and not observed; it needs invalidate");
  });

  it("is the worst of several files: 2 before 1 before 3 before 0, and every file is processed", async () => {
    const absent = scratch("absent.txt");
    const all = await mmreplay(["check", "--json", absent, TINY, OVERRUN, BAD]);
    expect(all.exit).toBe(2);
    expect(jsonOf(all).files.map((one) => one.verdict ?? one.error?.code)).toEqual([
      "E_NOT_FOUND",
      "held",
      "undecided",
      "violated",
    ]);
    expect((await mmreplay(["check", TINY, OVERRUN, BAD])).exit).toBe(1);
    expect((await mmreplay(["check", TINY, OVERRUN])).exit).toBe(3);
  });
});

describe("check --json", () => {
  it("prints one object with the fields of the contract, and nothing else", async () => {
    const { files, ...top } = jsonOf(await mmreplay(["check", "--json", BAD]));
    expect(top).toEqual({ schemaVersion: 1 });
    const contract =
      "file format verdict events unmapped lost notifiers invalidations readSections retries busy again rules findings";
    expect(Object.keys(files[0] ?? {})).toEqual(expect.arrayContaining(contract.split(" ")));
    const [finding] = (files[0]?.["findings"] ?? []) as object[];
    expect(Object.keys(finding ?? {})).toEqual(
      "rule verdict line index at task address message evidence".split(" "),
    );
  });

  it("is the same bytes every time", async () => {
    const first = await mmreplay(["check", "--json", TINY, CORE]);
    expect(await mmreplay(["check", "--json", TINY, CORE])).toEqual(first);
  });

  it("names an unreadable file with its error, which is on stderr as well", async () => {
    const outcome = await mmreplay(["check", "--json", scratch("no.txt")]);
    const error = jsonOf(outcome).files[0]?.error;
    expect(error?.code).toBe("E_NOT_FOUND");
    expect(outcome.stderr).toBe(`${error?.message}\n`);
  });

  it("explains the rules when asked to", async () => {
    const outcome = await mmreplay(["check", "--json", "--explain", "--rules", "K-I1", TINY]);
    expect(jsonOf(outcome)["rules"]).toHaveProperty("K-I14.statement");
  });
});

describe("a text that does not count its events", () => {
  const part = (): Buffer => {
    const text = bytesOf(trace("cust61-good-bpftrace-stress.json.gz"));
    const lines = gunzipSync(text).toString("latin1").split("\n");
    return Buffer.from(`${lines.slice(0, 186).join("\n")}\n`, "latin1");
  };

  it("is not held, for it may be half of one, and the report says what to do", async () => {
    const { exit, stdout } = await mmreplay(["check", "-"], { stdin: [part()] });
    expect(exit).toBe(3);
    expect(stdout).toMatch(/^-: UNDECIDED\n/);
    expect(stdout).toContain("--whole says that none is missing");
  });

  it("is held with --whole", async () => {
    const { exit, stdout } = await mmreplay(["check", "--whole", "-"], { stdin: [part()] });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^-: HELD\n/);
  });

  it("is undecided with --whole where a head denies it", async () => {
    const text = gunzipSync(bytesOf(TINY)).toString("latin1").split("\n");
    const cut = Buffer.from(`${text.slice(0, 900).join("\n")}\n`, "latin1");
    const { exit, stdout } = await mmreplay(["check", "--whole", "-"], { stdin: [cut] });
    expect(exit).toBe(3);
    expect(stdout).toContain("The head says 1933 events");
  });
});

describe("the input of check", () => {
  it("is standard input for -, gzip or not", async () => {
    const { exit, stdout } = await mmreplay(["check", "-"], { stdin: [bytesOf(TINY)] });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^-: HELD\n/);
  });

  it("is every file that a pattern names, sorted", async () => {
    const { files } = jsonOf(await mmreplay(["check", "--json", trace("deb6*-core-*.gz")]));
    expect(files.map(({ file }) => file)).toEqual(
      ["deb61", "deb612"].map((tag) => trace(`${tag}-good-core-stress_short.txt.gz`)),
    );
  });

  it.each([
    ["a pattern that nothing matches", trace("nothing-*.txt"), "E_NO_MATCH"],
    ["a folder", trace("."), "E_DIRECTORY"],
    ["an empty file", scratch("empty.txt", ""), "E_EMPTY"],
    ["gzip that was cut", scratch("cut.gz", bytesOf(TINY).subarray(0, 5000)), "E_GZIP"],
    ["zstd", scratch("x.zst", Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0)), "E_COMPRESSION"],
    ["text of another kind", scratch("prose.txt", "Dear list,\n\nhello\n"), "E_FORMAT"],
  ])("is refused in one sentence: %s", async (_, file, code) => {
    const { exit, stderr } = await mmreplay(["check", file]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(new RegExp(`^[^\\n]*${code}[^\\n]*\\n$`));
  });

  it("shows a stack only with --debug", async () => {
    const file = scratch("gone.txt");
    expect((await mmreplay(["check", file])).stderr).not.toContain("    at ");
    expect((await mmreplay(["check", "--debug", file])).stderr).toContain("    at ");
  });

  it("cannot reach the terminal with control characters in a name", async () => {
    const { stdout, stderr } = await mmreplay(["check", scratch("a\u001b[2Jb.txt")]);
    expect(stdout + stderr).not.toContain("\u001b");
    expect(stderr).toContain("a\\x1b[2Jb.txt");
  });
});

describe("Ctrl-C", () => {
  it("prints what is known so far as undecided and exits with 130", async () => {
    const controller = new AbortController();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield gunzipSync(bytesOf(TINY)).subarray(0, 90_000);
      yield new Uint8Array(0);
      controller.abort();
      await new Promise(() => {});
    }
    const { exit, stdout } = await mmreplay(["check", "-"], {
      stdin: slow(),
      signal: controller.signal,
    });
    expect(exit).toBe(130);
    expect(stdout).toMatch(/^-: UNDECIDED\n/);
    expect(stdout).toContain("stopped before the end");
  });
});

describe("colour", () => {
  it.each([
    ["nowhere but on a terminal", false, {}, false],
    ["on a terminal", true, {}, true],
    ["not with NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["with FORCE_COLOR, without a terminal", false, { FORCE_COLOR: "1" }, true],
    ["not with FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, false],
  ])("is used %s", async (_, isTTY, environment, coloured) => {
    const { stdout } = await mmreplay(["check", TINY], { isTTY, environment });
    expect(stdout.includes("\u001b[32mHELD")).toBe(coloured);
  });
});

describe("--near-miss", () => {
  const OPEN_CLOSE = scratch(
    "no-race.txt",
    gunzipSync(bytesOf(TINY))
      .toString("latin1")
      .split("\n")
      .filter((line) => !/read_begin|hmm_range_fault|do_fault|pte_store/.test(line))
      .join("\n"),
  );

  it("says how often a race was caught", async () => {
    const { stdout } = await mmreplay(["check", "--near-miss", TINY]);
    expect(stdout).toContain("near misses: 0 caught by read_retry, 7 by hmm_range_fault (-EBUSY)");
  });

  it("says that there was none, and why, as text, in markdown and in JSON", async () => {
    const none = "no near miss: the file has no read section, so nothing could be run into";
    const said = ["check", "--near-miss", OPEN_CLOSE];
    expect((await mmreplay(said)).stdout).toContain(none);
    expect((await mmreplay([...said, "--reporter", "md"])).stdout).toContain(none);
    expect(jsonOf(await mmreplay([...said, "--json"])).files[0]).toMatchObject({
      nearMisses: { retries: 0, busy: 0, readSections: 0, text: none },
    });
  });
});
