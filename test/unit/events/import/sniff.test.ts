import { describe, expect, it } from "vitest";
import { excerpt, printable } from "../../../../packages/events/src/import/printable.ts";
import { sniffFormat } from "../../../../packages/events/src/import/sniff.ts";
import { SimError } from "../../../../packages/events/src/sim-error.ts";
import { bytesOf, sample } from "./reading.ts";

function refusal(input: Uint8Array | string): { code: string; message: string } {
  try {
    sniffFormat(typeof input === "string" ? bytesOf(input) : input);
  } catch (error) {
    if (error instanceof SimError) return { code: error.parts.code, message: error.message };
    throw error;
  }
  throw new Error("not refused");
}

describe("the format of a recording", () => {
  it("is known from an event line, without any header", () => {
    const lines: [string, string][] = [
      ["            bash-10788   [001] d....   684.824290: x: a=1", "ftrace"],
      ["CPU:1 [LOST 5345 EVENTS]", "ftrace"],
      ["    bash-10445     1d....    1: x: a=1", "ftrace-latency"],
      ["[   11.407444]   stress-158       0..... 7929257us : x: a=1", "ftrace-latency"],
      ["[   11.400019] Dumping ftrace buffer:", "ftrace-latency"],
      ["          stress-161   [003]     7.233142: insert:               (ffff) a=1", "trace-cmd"],
      ["            bash-16782 [000]795013009170: x: a=1", "trace-cmd"],
      ["rec:     bash-16782   0d....   795.013009: x: a=1", "trace-cmd"],
      ["rec:             bash-16782 [000]   795.013009: x: a=1", "trace-cmd"],
      ["cpus=2", "trace-cmd"],
      [
        "          stress   171 [000]    10.257709:                 dm:open: (ffff) a=1",
        "perf-script",
      ],
      ["Attaching 11 probes...", "bpftrace"],
      ['{"type": "attached_probes", "data": {"probes": 2}}', "bpftrace"],
      ['[{"type": "value", "data": [1,2]}]', "bpftrace"],
      ['{"format":"mmreplay","version":1}', "journal"],
    ];
    for (const [line, format] of lines)
      expect([line, sniffFormat(bytesOf(`\n${line}\n`))]).toEqual([line, format]);
  });

  it("of an empty trace is known from its header", () => {
    expect(
      sniffFormat(
        bytesOf("# tracer: nop\n#\n# entries-in-buffer/entries-written: 0/0   #P:4\n#\n"),
      ),
    ).toBe("ftrace");
  });

  it("of samples that others read is known", () => {
    expect(sniffFormat(sample("bpftrace-value.jsonl"))).toBe("bpftrace");
    expect(sniffFormat(sample("bpftrace-printf.jsonl"))).toBe("bpftrace");
  });

  it("is decided by the first event line, not by what a marker says later", () => {
    const event = "            bash-10788   [001] d....   684.824290: tracing_mark_write: x";
    expect(sniffFormat(bytesOf(`${event}\ncpus=2\n`))).toBe("ftrace");
  });
});

describe("what is no recording", () => {
  it("binary files are refused with the command that converts them", () => {
    expect(refusal("\x17\x08\x44tracing6\0")).toMatchObject({
      code: "E_TRACE_DAT",
      message: expect.stringContaining("trace-cmd report"),
    });
    expect(refusal("PERFILE2\0\0")).toMatchObject({
      code: "E_PERF_DATA",
      message: expect.stringContaining("perf script"),
    });
    expect(refusal("\x7fELF\0")).toMatchObject({ code: "E_BINARY" });
    expect(refusal('{"linux-perf-json-version": 1,')).toMatchObject({ code: "E_PERF_JSON" });
  });

  it("an empty file is refused, and so are blank lines", () => {
    expect(refusal("").code).toBe("E_EMPTY");
    expect(refusal(" \n\n").code).toBe("E_EMPTY");
  });

  it("unknown text is refused with the line, safe to print, and what to do", () => {
    const { code, message } = refusal(`\n\x1b[31m${"x".repeat(500)}\n`);
    expect(code).toBe("E_FORMAT");
    expect(message).toContain("line 2");
    expect(message).toContain("\\x1b[31mxxx");
    expect(message).toContain("--format");
    expect(message.length).toBeLessThan(400);
    expect(refusal(sample("babeltrace2.txt")).code).toBe("E_FORMAT");
  });

  it("text without newlines and of any length is decided", () => {
    expect(refusal("x".repeat(200_000)).code).toBe("E_LINE_END");
  });
});

describe("printable text", () => {
  it("shows control characters as their codes and leaves the rest", () => {
    expect(printable("a\x00\x1b\n\x7f\x85\x9f\xa0é")).toBe("a\\x00\\x1b\\x0a\\x7f\\x85\\x9f\xa0é");
    expect(excerpt("short")).toBe('"short"');
  });
});
