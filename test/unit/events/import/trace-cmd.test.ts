import { describe, expect, it } from "vitest";
import { countsOf, probesOf, read, readLine, sample } from "./reading.ts";

const BODY = "insert:               (ffffffff81275190) sub=0xff mm=0x1";

describe("trace-cmd report", () => {
  it("pads the names of events, and may have no flags", () => {
    expect(readLine("trace-cmd", `          stress-161   [003]     7.233142: ${BODY}`)).toEqual({
      kind: "probe",
      line: 1,
      task: 161,
      comm: "stress",
      cpu: 3,
      at: 0,
      probe: "insert",
      edge: "entry",
      fields: { sub: "0xff", mm: "0x1" },
      rest: "(ffffffff81275190)",
    });
    expect(
      readLine("trace-cmd", `          stress-161   [003] d..1.     7.233142: ${BODY}`).cpu,
    ).toBe(3);
  });

  it("says the number of CPUs in its first line", () => {
    expect(read("trace-cmd", sample("tracecmd-report.txt")).observations[0]).toEqual({
      kind: "header",
      line: 1,
      cpus: 2,
    });
  });

  it("may name the instance before the comm, which may look like one", () => {
    const comm = "a: b-1 [0]";
    const line = `rec: ${comm.padStart(16)}-16782 [000]   795.013009: ${BODY}`;
    expect(readLine("trace-cmd", line)).toMatchObject({ comm, task: 16782 });
    expect(readLine("trace-cmd", line.slice(5))).toMatchObject({ comm, task: 16782 });
  });

  it("leaves blanks where another file's name would stand", () => {
    const line = (prefix: string) =>
      `${prefix}      odd name-[1]-7     [000]   795.013009: ${BODY}\n`;
    const reading = read(
      "trace-cmd",
      line("           ") + line("  one.dat: ") + line("           "),
    );
    expect(probesOf(reading).map((o) => [o.comm, o.task])).toEqual(
      Array(3).fill(["odd name-[1]", 7]),
    );
  });

  it("with --raw-ts glues the time to the CPU, and counts in the clock's unit", () => {
    const reading = read("trace-cmd", sample("tracecmd-report-rawts.txt"));
    expect(probesOf(reading).map((o) => o.at)).toEqual([0, 1964, 6550]);
  });

  it("with --ts-diff has a column before the event, blank in the first line", () => {
    const reading = read("trace-cmd", sample("tracecmd-report-tsdiff.txt"));
    expect(probesOf(reading).map((o) => o.probe)).toEqual(Array(3).fill("page_fault_user"));
  });

  it("with -l cuts the comm at byte 8", () => {
    const [first] = probesOf(read("trace-cmd", sample("tracecmd-report-l.txt")));
    expect(first).toMatchObject({
      comm: "bash",
      task: 16782,
      cpu: 0,
      fields: { error_code: "0x7" },
    });
  });

  it("words losses in its own way", () => {
    const text =
      "version = 7\ncpus=2\nCPU 1 is empty\nCPU:3 [12 EVENTS DROPPED]\nCPU:3 [EVENTS DROPPED]\nCPU:1 [SUBBUFFER START]\n";
    const reading = read("trace-cmd", text);
    expect(countsOf(reading)).toEqual({ header: 1, note: 3, lost: 2 });
    expect(reading.observations[3]).toEqual({ kind: "lost", line: 4, cpu: 3, count: 12 });
  });

  it("prints a marker as the event print, and its second line alone", () => {
    const text =
      "          stress-161   [003]     7.233142: print:                tracing_mark_write: two\nlines here\n";
    expect(countsOf(read("trace-cmd", text))).toEqual({ probe: 1, continuation: 1 });
    expect(readLine("trace-cmd", text)).toMatchObject({
      probe: "print",
      rest: "tracing_mark_write: two",
    });
  });
});
