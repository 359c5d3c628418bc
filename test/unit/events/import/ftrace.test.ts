import { describe, expect, it } from "vitest";
import { countsOf, probesOf, read, readLine, sample } from "./reading.ts";

const BODY = "insert: (mmu_interval_notifier_insert+0x0/0x70) sub=0x1 mm=0x2";

describe("the default layout of ftrace", () => {
  it("an event line has task, CPU, time, probe and arguments", () => {
    const line =
      "          stress-403     [002] ...1.    12.717856: insert_ret: (dmirror_fops_open+0x8c/0xc0 [test_hmm] <- mmu_interval_notifier_insert) ret=0";
    expect(readLine("ftrace", line)).toEqual({
      kind: "probe",
      line: 1,
      task: 403,
      comm: "stress",
      cpu: 2,
      at: 0,
      probe: "insert",
      edge: "return",
      fields: { ret: "0" },
      rest: "(dmirror_fops_open+0x8c/0xc0 [test_hmm] <- mmu_interval_notifier_insert)",
    });
  });

  it("a comm that holds a dash, brackets and spaces is cut at byte 16", () => {
    const { comm, task } = readLine(
      "ftrace",
      `  odd name-[1] x-8912    [001] d..2.   642.147035: ${BODY}`,
    );
    expect(comm).toBe("odd name-[1] x");
    expect(task).toBe(8912);
  });

  it("a comm may look like the head of another event", () => {
    const { comm, task, cpu } = readLine(
      "ftrace",
      ` a-1 [0] 1.0: x:-77      [003] .....     2.000001: ${BODY}`,
    );
    expect([comm, task, cpu]).toEqual(["a-1 [0] 1.0: x:", 77, 3]);
  });

  it("a comm keeps its bytes, also those that are no text", () => {
    const comm = "\x1b[2J\xc3\xa9\xa0\x85\x01";
    const read = readLine(
      "ftrace",
      `${comm.padStart(16)}-5       [000] .....     2.000001: ${BODY}`,
    );
    expect(read.comm).toBe(comm);
  });

  it("a comm may be <...> or <idle> or end with a space", () => {
    const at = (comm: string) =>
      readLine("ftrace", `${comm.padStart(16)}-0       [000] .....     2.000001: ${BODY}`).comm;
    expect(at("<...>")).toBe("<...>");
    expect(at("<idle>")).toBe("<idle>");
    expect(at("name ")).toBe("name ");
  });

  it("irq flags are 4 to 8 characters or absent", () => {
    for (const flags of ["d..1", "d..1.", "DBZff", ".N.1.2.x", ""]) {
      const line = `          stress-403     [002] ${flags}    12.717856: ${BODY}`;
      expect(readLine("ftrace", line)).toMatchObject({ cpu: 2, probe: "insert", at: 0 });
    }
    for (const flags of ["d..", "d........"]) {
      const line = `          stress-403     [002] ${flags}    12.717856: ${BODY}`;
      expect(countsOf(read("ftrace", line))).toEqual({ unread: 1 });
    }
  });

  it("the tgid is a column that may be unknown, and is not kept", () => {
    for (const tgid of ["(  10448)", "(-------)", "(1234567)"]) {
      const line = `  odd name-[1] x-10448   ${tgid} [001] d....   682.256593: ${BODY}`;
      expect(readLine("ftrace", line)).toMatchObject({
        task: 10448,
        cpu: 1,
        comm: "odd name-[1] x",
      });
    }
  });

  it("a CPU has three digits or more", () => {
    const line = `          stress-403     [1023] .....    12.717856: ${BODY}`;
    expect(readLine("ftrace", line).cpu).toBe(1023);
  });

  it("an event without arguments has no fields", () => {
    const line = "          stress-403     [002] .....    12.717856: do_thing:";
    expect(readLine("ftrace", line)).toMatchObject({ probe: "do_thing", fields: {}, rest: "" });
  });

  it("syscall events have no colon: call and return are told by the arrow", () => {
    const head = "          stress-403     [002] .....    12.717856: ";
    expect(readLine("ftrace", `${head}sys_munmap(addr: 7f00, len: 1000)`)).toMatchObject({
      probe: "sys_munmap",
      edge: "entry",
      rest: "(addr: 7f00, len: 1000)",
    });
    expect(readLine("ftrace", `${head}sys_munmap -> 0x0`)).toMatchObject({
      probe: "sys_munmap",
      edge: "return",
      rest: "-> 0x0",
    });
  });
});

describe("lines between events", () => {
  const event = `          stress-403     [002] .....    12.717856: ${BODY}`;
  const marker = "          stress-403     [002] .....    12.717857: tracing_mark_write: two";

  it("LOST lines count what was lost, 0 where no number is printed", () => {
    const text = `CPU:1 [LOST 5345 EVENTS]\n${event}\nCPU:12 [LOST EVENTS]\n`;
    expect(read("ftrace", text).observations.filter((o) => o.kind === "lost")).toEqual([
      { kind: "lost", line: 1, cpu: 1, count: 5345 },
      { kind: "lost", line: 3, cpu: 12, count: 0 },
    ]);
  });

  it("'buffer started' names the CPU", () => {
    expect(read("ftrace", sample("ftrace-buffer-started.txt")).observations[7]).toEqual({
      kind: "buffer-started",
      line: 8,
      cpu: 1,
    });
  });

  it("the header has the counts of the whole recording", () => {
    const { observations } = read("ftrace", sample("ftrace-stacktrace.txt"));
    expect(observations[2]).toEqual({
      kind: "header",
      line: 3,
      inBuffer: 50045,
      written: 57071,
      cpus: 2,
    });
  });

  it("what follows a marker without a head continues it, whatever it looks like", () => {
    const text = `${marker}\nlines here\n\n# not a comment\ninsert: (x) a=1\n${event}\n`;
    expect(countsOf(read("ftrace", text))).toEqual({ probe: 2, continuation: 4 });
  });

  it("a marker's text is not taken apart", () => {
    const line =
      "          stress-403     [002] .....    12.717857: tracing_mark_write:  a=1 b=[x]";
    expect(readLine("ftrace", line)).toMatchObject({ fields: {}, rest: " a=1 b=[x]" });
  });

  it("a string argument may span lines", () => {
    const text = `          stress-403     [002] .....    12.717856: open: (f+0x0/0x9) name="two\nlines"\n${event}`;
    expect(countsOf(read("ftrace", text))).toEqual({ probe: 2, continuation: 1 });
  });

  it("a torn line after a probe is unread, and nothing is guessed", () => {
    const text = `${event}\n${event.slice(0, 40)}\n${event.slice(30)}\n${event}`;
    expect(countsOf(read("ftrace", text))).toEqual({ probe: 2, unread: 2 });
  });

  it("a stack trace is an event of its own, its frames are stack lines", () => {
    const reading = read("ftrace", sample("ftrace-stacktrace.txt"));
    const stacks = probesOf(reading).filter((o) => o.probe.startsWith("<"));
    expect(stacks.map((o) => [o.line, o.probe])).toEqual([
      [14, "<stack trace>"],
      [25, "<user stack trace>"],
      [28, "<stack trace>"],
    ]);
  });

  it("a time stamp of another kind of clock is unread: it has no distance from the base", () => {
    const text = `${event}\n${event.replace("12.717856", "     1234")}\n`;
    expect(countsOf(read("ftrace", text))).toEqual({ probe: 1, unread: 1 });
  });
});
