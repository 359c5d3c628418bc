/**
 * What the benchmarks work on, made from the seed.
 *
 * Bytes come in chunks, as they come from a file. Only the ftrace text is kept from one benchmark to
 * the next: bytes lie outside the heap, while events that are kept would slow down every collection.
 */
import { createImporter, type MmEvent, type Observation } from "@mmreplay/events";
import type { GeneratedFormat } from "../generate/layouts.ts";
import { recordingText } from "../generate/recording.ts";

/** How much work a run of each benchmark is. */
export interface BenchSize {
  readonly seed: number;
  /** Events of the mix under the in-place engine. */
  readonly events: number;
  /** Events of the mix under the immutable engine. */
  readonly immutableEvents: number;
  /** Event lines of the generated recording. */
  readonly lines: number;
  readonly runs: number;
}

/** A second or less a run. */
export const SIZE: Omit<BenchSize, "seed"> = {
  events: 300_000,
  immutableEvents: 20_000,
  lines: 200_000,
  runs: 5,
};

/** For a first look: the compiler has hardly begun when it is over. */
export const QUICK: Omit<BenchSize, "seed"> = {
  events: 20_000,
  immutableEvents: 1_000,
  lines: 10_000,
  runs: 3,
};

/** The inputs of one run of the command. */
export interface Inputs {
  readonly size: BenchSize;
  /** The bytes of the generated recording. */
  recording(format: GeneratedFormat): readonly Uint8Array[];
}

/** What a stream of a file gives at once. */
const CHUNK_BYTES = 64 * 1024;

/** Inputs that are made when they are first asked for. */
export function createInputs(size: BenchSize): Inputs {
  let ftrace: readonly Uint8Array[] | undefined;
  const made = (format: GeneratedFormat): readonly Uint8Array[] =>
    inChunks(recordingText({ events: size.lines, seed: size.seed, format }));
  return {
    size,
    recording(format) {
      if (format !== "ftrace") return made(format);
      ftrace ??= made(format);
      return ftrace;
    },
  };
}

/** Text as bytes in chunks. */
export function inChunks(text: Iterable<string>): Uint8Array[] {
  const bytes = Buffer.concat(Array.from(text, (piece) => Buffer.from(piece, "latin1")));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    chunks.push(bytes.subarray(at, at + CHUNK_BYTES));
  }
  return chunks;
}

/** Values as JSON, one a line, in chunks. */
export function asJsonLines(values: Iterable<Observation | MmEvent>): Uint8Array[] {
  return inChunks(Array.from(values, (value) => `${JSON.stringify(value)}\n`));
}

/** All observations of a recording. */
export function observationsOf(
  format: GeneratedFormat,
  chunks: readonly Uint8Array[],
): Observation[] {
  const observations: Observation[] = [];
  const keep = (observation: Observation): void => void observations.push(observation);
  const importer = createImporter(format);
  for (const chunk of chunks) importer.push(chunk, keep);
  importer.end(keep);
  return observations;
}
