/**
 * What the benchmarks work on, made from the seed.
 *
 * Bytes come in chunks, as they come from a file. Only the ftrace text is kept from one benchmark to
 * the next: bytes lie outside the heap, while events that are kept would slow down every collection.
 */
import { createImporter, type MmEvent, type Observation } from "@mmreplay/events";
import type { GeneratedFormat } from "../generate/layouts.ts";
import { recordingText } from "../generate/recording.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

/** How much work a run of each benchmark is. */
export interface BenchSize {
  readonly seed: number;
  /** Events of the mix under the in-place engine. */
  readonly events: number;
  /** Events of the mix under the immutable engine. */
  readonly immutableEvents: number;
  /** Event lines of the generated recording. */
  readonly lines: number;
  /** Schedules that are drawn, and those of them that the simulator runs event by event. */
  readonly schedules: number;
  readonly simulatedSchedules: number;
  /** The scenario of each search. */
  readonly scenarios: Readonly<Record<Searched, string>>;
  readonly runs: number;
  /** Measured runs of a long benchmark. */
  readonly longRuns: number;
}

type Searched = "schedules" | "states" | "verdict" | "verdict-large" | "verdict-deep";

/** A second or less a run. */
export const SIZE: Omit<BenchSize, "seed"> = {
  events: 300_000,
  immutableEvents: 20_000,
  lines: 200_000,
  schedules: 50_000,
  simulatedSchedules: 500,
  scenarios: {
    schedules: "peer/2F2I1R",
    states: "peer/3F2I1R",
    verdict: "peer/3F2I1R",
    "verdict-large": "peer/4F2I1R",
    "verdict-deep": "peer/3F3I1R",
  },
  runs: 5,
  longRuns: 1,
};

/** For a first look: the compiler has hardly begun when it is over. */
export const QUICK: Omit<BenchSize, "seed"> = {
  events: 20_000,
  immutableEvents: 1_000,
  lines: 10_000,
  schedules: 2_000,
  simulatedSchedules: 20,
  scenarios: {
    schedules: "peer/1F1I1R",
    states: "peer/2F1I1R",
    verdict: "peer/2F2I1R",
    "verdict-large": "peer/2F2I1R",
    "verdict-deep": "peer/3F3I",
  },
  runs: 3,
  longRuns: 1,
};

/** What surrounds the benchmarks. */
export interface Surroundings {
  /** The folder of the Promela model. */
  readonly spinModel: string;
  /** Ends programs that are running. */
  readonly signal: AbortSignal;
}

/** The inputs of one run of the command. */
export interface Inputs extends Pick<Surroundings, "spinModel"> {
  readonly size: BenchSize;
  /** The bytes of the generated recording. */
  recording(format: GeneratedFormat): readonly Uint8Array[];
  /** The place of programs that are measured. */
  workshop(): Promise<Workshop>;
  /** Removes what was made. */
  discard(): Promise<void>;
}

/** What a stream of a file gives at once. */
const CHUNK_BYTES = 64 * 1024;

/** Inputs that are made when they are first asked for. */
export function createInputs(size: BenchSize, { spinModel, signal }: Surroundings): Inputs {
  let ftrace: readonly Uint8Array[] | undefined;
  let workshop: Promise<Workshop> | undefined;
  const made = (format: GeneratedFormat): readonly Uint8Array[] =>
    inChunks(recordingText({ events: size.lines, seed: size.seed, format }));
  return {
    size,
    spinModel,
    recording(format) {
      if (format !== "ftrace") return made(format);
      ftrace ??= made(format);
      return ftrace;
    },
    workshop() {
      workshop ??= openWorkshop(signal);
      return workshop;
    },
    async discard() {
      // One that could not be opened has removed itself.
      await workshop?.then(
        (open) => open.discard(),
        () => {},
      );
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
