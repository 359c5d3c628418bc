/**
 * An exported trace is what Perfetto's importer takes: the rules of its format that break silently.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openInput } from "../../packages/replay/src/input/open.ts";
import { findingsOf } from "../../packages/replay/src/timeline/findings.ts";
import { openTimeline } from "../../packages/replay/src/timeline/open.ts";
import { scratch } from "../support/scratch.ts";
import { jsonOf, mmreplay, trace } from "./terminal.ts";

interface TraceRecord {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number | string;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const thread = ({ pid, tid }: TraceRecord): string => `${pid} ${tid}`;
const of = (records: readonly TraceRecord[], ...phases: string[]): TraceRecord[] =>
  records.filter(({ ph }) => phases.includes(ph));

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** Slices that lie partly inside another one of their thread. */
function crossing(records: readonly TraceRecord[]): TraceRecord[] {
  const threads = grouped(of(records, "X"), thread);
  return [...threads.values()].flatMap((slices) => {
    const open: TraceRecord[] = [];
    const ends = ({ ts, dur = 0 }: TraceRecord): number => ts + dur;
    const sorted = slices.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
    return sorted.filter((slice) => {
      while (open.length > 0 && ends(open.at(-1) as TraceRecord) <= slice.ts) open.pop();
      const around = open.at(-1);
      open.push(slice);
      // Times are fractions; what differs by less than a nanosecond is equal.
      return around !== undefined && ends(slice) > ends(around) + 0.0005;
    });
  });
}

const isInside = (flow: TraceRecord, slices: readonly TraceRecord[]): boolean =>
  slices.some(({ ts, dur = 0 }) => ts <= flow.ts && flow.ts <= ts + dur);

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
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz --pid 129,131",
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz --from 700 --until 2000",
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz --range 0x200020000-0x200030000",
])("the trace of %s", (file) => {
  it("has slices that nest in each thread", async () => {
    const records = await exported(file);
    expect(of(records, "X").length).toBeGreaterThan(10);
    expect(crossing(records)).toEqual([]);
  });

  it("has arrows whose ends are bound inside slices of their threads, each beginning with its end", async () => {
    const records = await exported(file);
    const slices = grouped(of(records, "X"), thread);
    const flows = of(records, "s", "f");
    for (const flow of flows) {
      expect(isInside(flow, slices.get(thread(flow)) ?? []), JSON.stringify(flow)).toBe(true);
      expect(typeof flow.id === "number" || /^0x[0-9a-f]+$/.test(flow.id ?? "")).toBe(true);
    }
    const pairs = grouped(flows, ({ cat, name, id }) => `${cat} ${name} ${id}`);
    for (const pair of pairs.values()) expect(pair.map(({ ph }) => ph)).toEqual(["s", "f"]);
    for (const end of of(records, "f")) expect(end.bp).toBe("e");
  });

  it("has asynchronous bands that begin once and end at most once", async () => {
    const records = await exported(file);
    const open = new Set<string>();
    for (const { ph, cat, id, name } of of(records, "b", "e")) {
      expect(id).toMatch(/^0x[0-9a-f]+$/);
      const key = `${cat} ${id} ${name}`;
      if (ph === "b") {
        expect(open.has(key)).toBe(false);
        open.add(key);
      } else expect(open.delete(key)).toBe(true);
    }
  });

  it("leaves open only what has not ended: such slices begin after those that ended on their thread", async () => {
    const records = await exported(file);
    const slices = grouped(of(records, "X"), thread);
    for (const open of of(records, "B")) {
      const crossed = (slices.get(thread(open)) ?? []).filter(
        ({ ts, dur = 0 }) => ts < open.ts && ts + dur > open.ts + 0.0005,
      );
      expect(crossed, JSON.stringify(open)).toEqual([]);
    }
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
    const retries = of(records, "i").filter(({ name }) => name === "retry");
    expect(retries).toHaveLength(again + busy);
    const retried = of(records, "X", "B").filter(({ args }) => args?.["outcome"] === "retried");
    expect(retried).toHaveLength(retries.length);
    const marked = of(records, "i").filter(({ s }) => s === "g");
    // check lists the first hundred and counts all of them; of several at one event one is marked.
    const all = findingsOf(await openTimeline(file, openInput(trace(file), nothing())));
    const counted = Object.values(rules).reduce((sum, { violated }) => sum + violated, 0);
    expect(all).toHaveLength(counted);
    const named = all.map(({ index, rule }) => `${index} ${rule} violated`);
    const places = marked.map(({ args }) => args?.["index"]);
    expect(new Set(places)).toEqual(new Set(all.map(({ index }) => index)));
    expect(
      marked.filter(({ name, args }) => !named.includes(`${args?.["index"]} ${name}`)),
    ).toEqual([]);
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
      const own = callbacks.filter((slice) => thread(slice) === thread(flow));
      expect(isInside(flow, own), JSON.stringify(flow)).toBe(true);
    }
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
