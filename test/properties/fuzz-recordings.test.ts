/**
 * Mutated text of recordings: every reader answers with observations, a report or a refusal.
 */
import { createImporter, SimError, sniffFormat, TEXT_FORMATS } from "@mmreplay/events";
import { checkBytes, type FileReport, foldBytes, importBytes } from "@mmreplay/replay";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, mutants, orRefusal, runs, TEXTS } from "../support/fuzzing.ts";
import { inChunks } from "../support/recordings.ts";

const HOURS = 3_600_000;

describe("mutated text of a recording", () => {
  it("is one observation a line to every importer, whatever the chunks", { timeout: HOURS }, () => {
    fc.assert(
      fc.property(
        mutants(TEXTS),
        fc.constantFrom(...TEXT_FORMATS),
        fc.integer({ min: 1, max: 5000 }),
        (mutant, format, size) => {
          const bytes = bytesOf(mutant);
          const lines: number[] = [];
          try {
            const importer = createImporter(format);
            const take = ({ line }: { line: number }): void => void lines.push(line);
            for (let at = 0; at < bytes.length; at += size) {
              importer.push(bytes.subarray(at, at + size), take);
            }
            importer.end(take);
          } catch (error) {
            if (error instanceof SimError) return;
            throw error;
          }
          // What is read of bpftrace is no text of lines: an object may take several of them.
          if (format === "bpftrace") return;
          const count = bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
          expect(lines).toEqual(Array.from({ length: count }, (_, at) => at + 1));
        },
      ),
      runs(400),
    );
  });

  it("is of one format, or refused in a sentence", { timeout: HOURS }, () => {
    fc.assert(
      fc.property(mutants(TEXTS), (mutant) => {
        try {
          sniffFormat(bytesOf(mutant));
        } catch (error) {
          if (!(error instanceof SimError)) throw error;
          expect(error.message).toMatch(/^E_\w+: found [^\n]+, expected [^\n]+$/);
        }
      }),
      runs(400),
    );
  });

  it("has the verdict of the journal that is imported from it", { timeout: HOURS }, async () => {
    await fc.assert(
      fc.asyncProperty(mutants(TEXTS), async (mutant) => {
        const bytes = bytesOf(mutant);
        // What a journal escapes may make a long line too long for it; then it has one event less.
        if (
          bytes
            .toString("latin1")
            .split("\n")
            .some((line) => line.length > 8000)
        )
          return;
        const report = await orRefusal(() => checkBytes("x", inChunks(bytes), {}));
        const lines: string[] = [];
        const summary = await orRefusal(() =>
          importBytes("x", inChunks(bytes), {}, (line) => void lines.push(line)),
        );
        if (report instanceof SimError || summary instanceof SimError) {
          expect(summary).toEqual(report);
          return;
        }
        const journal = Buffer.from(lines.join(""));
        const again = await checkBytes("x", inChunks(journal), {});
        expect(comparable(again)).toEqual(comparable(report));
        // A line that could not be read may have named an object, and the journal has no such line.
        if (report.skipped > 0 || report.unexplained > 0) return;
        expect(again.notifiers).toBe(report.notifiers);
        const folds = [bytes, journal].map((one) => foldBytes("x", inChunks(one), {}));
        const [recorded, read] = await Promise.all(folds);
        expect(read?.stateHash).toBe(recorded?.stateHash);
      }),
      runs(250),
    );
  });
});

/** A report without what the kind of file decides. */
function comparable(report: FileReport): object {
  return { ...report, format: "", slice: [], notifiers: 0 };
}
