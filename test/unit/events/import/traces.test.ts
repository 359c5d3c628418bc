import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  createImporter,
  type TextFormat,
} from "../../../../packages/events/src/import/importer.ts";
import { sniffFormat } from "../../../../packages/events/src/import/sniff.ts";
import { countsOf, lineCount, probesOf, type Reading, read } from "./reading.ts";

/** Recordings of booted kernels, which are too large for the repository. */
const TRACES = new URL("../../../../../shared/traces/", import.meta.url);
const present = existsSync(TRACES);

const table = present ? eventsTable(readFileSync(new URL("README.md", TRACES), "utf8")) : [];

/** The columns `file` and `events` of the table of all ftrace recordings. */
function eventsTable(readme: string): [file: string, events: number][] {
  return [...readme.matchAll(/^\| (\S+\.txt(?:\.gz)?) \| (\d+) \|/gm)].map((row) => [
    String(row[1]),
    Number(row[2]),
  ]);
}

function trace(name: string): Uint8Array {
  const bytes = readFileSync(new URL(name, TRACES));
  return new Uint8Array(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

function readTrace(name: string): Reading {
  const bytes = trace(name);
  return read(sniffFormat(bytes) as TextFormat, bytes, 65_536);
}

/** Counts without keeping the observations: the largest recording has a million lines. */
function countTrace(bytes: Uint8Array): Record<string, number> {
  const counts: Record<string, number> = {};
  const importer = createImporter(sniffFormat(bytes) as TextFormat);
  const emit = (o: { kind: string }) => {
    counts[o.kind] = (counts[o.kind] ?? 0) + 1;
  };
  for (let at = 0; at < bytes.length; at += 65_536)
    importer.push(bytes.subarray(at, at + 65_536), emit);
  importer.end(emit);
  return counts;
}

describe("the recordings of booted kernels, where they are at hand", () => {
  it.runIf(present)("the table of recordings names them all", () => {
    const names = readdirSync(TRACES).filter((name) => /\.txt(\.gz)?$/.test(name));
    const others = names.filter((name) => !table.some(([file]) => file === name));
    expect(others.sort()).toEqual([
      "cust61-good-LOST-trace_pipe.txt.gz",
      "cust61-good-OOPS-converted.txt.gz",
      "cust61-good-OOPS-ftrace_dump_on_oops.console.txt.gz",
      "cust61-good-perf-stress.script-ns.txt.gz",
      "cust61-good-perf-stress.script.txt.gz",
      "cust61-good-tracecmd-stress.report.txt.gz",
    ]);
    expect(table.length).toBe(53);
  });

  it.runIf(present).each(table)("%s has %i events, and every line is counted", (name, events) => {
    const bytes = trace(name);
    const counts = countTrace(bytes);
    expect(counts["probe"]).toBe(events);
    expect(counts["header"]).toBe(1);
    const observations = Object.values(counts).reduce((sum, n) => sum + n, 0);
    expect(observations).toBe(lineCount(bytes));
  });

  it.runIf(present)("trace_pipe tells its losses", () => {
    const reading = readTrace("cust61-good-LOST-trace_pipe.txt.gz");
    expect(countsOf(reading)).toEqual({ probe: 11_691, lost: 8 });
    const lost = reading.observations.filter((o) => o.kind === "lost");
    expect(lost.map((o) => o.count)).toEqual([1294, 660, 95, 93, 183, 88, 904, 91]);
  });

  it.runIf(present)(
    "the console of an oops says what its conversion to the default layout says",
    () => {
      const console = readTrace("cust61-good-OOPS-ftrace_dump_on_oops.console.txt.gz");
      const converted = readTrace("cust61-good-OOPS-converted.txt.gz");
      expect(countsOf(console)).toEqual({ probe: 36_618, note: 55, lost: 4 });
      const withoutLine = (reading: Reading) => probesOf(reading).map((o) => ({ ...o, line: 0 }));
      expect(withoutLine(console)).toEqual(withoutLine(converted));
    },
  );

  it.runIf(present)("perf script says the same with and without --ns, but for the digits", () => {
    const short = probesOf(readTrace("cust61-good-perf-stress.script.txt.gz"));
    const long = probesOf(readTrace("cust61-good-perf-stress.script-ns.txt.gz"));
    expect(short.length).toBe(3575);
    const rough = (at: number) => Math.floor((at + 730) / 1000) * 1000;
    expect(long.map((o) => ({ ...o, at: rough(o.at) }))).toEqual(short);
  });

  it.runIf(present)("trace-cmd report has a header and events only", () => {
    const reading = readTrace("cust61-good-tracecmd-stress.report.txt.gz");
    expect(countsOf(reading)).toEqual({ header: 1, probe: 3395 });
  });
});
