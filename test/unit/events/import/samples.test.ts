import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TextFormat } from "../../../../packages/events/src/import/importer.ts";
import { sniffFormat } from "../../../../packages/events/src/import/sniff.ts";
import { lineCount } from "../../../support/counting.ts";
import { countsOf, probesOf, read, sample } from "./reading.ts";

type Row = [
  name: string,
  format: TextFormat,
  unit: "ns" | "clock",
  base: string,
  lastAt: number,
  counts: Record<string, number>,
];

const marked = { header: 1, note: 11, probe: 7, continuation: 1 };

const ROWS: Row[] = [
  [
    "ftrace-buffer-started.txt",
    "ftrace",
    "ns",
    "684.266098",
    60_274_000,
    { probe: 13, "buffer-started": 1 },
  ],
  ["ftrace-clock-boot.txt", "ftrace", "ns", "644.964487", 152_276_000, marked],
  ["ftrace-clock-counter.txt", "ftrace", "clock", "54", 12_470, marked],
  ["ftrace-clock-local.txt", "ftrace", "ns", "642.147035", 188_547_000, marked],
  ["ftrace-clock-tai.txt", "ftrace", "ns", "1795372070.443787", 100_017_000, marked],
  ["ftrace-clock-x86-tsc.txt", "ftrace", "clock", "1676518166453", 233_927_564, marked],
  ["ftrace-dynprobe.txt", "ftrace", "ns", "749.675397", 40_274_000, marked],
  ["ftrace-fields.txt", "ftrace", "ns", "682.932841", 14_000, { header: 1, note: 11, probe: 6 }],
  [
    "ftrace-latency-counter.txt",
    "ftrace-latency",
    "clock",
    "1",
    17,
    { header: 1, note: 17, probe: 18 },
  ],
  [
    "ftrace-latency-verbose.txt",
    "ftrace-latency",
    "ns",
    "16.170ms",
    207_000,
    { header: 1, note: 8, probe: 15 },
  ],
  [
    "ftrace-latency.txt",
    "ftrace-latency",
    "ns",
    "16170us",
    217_000,
    { header: 1, note: 17, probe: 22 },
  ],
  ["ftrace-noirq-tgid.txt", "ftrace", "ns", "682.440491", 114_806_000, { ...marked, note: 5 }],
  ["ftrace-noirq.txt", "ftrace", "ns", "682.440491", 114_806_000, { ...marked, note: 5 }],
  [
    "ftrace-oops-console.txt",
    "ftrace-latency",
    "ns",
    "7929257us",
    530_904_000,
    { note: 31, lost: 2, probe: 25 },
  ],
  ["ftrace-pipe-lost.txt", "ftrace", "ns", "684.824290", 75_034_000, { probe: 5, lost: 3 }],
  [
    "ftrace-stacktrace.txt",
    "ftrace",
    "ns",
    "683.168037",
    695_000,
    { header: 1, note: 11, probe: 5, stack: 23 },
  ],
  ["ftrace-tgid.txt", "ftrace", "ns", "682.256592", 125_144_000, marked],
  ["perf-script-F.txt", "perf-script", "ns", "751.810136692", 89_818, { probe: 6 }],
  [
    "perf-script-callchain.txt",
    "perf-script",
    "ns",
    "750.611900",
    210_000,
    { probe: 3, stack: 25, note: 2 },
  ],
  ["perf-script-lost.txt", "perf-script", "ns", "1100.515005", 546_000, { probe: 2, lost: 2 }],
  ["perf-script.txt", "perf-script", "ns", "751.810136", 90_000, { probe: 6 }],
  ["tracecmd-report-l.txt", "trace-cmd", "ns", "795.013009", 7000, { header: 1, probe: 3 }],
  [
    "tracecmd-report-rawts.txt",
    "trace-cmd",
    "clock",
    "795013009170",
    6550,
    { header: 1, probe: 3 },
  ],
  ["tracecmd-report-tsdiff.txt", "trace-cmd", "ns", "795.013009", 7000, { header: 1, probe: 3 }],
  ["tracecmd-report.txt", "trace-cmd", "ns", "795.013009", 175_000, { header: 1, probe: 5 }],
];

describe("the samples", () => {
  it.each(ROWS)(
    "%s is %s, and every line is counted",
    (name, format, unit, base, lastAt, counts) => {
      const bytes = sample(name);
      expect(sniffFormat(bytes)).toBe(format);
      const reading = read(format, bytes);
      expect(countsOf(reading)).toEqual(counts);
      expect(reading.observations.map((o) => o.line)).toEqual(
        Array.from({ length: lineCount(bytes) }, (_, i) => i + 1),
      );
      expect(reading.unit).toBe(unit);
      expect(reading.baseText).toBe(base);
      expect(probesOf(reading)[0]?.at).toBe(0);
      expect(probesOf(reading).at(-1)?.at).toBe(lastAt);
    },
  );

  it("all have a row here, but for the formats that others read", () => {
    const names = readdirSync(new URL("../../../fixtures/samples/", import.meta.url));
    const texts = names.filter((name) => /^(?:ftrace|perf|tracecmd)-/.test(name));
    expect(texts.sort()).toEqual(ROWS.map(([name]) => name).sort());
  });

  it("read the same in chunks of every size", () => {
    for (const [name, format] of ROWS) {
      const whole = read(format, sample(name), 1 << 20);
      for (const size of [1, 2, 13, 997]) expect(read(format, sample(name), size)).toEqual(whole);
    }
  });
});
