/**
 * An exported trace is what Perfetto's importer takes: the rules of its format that break silently.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openInput } from "../../packages/replay/src/input/open.ts";
import { findingsOf } from "../../packages/replay/src/timeline/findings.ts";
import { openTimeline } from "../../packages/replay/src/timeline/open.ts";
import {
  imported,
  isInside,
  type TraceRecord,
  thread,
  unbalanced,
  wrongArrows,
} from "../support/perfetto.ts";
import { scratch } from "../support/scratch.ts";
import { jsonOf, mmreplay, trace } from "./terminal.ts";

const of = (records: readonly TraceRecord[], ...phases: string[]): TraceRecord[] =>
  records.filter(({ ph }) => phases.includes(ph));

const traces = new Map<string, Promise<TraceRecord[]>>();

/** The records of a recording's trace, exported once; after the file's name, what of it is selected. */
function exported(words: string): Promise<TraceRecord[]> {
  const known = traces.get(words) ?? exportFile(words);
  traces.set(words, known);
  return known;
}

async function exportFile(words: string): Promise<TraceRecord[]> {
  const [file = "", ...flags] = words.split(" ");
  const output = scratch(`${words.replaceAll(" ", "")}.json`);
  const to = ["--to", "chrome", "-o", output];
  const { exit, stderr } = await mmreplay(["export", trace(file), ...to, ...flags]);
  expect([exit, stderr]).toEqual([0, ""]);
  return JSON.parse(readFileSync(output, "utf8")).traceEvents;
}

describe.each([
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz",
  "cust61-BUG_noseq-stress_nodelay.txt.gz",
  "cust61-good-stress_tiny.txt.gz",
  "cust61-good-LOST-trace_pipe.txt.gz",
  "cust61-good-OVERRUN-stress.txt.gz",
  "cust61-good-bpftrace-stress.json.gz",
  "cust61-good-counterclock-lk-stress.txt.gz",
  "cust61-good-perf-stress.script-ns.txt.gz",
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz --pid 129,131",
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz --from 700 --until 2000",
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz --range 0x200020000-0x200030000",
])("the trace of %s", (file) => {
  it("has slices that nest in each thread", async () => {
    const records = await exported(file);
    expect(of(records, "X").length).toBeGreaterThan(10);
    expect(imported(records).crossing).toEqual([]);
  });

  it("has slices that last: the shortest a nanosecond", async () => {
    const lengths = of(await exported(file), "X").map(({ dur = 0 }) => dur);
    expect(lengths.filter((dur) => dur < 0.001)).toEqual([]);
  });

  it("has arrows of two ends, tied to slices that are not over, the later one being that of the retry", async () => {
    const records = await exported(file);
    expect(wrongArrows(records)).toEqual([]);
    for (const [flow, slice] of imported(records).tied) {
      const names = flow.ph === "f" ? ["retry"] : ["set_seq", "invalidate"];
      expect(names, JSON.stringify([flow, slice])).toContain(slice?.name);
    }
  });

  it("ends whatever begins", async () => {
    const records = await exported(file);
    expect(unbalanced(records)).toEqual([]);
    for (const { id } of of(records, "b", "e")) expect(id).toMatch(/^0x[0-9a-f]+$/);
  });

  it("has counters of numbers, instants with a scope, and names for its threads", async () => {
    const records = await exported(file);
    for (const { args } of of(records, "C")) {
      expect(Object.values(args ?? {}).every((value) => typeof value === "number")).toBe(true);
    }
    for (const { s } of of(records, "i")) expect(["t", "p", "g"]).toContain(s);
    const named = new Set(of(records, "M").map(thread));
    for (const record of of(records, "X")) expect(named.has(thread(record))).toBe(true);
  });
});

