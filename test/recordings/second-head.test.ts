/**
 * A head among the events: the file is two recordings, and nothing is concluded across the seam, even
 * where the head's count is that of all events. MMREPLAY_WHOLE takes more places than a usual run.
 */
import { describe, expect, test } from "vitest";
import { checkLines, linesOf } from "../support/damaged.ts";
import { WHOLE } from "../support/sample.ts";

/** Places of each recording, spread over it. */
const PLACES = WHOLE ? 24 : 8;
/** Between two places near the beginning, in events. */
const STEP = WHOLE ? 2 : 10;

describe.each(["cust61-good-stress_tiny", "cust61-good-mrelease", "deb612-good-core-stress_short"])(
  "%s with its head again among its events",
  (name) => {
    const file = `${name}.txt.gz`;
    const lines = linesOf(file);
    const head = lines.filter((line) => line.startsWith("#"));
    const events = lines.filter((line) => !line.startsWith("#") && line !== "");

    test("is undecided, and violates nothing", { timeout: 60_000 }, async () => {
      for (let n = 0; n < PLACES; n += 1) {
        const at = 1 + Math.floor((n * (events.length - 1)) / PLACES);
        const twice = [...head, ...events.slice(0, at), ...head, ...events.slice(at), ""];
        const { verdict, findings, notes } = await checkLines(file, twice);
        expect(findings, `at ${at}`).toEqual([]);
        expect(verdict, `at ${at}`).toBe("undecided");
        expect(notes.join()).toContain("check one recording at a time");
      }
    });
  },
);

test("stress_tiny violates nothing wherever its head stands again among its first 200 events", async () => {
  const lines = linesOf("cust61-good-stress_tiny.txt.gz");
  const head = lines.filter((line) => line.startsWith("#"));
  const events = lines.filter((line) => !line.startsWith("#"));
  for (let at = 2; at <= 200; at += STEP) {
    const twice = [...head, ...events.slice(0, at), ...head, ...events.slice(at)];
    expect((await checkLines("tiny", twice)).findings, `at ${at}`).toEqual([]);
  }
});
