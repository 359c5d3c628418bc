/** "Held" is said of what a recording shows: what it leaves out, or contradicts, is not held. */
import { checkBytes, type FileReport } from "@mmreplay/replay";
import { describe, expect, test } from "vitest";
import { inChunks } from "../support/recordings.ts";
import { begun, type WrittenTrace } from "../support/written-trace.ts";

const report = (trace: WrittenTrace, keep?: (line: string) => boolean): Promise<FileReport> =>
  checkBytes("written.txt", inChunks(trace.text(keep)), {});
const without = (pattern: RegExp) => (line: string) => !pattern.test(line);

const DMIRROR = "dmirror=0xffff888102000000";
const SUB = "sub=0xffff888102000018";
const PT = "pt=0xffff888102000008";
const PAGES = ["0x200000", "0x200001", "0x200002", "0x200003"];

const looked = (): WrittenTrace => begun().readBegin("app-101", 0, 3, 4).walk("app-101", 0, 3);
const stored = (trace: WrittenTrace, pages = PAGES): WrittenTrace =>
  pages.reduce((all, page) => all.entry("app-101", 0, page), trace);

describe("a callback", () => {
  test("whose start is not recorded is undecided, and so are all where no start is probed", async () => {
    const alone = begun().callback("app-105", 0, 5, 3);
    expect(await report(alone)).toMatchObject({ verdict: "undecided", findings: [] });
    const whole = begun().invalidation("app-102", 0, 4, 3);
    const unprobed = without(/ inv_(start|end)(_ret)?:/);
    expect(await report(whole, unprobed)).toMatchObject({ verdict: "undecided", findings: [] });
    expect(await report(whole)).toMatchObject({ verdict: "held" });
  });

  test("of which only set_seq, or only the clearing is recorded is undecided", async () => {
    const whole = begun().invalidation("app-102", 0, 4, 3);
    const unprobed = without(/ invalidate(_ret)?:/);
    expect((await report(whole, unprobed)).verdict).toBe("undecided");
    const cleared = begun()
      .start("app-102", 4)
      .line("app-102", "do_update", `${DMIRROR} start=0x200000000 end=0x200002000`)
      .returns("app-102", "inv_start", "ret=0")
      .end("app-102", 5);
    expect((await report(cleared)).verdict).toBe("undecided");
  });

  const acknowledging = (...order: readonly ("lock" | "set_seq" | "unlock")[]): WrittenTrace => {
    const trace = begun().start("app-102", 4);
    const range = "range=0xffffc9000031bd78 mm=0xffff888100940440 start=0x200000000";
    const call = `${range} end=0x200002000 flags=0x1 event=1 owner=0x0 cur_seq=5 sub_seq=3`;
    trace.line("app-102", "invalidate", `${SUB} ${call}`);
    for (const step of order) {
      if (step === "lock") trace.lock("app-102");
      else if (step === "unlock") trace.unlock("app-102");
      else trace.line("app-102", "set_seq", `${SUB} cur_seq=5 old_seq=3`);
    }
    return trace
      .returns("app-102", "invalidate", "ret=1")
      .returns("app-102", "inv_start", "ret=0")
      .end("app-102", 5);
  };

  test("acknowledges before its unlock", async () => {
    for (const order of [
      ["lock", "set_seq", "unlock"],
      ["set_seq", "lock", "unlock"],
    ] as const) {
      expect((await report(acknowledging(...order))).verdict, order.join()).toBe("held");
    }
    for (const order of [["lock", "unlock", "set_seq"], ["set_seq"]] as const) {
      const { verdict, findings } = await report(acknowledging(...order));
      expect(verdict, order.join()).toBe("violated");
      expect(findings.map(({ rule }) => rule)).toEqual(["K-I12"]);
    }
  });

  const clearing = (erased: readonly string[]): WrittenTrace => {
    const trace = stored(looked().lock("app-101").retry("app-101", 0, 3, 3), []);
    trace.store("app-101", 0, 3).unlock("app-101").start("app-102", 4);
    const range = "range=0xffffc9000031bd78 mm=0xffff888100940440 start=0x200000000";
    const call = `${range} end=0x200002000 flags=0x1 event=1 owner=0x0 cur_seq=5 sub_seq=3`;
    trace.line("app-102", "invalidate", `${SUB} ${call}`).lock("app-102");
    trace.line("app-102", "set_seq", `${SUB} cur_seq=5 old_seq=3`);
    trace.line("app-102", "do_update", `${DMIRROR} start=0x200000000 end=0x200002000`);
    for (const page of erased) trace.line("app-102", "pte_erase", `${PT} pfn=${page}`);
    return trace
      .returns("app-102", "do_update")
      .unlock("app-102")
      .returns("app-102", "invalidate", "ret=1")
      .returns("app-102", "inv_start", "ret=0")
      .end("app-102", 5);
  };

  test("has cleared the entries whose clearing is printed, where that is probed", async () => {
    expect((await report(clearing(["0x200000"]))).verdict).toBe("held");
    expect((await report(clearing([]))).verdict).toBe("held");
    const { verdict, findings } = await report(clearing(["0x200001"]));
    expect(verdict).toBe("violated");
    expect(findings.map(({ rule }) => rule)).toEqual(["K-I14"]);
  });
});

