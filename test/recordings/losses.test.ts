/** What a damaged recording has lost is never held, and never blamed on the driver. */
import { checkBytes, type FileReport } from "@mmreplay/replay";
import { expect, test } from "vitest";
import { checkRecording, inChunks, recordingBytes, without } from "../support/recordings.ts";

const check = (bytes: Buffer): Promise<FileReport> =>
  checkBytes("damaged.txt", inChunks(bytes), {});
const tiny = () => recordingBytes("cust61-good-stress_tiny.txt.gz");
const noseq = () => recordingBytes("cust61-BUG_noseq-stress_nodelay.txt.gz");

test("events that the recorder dropped make a correct driver undecided, not violated", async () => {
  const report = await checkRecording("cust61-good-LOST-trace_pipe.txt.gz");
  expect(report.verdict).toBe("undecided");
  expect(report.findings).toEqual([]);
  expect(report.lost).toBe(3408);
  expect(report.notes[0]).toBe("The recorder dropped 3408 events.");
});

test("an overwritten buffer makes a correct driver undecided", async () => {
  const report = await checkRecording("cust61-good-OVERRUN-stress.txt.gz");
  expect(report.verdict).toBe("undecided");
  expect(report.lost).toBe(15_746);
});

test.each([2, 3, 7, 50])("a recording without every %i-th line is undecided", async (n) => {
  const report = await check(
    without(tiny(), (line, number) => !line.startsWith("#") && number % n === 0),
  );
  expect(report.verdict).toBe("undecided");
  expect(report.findings).toEqual([]);
});

test("a recording that was cut at its end is undecided", async () => {
  const report = await check(without(tiny(), (_, number) => number > 900));
  expect(report.verdict).toBe("undecided");
  expect(report.notes[0]).toMatch(/The head says 1933 events, the file has 887/);
});

test("a recording whose head was cut off holds for what it shows", async () => {
  const report = await check(without(tiny(), (_, number) => number < 400));
  expect(report.verdict).not.toBe("violated");
});

test("printed values still prove a violation where every third line is missing", async () => {
  const damaged = without(noseq(), (line, number) => !line.startsWith("#") && number % 3 === 0);
  const report = await check(damaged);
  expect(report.verdict).toBe("violated");
  expect(report.findings[0]?.rule).toBe("K-I12");
});

test("a missing set_seq proves nothing where its probe never fires", async () => {
  const report = await check(without(tiny(), (line) => line.includes(" set_seq: ")));
  expect(report.verdict).not.toBe("violated");
});
