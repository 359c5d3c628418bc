/** A recording and the journal that is imported from it say the same. */
import { checkBytes, foldBytes, importBytes } from "@mmreplay/replay";
import { expect, test } from "vitest";
import { inChunks, recordingBytes } from "../support/recordings.ts";

async function journalOf(file: string): Promise<Buffer> {
  const lines: string[] = [];
  await importBytes(file, inChunks(recordingBytes(file)), {}, (line) => {
    lines.push(line);
  });
  return Buffer.from(lines.join(""));
}

test.each([
  "cust61-good-stress_tiny.txt.gz",
  "cust61-BUG_noseq-stress_nodelay.txt.gz",
  "cust61-good-OVERRUN-stress.txt.gz",
  "cust61-good-tracecmd-stress.report.txt.gz",
])("the journal of %s gives the same verdict, findings and counts", async (file) => {
  const text = await checkBytes(file, inChunks(recordingBytes(file)), {});
  const journal = await checkBytes(file, inChunks(await journalOf(file)), {});
  expect({ ...journal, format: text.format, slice: [] }).toEqual({ ...text, slice: [] });
});

test("a recording and its journal fold to the same state", async () => {
  const file = "cust61-good-counterclock-lk-stress.txt.gz";
  const text = await foldBytes(file, inChunks(recordingBytes(file)), {});
  const journal = await foldBytes(file, inChunks(await journalOf(file)), {});
  expect(journal.stateHash).toBe(text.stateHash);
  expect(journal.finalState).toEqual(text.finalState);
  expect(journal.events).toBe(text.events);
});

test("the size of the chunks changes nothing", async () => {
  const file = "cust61-good-stress_tiny.txt.gz";
  const whole = await checkBytes(file, inChunks(recordingBytes(file)), {});
  const split = await checkBytes(file, inChunks(recordingBytes(file), 97), {});
  expect(split).toEqual(whole);
});
