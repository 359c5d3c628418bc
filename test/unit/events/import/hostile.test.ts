import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TEXT_FORMATS } from "../../../../packages/events/src/import/importer.ts";
import { SimError } from "../../../../packages/events/src/sim-error.ts";
import { lineCount } from "../../../support/counting.ts";
import { bytesOf, read, sample } from "./reading.ts";

const SEEDS = ["ftrace-tgid.txt", "ftrace-oops-console.txt", "ftrace-latency-verbose.txt"]
  .concat([
    "tracecmd-report.txt",
    "tracecmd-report-l.txt",
    "perf-script-F.txt",
    "perf-script-lost.txt",
  ])
  .map((name) => Buffer.from(sample(name)).toString("latin1").split("\n"))
  .map((lines) => lines.slice(-6).join("\n"));

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const noise = fc.array(fc.oneof(byte, fc.constantFrom("\n", " ", "-", "[", ":", '"', "=")), {
  maxLength: 40,
});
const damaged = fc
  .tuple(fc.constantFrom(...SEEDS), fc.nat(400), fc.nat(30), noise)
  .map(([text, at, removed, put]) => text.slice(0, at) + put.join("") + text.slice(at + removed));

describe("hostile bytes", () => {
  it.each(TEXT_FORMATS)("give %s one observation a line, in the order of the lines", (format) => {
    fc.assert(
      fc.property(
        fc.array(damaged, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 64 }),
        (parts, size) => {
          const bytes = bytesOf(parts.join("\n"));
          const lines = observedLines(format, bytes, size);
          if (lines === undefined) return;
          expect(lines).toEqual(Array.from({ length: lineCount(bytes) }, (_, i) => i + 1));
        },
      ),
      { seed: 20261126, numRuns: 1500 },
    );
  });
});

/** The lines that were observed; `undefined` where the layout was refused, which is no loss. */
function observedLines(format: (typeof TEXT_FORMATS)[number], bytes: Uint8Array, size: number) {
  try {
    return read(format, bytes, size).observations.map((o) => o.line);
  } catch (error) {
    if (error instanceof SimError && error.parts.code === "E_LAYOUT") return undefined;
    throw error;
  }
}
