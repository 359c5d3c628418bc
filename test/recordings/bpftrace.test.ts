/** Recordings of bpftrace: printed text, the same in JSON, and the tuples of our recorder. */
import { checkBytes, type FileReport } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { importBytes } from "../../packages/replay/src/recording/import.ts";
import { inChunks, recordingBytes } from "../support/recordings.ts";
import { OBJECTS, type Step, tupleLine, tupleRecording } from "../support/tuples.ts";

const check = (bytes: Uint8Array, whole = false): Promise<FileReport> =>
  checkBytes("trace", inChunks(bytes, 1000), { whole });

/** What a report says apart from lines and the form of the file. */
function saidOf({ verdict, events, findings, rules, ...report }: FileReport): unknown {
  const { invalidations, readSections, busy, again, unmapped, lost, unexplained } = report;
  const calls = { invalidations, readSections, busy, again };
  return { verdict, events, findings, rules, calls, unmapped, lost, unexplained };
}

const { mm, sub, other, range } = OBJECTS;
const pages = { start: 0x200000000, end: 0x200002000 };
const region = { range, mm, ...pages, flags: 1, event: 1 };

/** A read section, an invalidation on another CPU, and what read_begin returns after it. */
function invalidated(seqAfter: number): Step[] {
  return [
    [0, 10, 1, "insert", { sub, mm, length: 17592186044416 }],
    [0, 20, 1, "insert_ret", { sub }],
    [0, 30, 1, "read_begin", { sub, mm, sub_seq: 1, subs_seq: 2 }],
    [0, 40, 1, "read_begin_ret", { sub, seq: 1 }],
    [1, 50, 2, "inv_start", { ...region, subs_seq: 2 }],
    [1, 60, 2, "invalidate", { ...region, sub, cur_seq: 3, sub_seq: 1 }],
    [1, 70, 2, "invalidate_ret", { sub, ret: 1, sub_seq: seqAfter }],
    [1, 80, 2, "inv_start_ret", { range }],
    [1, 90, 2, "inv_end", { ...region, subs_seq: 3, active: 1 }],
    [1, 100, 2, "inv_end_ret", { range }],
    [0, 110, 1, "read_begin", { sub, mm, sub_seq: seqAfter, subs_seq: 4 }],
    [0, 120, 1, "read_begin_ret", { sub, seq: seqAfter }],
  ];
}

describe("the recorded files", () => {
  it.each([
    ["json", 373, { invalidations: 63, readSections: 34, busy: 14 }],
    ["text", 440, { invalidations: 56, readSections: 56, busy: 22 }],
  ])(
    "%s: nothing is violated, and calls are counted as grep counts them",
    async (form, events, calls) => {
      const bytes = recordingBytes(`cust61-good-bpftrace-stress.${form}.gz`);
      const report = await check(bytes);
      expect(report).toMatchObject({ format: "bpftrace", events, unmapped: 0, lost: 0, again: 0 });
      expect(report).toMatchObject({ ...calls, skipped: 0, unexplained: 0, notifiers: 3 });
      expect(report.findings).toEqual([]);
      expect(report.verdict).toBe("undecided");
      const whole = await check(bytes, true);
      expect(whole).toMatchObject({ verdict: "held", findings: [], notes: [] });
      const text = bytes.toString("latin1");
      const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
      expect(count(/ inv_start range/g)).toBe(calls.invalidations);
      expect(count(/ read_begin sub/g)).toBe(calls.readSections);
      expect(count(/ hmm_range_fault_ret ret=-16/g)).toBe(calls.busy);
    },
  );

  it("say the same as text and as JSON", async () => {
    const text = recordingBytes("cust61-good-bpftrace-stress.text.gz");
    const lines = text.toString("latin1").split("\n").slice(1, -1);
    const json = lines.map((line) => JSON.stringify({ type: "printf", data: `${line}\n` }));
    const wrapped = Buffer.from(`${json.join("\n")}\n`, "latin1");
    expect(saidOf(await check(wrapped))).toEqual(saidOf(await check(text)));
  });

  it("say the same in whatever order the CPUs' buffers were read", async () => {
    const text = recordingBytes("cust61-good-bpftrace-stress.text.gz");
    const lines = text.toString("latin1").split("\n").slice(1, -1);
    const cpuOf = (line: string) => Number(/cpu=(\d+)/.exec(line)?.[1]);
    for (const way of [1, -1]) {
      const sorted = [...lines].sort((a, b) => way * (cpuOf(a) - cpuOf(b)));
      expect(sorted).not.toEqual(lines);
      const bytes = Buffer.from(`${sorted.join("\n")}\n`, "latin1");
      expect(saidOf(await check(bytes))).toEqual(saidOf(await check(text)));
    }
  });
});

