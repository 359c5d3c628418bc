import { describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { jsonOf, mmreplay, type Outcome, trace } from "./terminal.ts";

const TINY = trace("cust61-good-stress_tiny.txt.gz");
const BAD = trace("cust61-BUG_unlocked-stress_delay.txt.gz");
const COUNTER = trace("cust61-good-counterclock-lk-stress.txt.gz");
const BPFTRACE = trace("cust61-good-bpftrace-stress.json.gz");

interface File {
  readonly verdict: string;
  readonly invalidations: number;
  readonly notes: readonly string[];
  readonly selected?: { readonly events: number; readonly of: number };
  readonly clock?: { readonly unit: string; readonly base: string; readonly name?: string };
  readonly rules: Readonly<Record<string, { held: number; violated: number }>>;
  readonly findings: readonly {
    readonly task: string;
    readonly rule: string;
    readonly address: string | null;
    readonly index: number;
    readonly at: number | null;
    readonly line: number;
    readonly evidence: readonly { readonly task: string }[];
  }[];
}

const outcomes = new Map<string, Promise<Outcome>>();

/** What a check says; the same check is made once. */
async function checked(file: string, ...options: readonly string[]): Promise<File> {
  const key = JSON.stringify([file, ...options]);
  const outcome = outcomes.get(key) ?? mmreplay(["check", "--json", file, ...options]);
  outcomes.set(key, outcome);
  return jsonOf(await outcome).files[0] as unknown as File;
}

function sum(files: readonly File[], key: "held" | "violated"): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rules } of files) {
    for (const [id, rule] of Object.entries(rules)) counts[id] = (counts[id] ?? 0) + rule[key];
  }
  return counts;
}

/** Each value of an option on its own. */
const each = (file: string, option: string, values: readonly (string | number)[]) =>
  Promise.all(values.map((value) => checked(file, option, String(value))));

