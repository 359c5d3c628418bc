/**
 * What fuzzing starts from: short excerpts of real recordings, samples and journals.
 *
 * MMREPLAY_FUZZ=100000 runs so many inputs for each property; without it a property has its own number,
 * and CI runs 5,000, which begin with these. MMREPLAY_FUZZ_SEED starts them elsewhere.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SimError } from "@mmreplay/events";
import fc from "fast-check";
import { ANY_MUTATION, LONG_LINE, type Mutation, mutated } from "./mutation.ts";
import { recordingBytes } from "./recordings.ts";

const SAMPLES = join(import.meta.dirname, "../fixtures/samples");
const RECORDINGS = [
  ...["good-stress_tiny", "BUG_noseq-stress_nodelay", "good-counterclock-lk-stress"],
  ...["BUG_skiptrylock-mrelease", "good-OVERRUN-stress", "good-LOST-trace_pipe"],
].map((name) => `cust61-${name}.txt.gz`);
const OTHER_TEXTS = ["tracecmd-stress.report", "perf-stress.script-ns"].map(
  (name) => `cust61-good-${name}.txt.gz`,
);
const HEAD_LINES = 12;
const EXCERPT_LINES = 40;

/** How a property is run: its own number of inputs, or that of the environment. */
export function runs(own: number): { readonly numRuns: number; readonly seed: number } {
  return {
    numRuns: Number(process.env["MMREPLAY_FUZZ"] ?? own),
    seed: Number(process.env["MMREPLAY_FUZZ_SEED"] ?? 20_261_126),
  };
}

const latin1Lines = (bytes: Buffer): string[] => bytes.toString("latin1").trimEnd().split("\n");

/** The lines of a recording in every text format, and of every sample. */
export const TEXTS: readonly (readonly string[])[] = [
  ...[...RECORDINGS, ...OTHER_TEXTS].map((name) => latin1Lines(recordingBytes(name))),
  ...readdirSync(SAMPLES)
    .filter((name) => name !== "README.md")
    .map((name) => latin1Lines(readFileSync(join(SAMPLES, name)))),
];

/** An input: lines, and what was done to them. */
export interface Mutant {
  readonly lines: readonly string[];
  readonly mutations: readonly Mutation[];
}

/** Excerpts of these texts, mutated one to six times; one in fifty has a line that is long. */
export function mutants(texts: readonly (readonly string[])[]): fc.Arbitrary<Mutant> {
  const few = fc.array(ANY_MUTATION, { minLength: 1, maxLength: 6 });
  const long = fc.tuple(few, LONG_LINE).map(([some, one]) => [...some, one]);
  return fc.record({
    lines: fc
      .record({ text: fc.constantFrom(...texts), from: fc.nat(), head: fc.boolean() })
      .map(({ text, from, head }) => {
        const begin = from % text.length;
        const body = text.slice(begin, begin + EXCERPT_LINES);
        return head && begin > HEAD_LINES ? [...text.slice(0, HEAD_LINES), ...body] : body;
      }),
    mutations: fc.oneof({ weight: 49, arbitrary: few }, { weight: 1, arbitrary: long }),
  });
}

/** The bytes of a mutated input. */
export function bytesOf({ lines, mutations }: Mutant): Buffer {
  return Buffer.from(`${mutated(lines, mutations).join("\n")}\n`, "latin1");
}

/** The result, or the refusal; any other error is the reader's own and goes on. */
export async function orRefusal<T>(read: () => T | Promise<T>): Promise<T | SimError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SimError) return error;
    throw error;
  }
}
