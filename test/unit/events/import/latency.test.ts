import { describe, expect, it } from "vitest";
import { countsOf, probesOf, read, readLine, sample } from "./reading.ts";

describe("the latency layout of ftrace", () => {
  it("cuts the comm at byte 8 and finds the CPU glued to the flags", () => {
    const line =
      "odd name-8912    12d..1. 16322us+: tlb_flush: pages:-1 reason:local MM shootdown (3)";
    expect(readLine("ftrace-latency", line)).toEqual({
      kind: "probe",
      line: 1,
      task: 8912,
      comm: "odd name",
      cpu: 12,
      at: 0,
      probe: "tlb_flush",
      edge: "entry",
      fields: {},
      rest: "pages:-1 reason:local MM shootdown (3)",
    });
  });

  it("microseconds become nanoseconds, with any delay mark", () => {
    const at = (time: string) => `    bash-10445     0d.... ${time}: x: a=1\n`;
    const marks = ["+", "!", "#", "*", "@", "$", " "].map((mark, i) => at(`${16170 + i}us${mark}`));
    const reading = read("ftrace-latency", marks.join(""));
    expect(probesOf(reading).map((o) => o.at)).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000]);
  });

  it("the header has the counts and CPUs", () => {
    expect(read("ftrace-latency", sample("ftrace-latency.txt")).observations[4]).toEqual({
      kind: "header",
      line: 5,
      inBuffer: 11882,
      written: 11882,
      cpus: 2,
    });
  });

  it("the verbose form has no dash before the pid", () => {
    const [first, second] = probesOf(read("ftrace-latency", sample("ftrace-latency-verbose.txt")));
    expect(first).toMatchObject({ task: 10445, comm: "bash", cpu: 0, probe: "page_fault_user" });
    expect(second?.at).toBe(11_000);
  });

  it("the verbose form with an integer clock counts in its unit", () => {
    const line = (n: number) =>
      `  odd name-[1] x   10445   3 1 00000000 00000000 [00000000000000${n}] ${n} (+1): x: a=1\n`;
    const reading = read("ftrace-latency", line(11) + line(12));
    expect(reading).toMatchObject({ unit: "clock", baseText: "11" });
    expect(probesOf(reading).map((o) => [o.comm, o.cpu, o.at])).toEqual([
      ["odd name-[1] x", 3, 0],
      ["odd name-[1] x", 3, 1],
    ]);
  });
});

describe("a console log with ftrace_dump_on_oops", () => {
  it("the trace is read through the console's time stamps, the rest are notes", () => {
    const reading = read("ftrace-latency", sample("ftrace-oops-console.txt"));
    expect(countsOf(reading)).toEqual({ note: 31, lost: 2, probe: 25 });
    expect(reading.observations[13]).toEqual({ kind: "lost", line: 14, cpu: 0, count: 112472 });
    expect(reading.observations[14]).toMatchObject({
      line: 15,
      task: 158,
      comm: "stress",
      probe: "inv_end",
      fields: { mm: "0xffff888100888cc0", subs_seq: "1461" },
    });
  });

  it("level, caller and missing prefixes make no difference", () => {
    const event = "  stress-158       0..... 7929257us : inv_end: (f+0x0/0x9) mm=0x1";
    const text = [
      "<0>[   11.400019][  T153] Dumping ftrace buffer:",
      "<0>[   11.400436][  T153] ---------------------------------",
      `<0>[   11.400437][  T153] ${event}`,
      `[12345.000000] ${event}`,
      event,
      "---------------------------------",
      "Kernel Offset: disabled",
    ].join("\n");
    expect(countsOf(read("ftrace-latency", text))).toEqual({ note: 4, probe: 3 });
  });

  it("inside the dump, a line that is no event is unread, not a note", () => {
    const bytes = sample("ftrace-oops-console.txt");
    const text = Buffer.from(bytes).toString("latin1").replace("us : locked:", "us lo");
    expect(countsOf(read("ftrace-latency", text))).toMatchObject({ unread: 1, probe: 24 });
  });
});