describe("a selection narrows what is judged and nothing else", () => {
  it("cases that held belong to one processor, and all processors have all of them", async () => {
    const whole = await checked(TINY);
    expect(sum(await each(TINY, "--cpu", [0, 1, 2, 3]), "held")).toEqual(sum([whole], "held"));
    expect((await checked(TINY, "--cpu", "0,1,2,3")).rules).toEqual(whole.rules);
    const { exit, stdout } = await mmreplay(["check", TINY, "--cpu", "3"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/: HELD within the selection\n.* \d+ of \d+ steps selected/);
  });

  it("cases that held belong to one thread, and all threads have all of them", async () => {
    const whole = await checked(TINY);
    const { stdout } = await mmreplay(["import", TINY, "-o", "-"]);
    const pids = [...stdout.matchAll(/"type":"task_start".*"pid":(\d+)/g)].map(
      ([, pid = ""]) => pid,
    );
    expect(pids.length).toBeGreaterThan(5);
    expect(sum(await each(TINY, "--pid", pids), "held")).toEqual(sum([whole], "held"));
  });

  it("two halves of a file have all its cases and violations", async () => {
    const [whole, first, rest] = await Promise.all([
      checked(BAD),
      checked(BAD, "--to", "6999"),
      checked(BAD, "--from", "7000"),
    ]);
    expect(sum([first, rest], "violated")).toEqual(sum([whole], "violated"));
    expect(sum([first, rest], "held")).toEqual(sum([whole], "held"));
    expect(first.selected).toEqual({ events: 7000, of: whole.selected?.of ?? first.selected?.of });
    expect(first.invalidations).toBe(whole.invalidations);
  });

  it("one thread's violations are those that it made or that rest on what it did", async () => {
    const whole = await checked(BAD);
    const task = whole.findings[0]?.evidence[0]?.task ?? "";
    const file = await checked(BAD, "--pid", task.slice(task.lastIndexOf("-") + 1));
    const of = (one: File["findings"][number]): boolean =>
      one.task === task || one.evidence.some((line) => line.task === task);
    expect(file.findings.length).toBeGreaterThan(0);
    expect(file.findings.filter((one) => !of(one))).toEqual([]);
  });

  it("the mm of the only process is everything, by its name or its pointer", async () => {
    const [whole, name, pointer] = await Promise.all([
      checked(BAD),
      checked(BAD, "--mm", "mm0"),
      checked(
        BAD,
        "--mm",
        /mm0 \((0x\w+)\)/.exec((await checked(BAD, "--mm", "mm99")).notes[0] ?? "")?.[1] ?? "",
      ),
    ]);
    expect(sum([name], "violated")).toEqual(sum([whole], "violated"));
    expect(pointer.rules).toEqual(name.rules);
  });

  it("a range has the violations at its addresses", async () => {
    const { findings } = await checked(BAD);
    const one = findings.find(({ rule, address }) => rule === "K-I14" && address !== null);
    const start = BigInt(one?.address ?? 0);
    const range = `${start.toString(16)}-0x${(start + 1n).toString(16)}`;
    const file = await checked(BAD, "--range", range);
    expect(file.findings.map(({ index }) => index)).toContain(one?.index);
    expect(sum([file], "violated")["K-I14"]).toBeLessThan(
      sum([await checked(BAD)], "violated")["K-I14"] ?? 0,
    );
    expect((await checked(BAD, "--range", "1000-2000")).findings).toEqual([]);
  });

  it("a journal answers as its recording does", async () => {
    const journal = scratch("bad.jsonl");
    await mmreplay(["import", BAD, "-o", journal]);
    for (const options of [
      ["--cpu", "1"],
      ["--from", "12.0"],
      ["--range", "7f0000000000-7fffffffffff"],
      ["--mm", "mm0"],
    ]) {
      const [a, b] = await Promise.all([checked(BAD, ...options), checked(journal, ...options)]);
      expect(b.rules, options.join(" ")).toEqual(a.rules);
      expect(b.selected).toEqual(a.selected);
      expect(b.clock).toEqual(a.clock);
    }
  });
});

describe("what is selected is nothing", () => {
  it.each([
    ["--mm", "mm7", "Nothing was selected: its mms are mm0 (0x"],
    ["--pid", "99", "Nothing was selected: its threads are 128, 129"],
    ["--cpu", "17", "Nothing was selected: its processors are "],
    ["--from", "99.5", "Nothing was selected: its first time is 6.875795."],
    ["--from", "99999", "Nothing was selected: its first time is 6.875795."],
  ])("%s %s is undecided, and the report says what there is", async (option, value, note) => {
    const file = await checked(TINY, option, value);
    expect(file.verdict).toBe("undecided");
    expect(file.notes[0]).toContain(note);
    expect(file.selected?.events).toBe(0);
    expect((await mmreplay(["check", TINY, option, value])).exit).toBe(3);
  });

  it("events without a case are undecided, too", async () => {
    const { verdict, notes } = await checked(TINY, "--from", "0", "--to", "1");
    expect(verdict).toBe("undecided");
    expect(notes[0]).toBe("No rule has a case in what was selected (2 events).");
  });
});

describe("places are indices, or times as printed", () => {
  it("a time stands for all that its last digit does", async () => {
    const whole = await checked(BAD);
    const one = whole.findings[10];
    expect(one?.at).toBeGreaterThan(0);
    const base = Number(whole.clock?.base.replace(".", ""));
    const text = String(base + (one?.at ?? 0) / 1000).replace(/(\d{6})$/, ".$1");
    const file = await checked(BAD, "--from", text, "--to", text);
    expect(file.findings.map(({ index }) => index)).toContain(one?.index);
    expect(file.selected?.events).toBeLessThan(50);
  });

  it("a clock that counts takes whole numbers after @", async () => {
    const { clock } = await checked(COUNTER, "--clock", "counter");
    expect(clock).toMatchObject({ unit: "clock", name: "counter" });
    const first = Number(clock?.base);
    expect((await checked(COUNTER, "--from", `@${first}`)).selected?.events).toBeGreaterThan(1000);
    expect((await checked(COUNTER, "--to", `@${first - 1}`)).selected?.events).toBe(0);
    expect((await mmreplay(["check", COUNTER, "--from", "6.5"])).stderr).toContain("E_TIME");
  });

  it("bpftrace's are nanoseconds", async () => {
    const { clock, selected } = await checked(BPFTRACE, "--from", "@22247417502");
    expect(clock?.base).toBe("22245233670");
    expect((selected?.of ?? 0) - (selected?.events ?? 0)).toBeGreaterThan(3);
    expect((await checked(BPFTRACE, "--from", "22.247417502")).selected).toEqual(selected);
  });
});

describe("--ts-offset and --clock", () => {
  it("move the times of one file, and the times that select in it", async () => {
    const shifted = ["--ts-offset", `${TINY}=1000000000`];
    const plain = await checked(TINY, "--from", "6.88");
    const { clock, selected } = await checked(TINY, ...shifted, "--from", "7.88");
    expect(clock?.base).toBe("7.875795000");
    expect(selected).toEqual(plain.selected);
  });

  it("are kept in the journal", async () => {
    const { stdout } = await mmreplay([
      "import",
      TINY,
      "--clock",
      "boot",
      "--ts-offset",
      `${TINY}=-1`,
      "-o",
      "-",
    ]);
    expect(JSON.parse(stdout.slice(0, stdout.indexOf("\n")))).toMatchObject({
      clock: { unit: "ns", base: "6.875794999", name: "boot" },
    });
  });

  it("a clock that may differ between processors proves no order across them", async () => {
    const held = await checked(TINY, "--clock", "local");
    expect(held.verdict).toBe("undecided");
    expect(held.notes[0]).toContain("The clock local may differ between processors");
    const [local, mono] = await Promise.all([
      checked(BAD, "--clock", "local"),
      checked(BAD, "--clock", "mono"),
    ]);
    expect(sum([mono], "violated")).toEqual(sum([await checked(BAD)], "violated"));
    expect(sum([local], "violated")["K-I14"]).toBeLessThan(sum([mono], "violated")["K-I14"] ?? 0);
  });
});

describe("a wrong value is one sentence and exit code 2", () => {
  it.each([
    [["--range", "5-1"], "Expected two addresses, the lower one first"],
    [["--range", "0x1000"], "Expected two addresses"],
    [["--pid", "stress"], "Expected whole numbers"],
    [["--cpu", ""], "Expected whole numbers"],
    [["--mm", "process"], "Expected mm0, or a pointer"],
    [["--from", "yesterday"], "Expected an event's index (100), or a time as printed"],
    [["--clock", "wall"], "Expected one of local, global, counter"],
    [["--ts-offset", "5"], "Expected FILE=ns"],
    [["--ts-offset", "other.txt=5"], 'names "other.txt", which is no file of this command'],
    [["--clock", "counter"], "E_CLOCK: found --clock counter, and times like 6.875795"],
  ])("%j", async (options, sentence) => {
    const { exit, stderr } = await mmreplay(["check", TINY, ...options]);
    expect(exit).toBe(2);
    expect(stderr).toContain(sentence);
  });

  it("import does not select: a journal is folded as a whole", async () => {
    const { exit, stderr } = await mmreplay(["import", TINY, "--pid", "1", "-o", "-"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("select with check or replay");
  });

  it("a run has no times", async () => {
    const journal = scratch(
      "run.jsonl",
      '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":16}\n{"index":0,"type":"mm_create","task":0,"mm":0}\n',
    );
    expect((await mmreplay(["check", journal, "--from", "1.5"])).stderr).toContain("E_TIME");
    expect((await mmreplay(["check", journal, "--clock", "mono"])).stderr).toContain("E_CLOCK");
    expect((await checked(journal, "--mm", "mm0")).selected).toEqual({ events: 1, of: 1 });
  });
});

describe("replay prints the frames of what is selected", () => {
  it("and folds everything", async () => {
    const all = jsonOf(await mmreplay(["replay", TINY, "--json"]));
    const part = jsonOf(await mmreplay(["replay", TINY, "--json", "--cpu", "3", "--to", "200"]));
    expect(part["stateHash"]).toBe(all["stateHash"]);
    const frames = part["frames"] as { index: number; event: { cpu: number } }[];
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.every(({ index, event }) => event.cpu === 3 && index <= 200)).toBe(true);
  });

  it("says that there is none", async () => {
    const { exit, stdout } = await mmreplay(["replay", TINY, "--mm", "mm9"]);
    expect(exit).toBe(0);
    expect(stdout).toContain("no frame: no event belongs to what was selected");
  });
});
