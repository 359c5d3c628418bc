/**
 * Reading in tests: text or a fixture in, observations out.
 *
 * Latin1 both ways, as the importers see bytes. Chunks are small and odd on purpose: a line is cut
 * at every place sooner or later.
 */
import { readFileSync } from "node:fs";
import {
  createImporter,
  type TextFormat,
} from "../../../../packages/events/src/import/importer.ts";
import type {
  Observation,
  ProbeObservation,
} from "../../../../packages/events/src/observation/observation.ts";

const SAMPLES = new URL("../../../fixtures/samples/", import.meta.url);

/** The bytes of a sample. */
export function sample(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, SAMPLES)));
}

/** The bytes that latin1 text stands for. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** What an importer says of a whole recording. */
export interface Reading {
  readonly observations: readonly Observation[];
  readonly unit: string;
  readonly baseText: string | undefined;
}

/** Reads bytes or text in chunks of the given size. */
export function read(format: TextFormat, input: Uint8Array | string, chunkBytes = 7): Reading {
  const bytes = typeof input === "string" ? bytesOf(input) : input;
  const importer = createImporter(format);
  const observations: Observation[] = [];
  const emit = (observation: Observation) => void observations.push(observation);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    importer.push(bytes.subarray(at, at + chunkBytes), emit);
  }
  importer.end(emit);
  return { observations, unit: importer.unit, baseText: importer.baseText };
}

/** The events among the observations. */
export function probesOf({ observations }: Reading): ProbeObservation[] {
  return observations.filter((o) => o.kind === "probe");
}

/** The one event that one line says. */
export function readLine(format: TextFormat, line: string): ProbeObservation {
  const [first, ...more] = probesOf(read(format, line));
  if (first === undefined || more.length > 0) throw new Error(`not one event: ${line}`);
  return first;
}

/** How many observations there are of each kind, other lines by their reason. */
export function countsOf({ observations }: Reading): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const observation of observations) {
    const key = observation.kind === "other" ? observation.reason : observation.kind;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
