/** No recording is read differently because its lines are like earlier ones. */
import { readdirSync } from "node:fs";
import { sniffFormat } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { readBothWays } from "../support/both-readings.ts";
import { hasShared, recordingBytes, SHARED_TRACES } from "../support/recordings.ts";

const OWN = new URL("../fixtures/traces/", import.meta.url);
const HEAD_BYTES = 64 * 1024;

const names = readdirSync(hasShared ? SHARED_TRACES : OWN).filter((name) =>
  /\.txt(\.gz)?$/.test(name),
);
/** The text of tracefs among them; other formats have no such lines. */
const texts = names.flatMap((name) => {
  const format = sniffFormat(recordingBytes(name).subarray(0, HEAD_BYTES));
  return format === "ftrace" || format === "ftrace-latency" ? [{ name, format }] : [];
});

describe("each line of a recording, like an earlier one or not", () => {
  it.each(texts)("$name", { timeout: 300_000 }, ({ name, format }) => {
    let count = 0;
    readBothWays(format, recordingBytes(name), ({ known, general }) => {
      count += known.length;
      // A comparison of a million texts at once would say too much of a difference.
      const at = known.findIndex((text, index) => text !== general[index]);
      expect(known[at]).toBe(general[at]);
      expect(known.length).toBe(general.length);
    });
    expect(count).toBeGreaterThan(0);
  });
});
