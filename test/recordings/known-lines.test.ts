/**
 * No recording is read differently because its lines are like earlier ones, and every line is counted.
 */
import { readdirSync } from "node:fs";
import { sniffFormat } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { type BothReadings, readBothWays } from "../support/both-readings.ts";
import { lineCount } from "../support/counting.ts";
import {
  hasShared,
  isUsual,
  recordedTable,
  recordingBytes,
  recordingHead,
  SHARED_TRACES,
} from "../support/recordings.ts";

const OWN = new URL("../fixtures/traces/", import.meta.url);

/** The recording of 922,432 lines is read here where MMREPLAY_LONG is set, as in CI. */
const isRead = (name: string): boolean =>
  name.includes("xlong") ? process.env["MMREPLAY_LONG"] !== undefined : !hasShared || isUsual(name);

const names = readdirSync(hasShared ? SHARED_TRACES : OWN).filter((name) =>
  /\.txt(\.gz)?$/.test(name),
);
/** The text of tracefs among them; other formats have no such lines. */
const texts = names.filter(
  (name) => isRead(name) && /^ftrace/.test(sniffFormat(recordingHead(name))),
);

interface Read extends BothReadings {
  readonly lines: number;
}

const reads = new Map<string, Read>();

/** Both readings of a recording, made once. */
function both(name: string): Read {
  const known = reads.get(name);
  if (known !== undefined) return known;
  const bytes = recordingBytes(name);
  const format = sniffFormat(bytes);
  if (format !== "ftrace" && format !== "ftrace-latency") throw new Error(`${name} is ${format}`);
  const read = { ...readBothWays(format, bytes), lines: lineCount(bytes) };
  reads.set(name, read);
  return read;
}

describe("each line of a recording, like an earlier one or not", () => {
  it.each(texts)("%s", { timeout: 300_000 }, (name) => {
    const { difference, counts } = both(name);
    expect(difference).toBeUndefined();
    expect(counts["probe"]).toBeGreaterThan(0);
  });
});

describe.runIf(hasShared)("the table of recordings", () => {
  const table = hasShared ? recordedTable() : [];

  it("names them all", () => {
    const others = names.filter((name) => !table.some(({ file }) => file === name));
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

  it.each(table.filter(({ file }) => isRead(file)))(
    "$file has $events events, and every line is counted",
    ({ file, events }) => {
      const { counts, lines } = both(file);
      expect(counts["probe"]).toBe(events);
      expect(counts["header"]).toBe(1);
      expect(Object.values(counts).reduce((sum, n) => sum + n, 0)).toBe(lines);
    },
  );
});
