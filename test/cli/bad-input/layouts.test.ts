import { describe, expect, it } from "vitest";
import {
  checked,
  expectFileRefused,
  expectHeld,
  expectUndecided,
  TINY,
  TINY_LINES,
} from "./refused.ts";

const raw = (line: string): string => `${line}\n`.repeat(4);

describe("layouts without times, tasks or events are refused", () => {
  it.each([
    [
      "options/raw",
      raw("10445 1 682932267677 type: 190"),
      "found the raw layout of ftrace in line 1",
    ],
    ["options/hex", raw("000028cd 00000001 0000009f02a5f3dd"), "found the hex layout of ftrace"],
    [
      "context-info off",
      raw("read_begin: (mmu_interval_read_begin+0x0/0x1a0) sub=0xffff"),
      "Write 1 to /sys/kernel/tracing/options/context-info and read the trace again.",
    ],
    [
      "only a head",
      TINY_LINES.slice(0, 12).join("\n"),
      "E_NO_EVENTS: found no event line in what looks",
    ],
    ["a head and prose", `${TINY_LINES.slice(0, 12).join("\n")}\nnone\n`, 'line 13 is "none"'],
  ])("%s", async (_, content, sentence) => {
    await expectFileRefused(content, sentence);
  });
});

describe("lines whose parts cannot be told apart are refused with what to do", () => {
  const quoted = (line: string): string => `> ${line}`;
  const unpadded = (line: string): string => line.replace(/^ +/, "");
  const events = TINY_LINES.slice(12, 60);
  const changed = (lines: readonly string[], change: (line: string) => string): string =>
    lines.map((line) => `${change(line)}\n`).join("");

  it.each([
    ["quoted in a mail", changed(TINY_LINES, quoted), 'a quoted line 1: "> # tracer: nop"'],
    ["an excerpt quoted twice", changed(events, (line) => `> > ${line}`), "a quoted line 1"],
    ["quoted below an answer", `On Monday we saw:\n${changed(events, quoted)}`, "a quoted line 2"],
    ["without leading blanks", changed(TINY_LINES, unpadded), "line 13 without the blanks before"],
    [
      "our bpftrace records without -f json",
      "Attaching 23 probes...\n(1, insert_ret, 15413425766165, 1, 16442, 16442, a, b, 18446744073709551615, 0)\n",
      "Record with: bpftrace -q -f json -o trace.jsonl record.bt",
    ],
    ["an excerpt without them", changed(events, unpadded), "line 1 without the blanks before"],
  ])("%s", async (_, content, sentence) => {
    await expectFileRefused(content, sentence);
  });
});

describe("a bpftrace recording without an event", () => {
  const line = (data: string): string => `{"type": "value", "data": [${data}]}\n`;
  const ATTACHED = '{"type": "attached_probes", "data": {"probes": 22}}\n';
  const record = ',"release",5000,0,7,7,"comm",4096';

  it.each([
    ["lines", `${ATTACHED}${line(`2${record}`)}`],
    ["records with more fields", line(`3,"remade"${record},1,2`)],
    ["an array", `[${line(`2${record}`)},${line(`2${record}`)}]`],
  ])("of a newer recorder says what reads it: %s", async (_, content) => {
    await expectFileRefused(
      content,
      /E_RECORD_VERSION: found a bpftrace recording of version [23], expected version 1\. Read it with/,
    );
  });

  it.each([
    ["0", "an older number"],
    ['"2"', "a text for a number"],
    ["2.5", "a part of a number"],
  ])("is not of a newer recorder with %s, %s", async (version) => {
    await expectFileRefused(line(`${version}${record}`), "E_NO_EVENTS: found no event line");
  });

  it("is told by examples that are read", async () => {
    const { stderr } = await checked(line(`0${record}`));
    const examples = [...stderr.matchAll(/`([^`]*release[^`]*)`/g)].map(([, text]) => text);
    expect(examples).toHaveLength(2);
    for (const example of examples) await expectUndecided(`${example}\n`, /1 events?/);
  });
});

describe("a wrong --format", () => {
  it.each([
    ["perf-script", "E_NO_EVENTS: found no event line in what looks like perf-script; line 13 is"],
    ["ftrace-latency", undefined],
    ["trace-cmd", undefined],
    ["journal", 'E_JOURNAL_JSON: found text that is not JSON ("# tracer: nop")'],
    ["bpftrace", "E_NO_EVENTS: found no event line in what looks like bpftrace"],
  ])(
    "%s is refused where it cannot read the file, and obeyed where it can",
    async (format, sentence) => {
      if (sentence === undefined) await expectHeld(TINY, "--format", format);
      else await expectFileRefused(TINY, sentence, "--format", format);
    },
  );
});

describe("a last line without its end", () => {
  const body = TINY.trimEnd();

  it.each([
    ["cut inside a value", TINY.slice(0, -60)],
    ["cut inside the head of the line", TINY.slice(0, -100)],
    ["complete but for its newline, which nobody can know", body],
  ])("carries nothing: %s", async (_, content) => {
    await expectUndecided(content, /the file has 1932.* 1 line could not be read/);
  });

  it("loses nothing when it is a note", async () => {
    await expectHeld(`${body}\n# the end`);
  });
});

describe("two recordings in one file", () => {
  it.each([
    ["the same twice", TINY + TINY],
    ["the second without its head", TINY + TINY_LINES.slice(12).join("\n")],
  ])("are undecided: %s", async (_, content) => {
    await expectUndecided(content, /the file has 3866: check one recording at a time/);
  });
});
