import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { TextFormat } from "../../../../packages/events/src/import/importer.ts";
import { sniffFormat } from "../../../../packages/events/src/import/sniff.ts";
import { countsOf, probesOf, type Reading, read } from "./reading.ts";

/** Recordings of booted kernels, which are too large for the repository. */
const TRACES = new URL("../../../../../shared/traces/", import.meta.url);
const present = existsSync(TRACES);

function trace(name: string): Uint8Array {
  const bytes = readFileSync(new URL(name, TRACES));
  return new Uint8Array(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

function readTrace(name: string): Reading {
  const bytes = trace(name);
  return read(sniffFormat(bytes) as TextFormat, bytes, 65_536);
}

describe("the recordings of booted kernels, where they are at hand", () => {
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