describe.each([
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz",
  "cust61-BUG_noseq-stress_nodelay.txt.gz",
  "cust61-good-stress_tiny.txt.gz",
])("what the trace of %s says", (file) => {
  it("of sequences and open regions is what the states say, at every change", async () => {
    const { timeline } = await openTimeline(file, openInput(trace(file), nothing()));
    const wanted: unknown[] = [];
    let before = "[]";
    timeline.walk(0, timeline.length - 1, {
      after: (_, { mms }) => {
        const now = mms.map(({ subs }) => ({ seq: subs?.seq ?? 0, active: subs?.active ?? 0 }));
        if (JSON.stringify(now) !== before) {
          for (const { seq, active } of now) wanted.push({ seq }, { active });
        }
        before = JSON.stringify(now);
        return false;
      },
    });
    expect(of(await exported(file), "C").map(({ args }) => args)).toEqual(wanted);
  });

  it("of retries and violations is what check counts, each by its name", async () => {
    const records = await exported(file);
    const [report] = jsonOf(await mmreplay(["check", trace(file), "--json"])).files;
    const { retries: again, busy, rules } = report as unknown as Judged;
    const retries = of(records, "X").filter(({ name }) => name === "retry");
    expect(retries).toHaveLength(again + busy);
    const retried = of(records, "X").filter(({ args }) => args?.["outcome"] === "retried");
    expect(retried).toHaveLength(retries.length);
    // check lists the first hundred and counts all of them.
    const all = findingsOf(await openTimeline(file, openInput(trace(file), nothing())));
    const counted = Object.values(rules).reduce((sum, { violated }) => sum + violated, 0);
    expect(all).toHaveLength(counted);
    const marked = of(records, "i").filter(({ s }) => s === "g");
    expect(marked.map(({ name, args }) => [name, args])).toEqual(
      all.map(({ index, rule, message }) => [`${rule} violated`, { index, message }]),
    );
  });

  it("of a retry begins its arrow in a callback, before the retry, and in the file's order", async () => {
    const records = await exported(file);
    const flows = of(records, "s", "f");
    expect(flows.length).toBeGreaterThan(0);
    const callbacks = of(records, "X").filter(({ name }) => name === "invalidate");
    for (const [at, flow] of flows.entries()) {
      if (flow.ph === "f") {
        expect(flows[at - 1]?.ph).toBe("s");
        expect(flows[at - 1]?.ts).toBeLessThanOrEqual(flow.ts);
        continue;
      }
      const own = callbacks.filter((slice) => isInside(flow, slice));
      expect(own, JSON.stringify(flow)).not.toEqual([]);
    }
  });
});

describe("a recording that is cut off", () => {
  it("has what was open end with the last event, and say so", async () => {
    const records = await exported("cust61-good-bpftrace-stress.json.gz");
    const cut = records.filter(({ args }) => args?.["cut"] === true);
    expect(of(cut, "e")).toHaveLength(7);
    expect(of(cut, "X")).toHaveLength(11);
    const last = Math.max(...records.map(({ ts = 0 }) => ts));
    // The last event may itself have begun one, which then lasts a nanosecond.
    for (const { ts, dur = 0 } of cut) expect(Math.abs(ts + dur - last)).toBeLessThan(0.0015);
  });
});

/** What check says of a file, as far as it is compared. */
interface Judged {
  readonly retries: number;
  readonly busy: number;
  readonly rules: Readonly<Record<string, { readonly violated: number }>>;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

describe("a trace on standard output", () => {
  const TINY = "cust61-good-stress_tiny.txt.gz";

  it("is the one that a file would have, alone, and no file is named -", async () => {
    const args = ["export", trace(TINY), "--to", "chrome", "-o", "-"];
    const { exit, stdout, stderr } = await mmreplay(args);
    expect([exit, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout).traceEvents).toEqual(await exported(TINY));
    expect(existsSync("-")).toBe(false);
  });

  it("leaves no room for a summary", async () => {
    const args = ["export", trace(TINY), "--to", "chrome", "-o", "-", "--json"];
    expect((await mmreplay(args)).exit).toBe(2);
  });
});

describe("the trace of a selection", () => {
  const BUGGY = "cust61-BUG_noretry_ignored-stress_delay.txt.gz";

  it("has the slices of its threads as the trace of all events has them, and no other", async () => {
    const all = of(await exported(BUGGY), "X");
    const some = of(await exported(`${BUGGY} --pid 129,131`), "X");
    const tids = new Set(some.map(({ tid }) => tid));
    expect(tids.size).toBe(2);
    expect(some).toEqual(all.filter(({ tid }) => tids.has(tid)));
  });

  it("names every thread, also one that was first seen before it", async () => {
    const records = await exported(`${BUGGY} --from 700 --until 2000`);
    const named = new Set(of(records, "M").map(({ tid, args }) => `${tid} ${args?.["name"]}`));
    expect([...named].some((name) => /^\d+ stress$/.test(name))).toBe(true);
    const calls = of(records, "X").filter(({ cat }) => cat === "call");
    expect(calls.length).toBeGreaterThan(10);
    for (const { args } of calls) expect(Number(args?.["index"])).toBeGreaterThan(699);
  });
});