describe("tuples", () => {
  it("a callback that returned true without set_seq is proven by what read_begin returns later", async () => {
    const bytes = tupleRecording(invalidated(1));
    const report = await check(bytes);
    expect(report.verdict).toBe("violated");
    const [finding] = report.findings;
    expect(finding).toMatchObject({ rule: "K-I12", task: "app-2" });
    expect(finding?.message).toContain("returned true without set_seq(3)");
    const lines = bytes.toString("latin1").split("\n");
    const shown = finding?.evidence.map(({ line }) => lines[(line ?? 0) - 1]);
    expect(shown).toEqual([
      expect.stringContaining('"invalidate_ret"'),
      expect.stringMatching(/"read_begin_ret",36208317093/),
    ]);
    const [callback = 0, reader = 0] = finding?.evidence.map(({ line }) => line ?? 0) ?? [];
    expect(callback, "the proof is in the order of time, not of the lines").toBeLessThan(reader);
    const reversed = Buffer.from(
      [...invalidated(1)]
        .sort((a, b) => a[0] - b[0] || a[1] - b[1])
        .map(tupleLine)
        .join("\n"),
    );
    const again = (await check(reversed)).findings[0];
    expect(again?.rule).toBe("K-I12");
    const places = again?.evidence.map(({ line }) => line ?? 0) ?? [];
    expect(places[0], "the callback's line is below the reader's").toBeGreaterThan(places[1] ?? 0);
  });

  it("a callback that did its duty violates nothing", async () => {
    const report = await check(tupleRecording(invalidated(3)), true);
    expect(report).toMatchObject({ verdict: "held", findings: [], unexplained: 0, skipped: 0 });
    expect(report.rules["K-I12"]).toMatchObject({ violated: 0, undecided: 0 });
    expect(report).toMatchObject({ invalidations: 1, readSections: 2, notifiers: 1 });
  });

  it.each([1, 3])(
    "the journal of a recording has its verdict (read_begin returns %i)",
    async (seq) => {
      const bytes = tupleRecording(invalidated(seq));
      const lines: string[] = [];
      await importBytes("trace", inChunks(bytes), {}, (line) => void lines.push(line));
      for (const whole of [false, true]) {
        const journal = await check(Buffer.from(lines.join("")), whole);
        const recorded = await check(bytes, whole);
        expect(journal.verdict).toBe(recorded.verdict);
        expect(journal.findings).toEqual(recorded.findings);
        expect(journal.rules).toEqual(recorded.rules);
      }
    },
  );

  it("a return that names another notifier than its call shows that lines are missing", async () => {
    const steps = invalidated(3).map(
      (step): Step =>
        step[1] === 120 ? [0, 120, 1, "read_begin_ret", { sub: other, seq: 1 }] : step,
    );
    const report = await check(tupleRecording(steps), true);
    expect(report.verdict).toBe("undecided");
    expect(report.findings).toEqual([]);
    expect(report.notes.join(" ")).toContain("lack their entry or their return");
  });
});

describe("what bpftrace lost", () => {
  const loss = '{"type": "lost_events", "data": {"events": 12}}';

  it("makes the answer undecided, and is counted once", async () => {
    const report = await check(tupleRecording(invalidated(3), [loss]), true);
    expect(report).toMatchObject({ verdict: "undecided", lost: 12, findings: [] });
    expect(report.notes).toContain("The recorder dropped 12 events.");
  });

  it("a failure of bpftrace makes the answer undecided", async () => {
    const failed = '{"type": "helper_error", "msg": "map_update_elem: Argument list too long"}';
    const report = await check(tupleRecording(invalidated(3), [failed]), true);
    expect(report).toMatchObject({ verdict: "undecided", skipped: 1 });
  });

  it("lines that come too late make the answer undecided, and the report says how many", async () => {
    const late: Step[] = [
      [2, 2_000_000, 3, "register", { mm }],
      [2, 4_000_000, 3, "register", { mm }],
      [3, 1_000_000, 4, "register", { mm }],
    ];
    const report = await check(tupleRecording(invalidated(3), late.map(tupleLine)), true);
    expect(report.verdict).toBe("undecided");
    expect(report).toMatchObject({ lost: 0, findings: [] });
    expect(report.notes.join(" ")).toBe("1 line came too late to be put in the order of time.");
  });
});
