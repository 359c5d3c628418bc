import type { DriverBug } from "@mmreplay/core";
import { checkBytes, type FileReport } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import {
  type RecordingOptions,
  recordingText,
} from "../../../../packages/replay/src/generate/recording.ts";
import { ofEachKind, WHOLE } from "../../../support/sample.ts";

/** Several processes fit into few lines. */
const SMALL = { workers: 4, notifiers: 5, wide: 2, pages: 64, regionBits: 4, rounds: 40 };

const textOf = (options: RecordingOptions): string => [...recordingText(options)].join("");

/** Only ftrace counts its events, so the others need to be told that they are whole. */
async function checked(options: RecordingOptions, whole = false): Promise<FileReport> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const piece of recordingText(options)) yield Buffer.from(piece, "latin1");
  }
  return checkBytes("generated.txt", bytes(), { whole });
}

const eventLines = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

/** MMREPLAY_WHOLE takes more seeds than one, and every bug instead of one for each rule. */
const EVENTS = WHOLE ? 20_000 : 10_000;
const SEEDS = WHOLE ? [1, 2, 3, 4, 5] : [1];

describe("a generated recording", () => {
  it.each(SEEDS)("is held and explained to the last line: seed %d", async (seed) => {
    const report = await checked({ events: EVENTS, seed, process: SMALL });
    expect(report).toMatchObject({
      verdict: "held",
      format: "ftrace",
      events: EVENTS,
      unmapped: 0,
      unexplained: 0,
      skipped: 0,
      findings: [],
      notes: [],
    });
    expect(report.retries).toBeGreaterThan(0);
    expect(report.again).toBeGreaterThan(0);
    expect(report.notifiers).toBeGreaterThan(2 * SMALL.notifiers);
  });

  it("is held with processes of the usual size, too", async () => {
    const report = await checked({ events: 60_000, seed: 7 });
    expect(report).toMatchObject({ verdict: "held", unmapped: 0, unexplained: 0, notes: [] });
  });

  it("has the asked number of event lines, and says so in its head", () => {
    const text = textOf({ events: 777, seed: 1 });
    expect(eventLines(text)).toHaveLength(777);
    expect(text).toContain("entries-in-buffer/entries-written: 777/777 ");
  });

  it("is the same for the same options, and another for another seed", () => {
    const options = { events: 5_000, seed: 11, process: SMALL };
    expect(textOf(options)).toBe(textOf(options));
    expect(textOf({ ...options, seed: 12 })).not.toBe(textOf(options));
  });

  it("goes on where a shorter one ends", () => {
    const short = eventLines(textOf({ events: 1_000, seed: 3 }));
    expect(eventLines(textOf({ events: 3_000, seed: 3 })).slice(0, 1_000)).toEqual(short);
  });

  it("comes in pieces, whatever its size", () => {
    let longest = 0;
    let pieces = 0;
    for (const piece of recordingText({ events: 20_000, seed: 1, process: SMALL })) {
      longest = Math.max(longest, piece.length);
      pieces += 1;
    }
    expect(pieces).toBeGreaterThan(20);
    expect(longest).toBeLessThan(128 * 1024);
  });

  it.each(["trace-cmd", "perf-script", "bpftrace"] as const)(
    "is held as %s when its user knows that it is whole",
    async (format) => {
      const options = { events: 15_000, seed: 2, format, process: SMALL };
      const untold = await checked(options);
      expect(untold).toMatchObject({ verdict: "undecided", findings: [] });
      expect(untold.notes.join()).toContain("--whole");
      const report = await checked(options, true);
      expect(report).toMatchObject({
        verdict: "held",
        format,
        events: 15_000,
        unmapped: 0,
        unexplained: 0,
        skipped: 0,
        notes: [],
      });
    },
  );

  it("says the same in each format that has all the probes", async () => {
    const options = { events: 8_000, seed: 5, process: SMALL };
    const { rules } = await checked(options);
    expect((await checked({ ...options, format: "trace-cmd" }, true)).rules).toEqual(rules);
    expect((await checked({ ...options, format: "perf-script" }, true)).rules).toEqual(rules);
  });
});

describe("a generated recording of a driver with a bug is violated", () => {
  const bugs: [DriverBug, string][] = [
    ["no_retry_check", "K-I26"],
    ["retry_check_before_lock", "K-I26"],
    ["no_set_seq", "K-I12"],
    ["callback_clears_nothing", "K-I14"],
    ["callback_without_lock", "K-I26"],
    ["set_seq_after_unlock", "K-I26"],
    ["retry_reuses_old_seq", "K-I27"],
  ];

  it.each(ofEachKind(bugs, ([, rule]) => rule))("%s breaks %s", async (bug, rule) => {
    const report = await checked({ events: 15_000, seed: 1, bug, process: SMALL });
    expect(report.verdict).toBe("violated");
    expect(report.rules[rule]?.violated).toBeGreaterThan(0);
    expect(report.unexplained).toBe(0);
  });
});