describe("a store", () => {
  test("that is wrong is one finding, whatever the number of its pages", async () => {
    const trace = looked()
      .lock("app-101")
      .line(
        "app-101",
        "do_fault",
        `${DMIRROR} range=0xffffc90000200000 ${SUB} seq=3 sub_seq=3 start=0x200000000 end=0x200004000`,
      );
    const { findings, rules } = await report(
      stored(trace).returns("app-101", "do_fault", "ret=0").unlock("app-101"),
    );
    expect(findings.map(({ rule }) => rule)).toEqual(["K-I26"]);
    expect(rules["K-I26"]?.violated).toBe(1);
  });

  test("outside a recorded fault is judged by its task's own section, or undecided", async () => {
    const checked = (own: number) => looked().lock("app-101").retry("app-101", 0, 3, own);
    expect((await report(stored(checked(3)).unlock("app-101"))).verdict).toBe("held");
    const ignored = await report(
      stored(
        looked().invalidation("app-102", 0, 4, 3).lock("app-101").retry("app-101", 0, 3, 5),
      ).unlock("app-101"),
    );
    expect(ignored).toMatchObject({ verdict: "violated", findings: [{ rule: "K-I26" }] });
    const unlocked = await report(stored(begun()));
    expect(unlocked).toMatchObject({ verdict: "violated", findings: [{ rule: "K-I26" }] });
    const unknown = await report(stored(begun().lock("app-101")).unlock("app-101"));
    expect(unknown).toMatchObject({ verdict: "undecided", findings: [] });
  });

  test.each(["seq", "sub", "start"])("whose line does not print %s is undecided", async (field) => {
    const text = begun()
      .fault("app-101", 0, 3, 4)
      .text()
      .toString("latin1")
      .replaceAll(new RegExp(`(do_fault: .*?) ${field}=\\w+`, "g"), "$1");
    const bytes = inChunks(Buffer.from(text, "latin1"));
    expect(await checkBytes("written.txt", bytes, {})).toMatchObject({
      verdict: "undecided",
      findings: [],
    });
  });
});

test("a store after more invalidations than are remembered is undecided for K-I14", async () => {
  const after = async (others: number) => {
    const trace = looked().invalidation("app-102", 0, 4, 3);
    const elsewhere = { start: "0x300000000", end: "0x300002000" };
    for (let n = 1; n <= others; n++) {
      trace.invalidation("app-102", 0, 4 + 2 * n, 3 + 2 * n, elsewhere);
    }
    const own = 5 + 2 * others;
    trace.lock("app-101").retry("app-101", 0, 3, own).store("app-101", 0, 3, own);
    return (await report(trace.unlock("app-101"))).rules["K-I14"];
  };
  expect(await after(60)).toMatchObject({ violated: 1, undecided: 0 });
  expect(await after(70)).toMatchObject({ violated: 0, undecided: 1 });
});

describe("a range_end that never comes", () => {
  const left = () =>
    begun()
      .start("app-102", 4)
      .callback("app-102", 0, 5, 3)
      .returns("app-102", "inv_start", "ret=0");

  test("leaves K-I3 undecided when its task goes on to something else", async () => {
    const call = { range: "0xffffc9000031b000", start: "0x300000000", end: "0x300001000" };
    const goesOn = left().start("app-102", 5, { ...call, active: 1 });
    goesOn.returns("app-102", "inv_start", "ret=0").end("app-102", 5, { ...call, active: 2 });
    const { verdict, rules } = await report(goesOn);
    expect(verdict).toBe("undecided");
    expect(rules["K-I3"]).toMatchObject({ violated: 0, undecided: 1 });
  });

  test("is no doubt where the recorder stopped while the range was open", async () => {
    expect((await report(left())).verdict).toBe("held");
    expect((await report(left().end("app-102", 5))).verdict).toBe("held");
  });

  test("and that the printed counts deny shows that lines are missing", async () => {
    const others = (active: number) => {
      const trace = left();
      for (const task of ["app-103", "app-104", "app-105"]) {
        const call = { range: "0xffffc9000031b000", start: "0x300000000", end: "0x300001000" };
        trace.start(task, 5, { ...call, active }).returns(task, "inv_start", "ret=0");
        trace.end(task, 5, { ...call, active: active + 1 });
      }
      return trace.end("app-102", 5);
    };
    expect((await report(others(1))).verdict).toBe("held");
    const denied = await report(others(0));
    expect(denied).toMatchObject({ verdict: "undecided", findings: [] });
    expect(denied.notes.join()).toContain("lines are missing");
  });

  test("one printed count that no race explains is enough", async () => {
    const trace = begun().start("app-102", 4, { active: 7 }).callback("app-102", 0, 5, 3);
    const { verdict } = await report(
      trace.returns("app-102", "inv_start", "ret=0").end("app-102", 5),
    );
    expect(verdict).toBe("undecided");
  });
});

test("a lock that is released by another than its holder shows that lines are missing", async () => {
  const trace = begun().lock("app-101").unlock("app-101").unlock("app-101");
  expect(await report(trace)).toMatchObject({ verdict: "undecided", findings: [] });
});

test("without a head nothing says that the text is whole", async () => {
  const trace = begun().fault("app-101", 0, 3, 4);
  const bytes = inChunks(trace.text(undefined, false));
  const { verdict, notes } = await checkBytes("written.txt", bytes, {});
  expect(verdict).toBe("undecided");
  expect(notes.join()).toContain("Nothing in the text counts its events");
});
