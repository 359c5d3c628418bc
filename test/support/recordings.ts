/**
 * The recordings that tests read: those that ship with the repository, and the full set where it
 * lies beside the checkout; of that a usual run leaves out files of more than 1 MB, MMREPLAY_WHOLE nothing.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { checkBytes, type FileReport } from "@mmreplay/replay";
import { WHOLE } from "./sample.ts";

const OWN = join(import.meta.dirname, "../fixtures/traces");
/** Larger ones are of the same programs, for longer: MMREPLAY_WHOLE has them. */
const USUAL_BYTES_MAX = 1_000_000;
const HEAD_BYTES = 64 * 1024;
/** The full set of recordings; absent on a machine that has only the repository. */
export const SHARED_TRACES: string = join(import.meta.dirname, "../../../shared/traces");
/** Whether the full set is there. */
export const hasShared: boolean = existsSync(join(SHARED_TRACES, "expected.tsv"));

function storedBytes(name: string): Buffer {
  const own = join(OWN, name);
  return readFileSync(existsSync(own) ? own : join(SHARED_TRACES, name));
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f;

/** The decompressed bytes of a recording, from the repository or the full set. */
export function recordingBytes(name: string): Buffer {
  const bytes = storedBytes(name);
  return isGzip(bytes) ? gunzipSync(bytes) : bytes;
}

/** The first bytes of a recording, decompressed: enough to know its format. */
export function recordingHead(name: string): Buffer {
  const begin = storedBytes(name).subarray(0, HEAD_BYTES);
  return isGzip(begin) ? gunzipSync(begin, { finishFlush: constants.Z_SYNC_FLUSH }) : begin;
}

/** Bytes as a file gives them: in chunks. */
export async function* inChunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const reports = new Map<string, Promise<FileReport>>();

/** Checks a recording by name, once for all tests of a file. */
export function checkRecording(name: string): Promise<FileReport> {
  const known = reports.get(name);
  if (known !== undefined) return known;
  const report = checkBytes(name, inChunks(recordingBytes(name)), {});
  reports.set(name, report);
  return report;
}

/** One row of ../shared/traces/expected.tsv. */
export interface Expected {
  readonly file: string;
  readonly verdict: "good" | "bad" | "any";
  /** Rules that the first finding may name. */
  readonly rules: readonly string[];
}

/** Whether a usual run reads a recording of the full set, by its size. */
export function isUsual(file: string): boolean {
  return WHOLE || statSync(join(SHARED_TRACES, file)).size <= USUAL_BYTES_MAX;
}

/** What is expected of each recording of the full set. */
export function expectedVerdicts(): Expected[] {
  return readFileSync(join(SHARED_TRACES, "expected.tsv"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [file = "", verdict = "", rules = ""] = line.split("\t");
      return { file, verdict: verdict as Expected["verdict"], rules: rules.split("|") };
    })
    .filter(({ file }) => isUsual(file));
}

/** What a row of the table in the recordings' README counts. */
export interface TableRow {
  readonly file: string;
  readonly events: number;
  readonly invalidations: number;
  readonly retries: number;
  readonly busy: number;
  readonly again: number;
}

/** The table of the recordings' README. */
export function recordedTable(): TableRow[] {
  return readFileSync(join(SHARED_TRACES, "README.md"), "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => /\.txt(\.gz)?$/.test(cells[1] ?? "") && cells.length > 10)
    .map((cells) => ({
      file: cells[1] ?? "",
      events: Number(cells[2]),
      invalidations: Number(cells[4]),
      retries: Number(cells[5]),
      busy: Number(cells[6]),
      again: Number(cells[7]),
    }));
}

/** Places at which the recordings' README shows stale mappings of a driver with a bug. */
export interface KnownPlaces {
  readonly file: string;
  /** Lines of do_fault that store pages which were taken away since they were looked up. */
  readonly stores: readonly number[];
  /** Lines of range_start of invalidations that entries survive. */
  readonly survivals: readonly number[];
}

/** The known places, by file. */
export function knownPlaces(): KnownPlaces[] {
  const [, ...parts] = readFileSync(join(SHARED_TRACES, "README.md"), "utf8").split(
    "\n**cust61-BUG",
  );
  return parts.map((part) => {
    const [own = ""] = part.split("\nAlso in");
    const lines = (pattern: RegExp) => [...own.matchAll(pattern)].map((found) => Number(found[1]));
    return {
      file: `cust61-BUG${own.slice(0, own.indexOf("**"))}`,
      stores: lines(/^- line (\d+) /gm),
      survivals: lines(/^- PTE survives: .*?inv_start line (\d+)/gm),
    };
  });
}

/** A recording without the lines for which `drop` answers true. */
export function without(bytes: Buffer, drop: (line: string, number: number) => boolean): Buffer {
  const kept = bytes
    .toString("latin1")
    .split("\n")
    .filter((line, index) => !drop(line, index + 1));
  return Buffer.from(kept.join("\n"), "latin1");
}
