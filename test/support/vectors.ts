/**
 * The conformance vectors: where they are, and how a file is compared.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readVectorLine, type VectorLine, type VectorStep } from "@mmreplay/events";
import { Conformance } from "@mmreplay/replay";

/** All public files; beside the repository, not in it. */
const SHARED = new URL("../../../shared/vectors/", import.meta.url);
/** A few of them, always here. */
const COPIED = new URL("../fixtures/vectors/", import.meta.url);

/** Whether all public files are at hand. */
export const SHARED_VECTORS: boolean = existsSync(SHARED);

const named = (folder: URL): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl.gz"))
    .sort();

/** Names of all public files; empty where they are absent. */
export const SHARED_FILES: readonly string[] = SHARED_VECTORS ? named(SHARED) : [];
/** Names of the copied files. */
export const COPIED_FILES: readonly string[] = named(COPIED);

/** The text of a copied file. */
export function vectorText(name: string): string {
  return gunzipSync(readFileSync(new URL(name, COPIED))).toString("utf8");
}

function readFrom(folder: URL, name: string): VectorLine[] {
  const text = gunzipSync(readFileSync(new URL(name, folder))).toString("utf8");
  return text.trimEnd().split("\n").map(readVectorLine);
}

/** The lines of a public file. */
export const sharedVectors = (name: string): VectorLine[] => readFrom(SHARED, name);
/** The lines of a copied file. */
export const copiedVectors = (name: string): VectorLine[] => readFrom(COPIED, name);

/** Compares lines with the simulator. */
export function compare(lines: readonly VectorLine[]): Conformance {
  const conformance = new Conformance();
  for (const line of lines) conformance.line(line);
  return conformance;
}

/** The lines of the first execution in which a step fits, with that step changed. */
export function withChangedStep(
  lines: readonly VectorLine[],
  fits: (step: VectorStep) => boolean,
  change: (step: VectorStep) => VectorStep,
): { lines: VectorLine[]; step: number } {
  const at = lines.findIndex((line) => line.t === "step" && fits(line));
  const step = lines[at];
  if (step?.t !== "step") throw new Error("no step fits");
  const first = lines.findLastIndex((line, index) => index < at && line.t === "exec");
  const last = lines.findIndex((line, index) => index > at && line.t === "end");
  const changed = [...lines.slice(first, at), change(step), ...lines.slice(at + 1, last + 1)];
  return { lines: changed, step: step.i };
}
