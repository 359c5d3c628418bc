/**
 * A corpus: a folder with one folder for each failure, by its rule and its shape.
 *
 * It outlives campaigns: what another seed, shard or version meets again lies there already. A failure is its
 * journal, which needs nothing else to be looked at, the lines that run it again, and its scenario as a file
 * where a file can say it.
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileOfScenario, type NamedScenario } from "@mmreplay/core";
import { hash64, SimError } from "@mmreplay/events";
import { writeJournal } from "../explore/journal-of-run.ts";
import { runSchedule } from "../explore/run-schedule.ts";
import { writeError } from "../input/file-error.ts";
import type { FuzzFinding } from "./finish.ts";

/** Digits of the shape's hash in a folder's name. */
const HASH_DIGITS = 8;

/** A file of a failure: its name in the failure's folder, and its text. */
export interface CorpusFile {
  readonly name: string;
  readonly text: string;
}

/** The name of a failure's folder: equal for failures of one rule, shape and mutant. */
export function corpusEntry({ rule, shape }: FuzzFinding, mutant: string | undefined): string {
  return `${rule}-${hash64(`${mutant ?? ""} ${rule} ${shape}`).slice(0, HASH_DIGITS)}`;
}

/** The files of a failure. `again`: the command that meets it again. */
export function corpusFiles(
  finding: FuzzFinding,
  named: NamedScenario,
  again: string,
): CorpusFile[] {
  const { run, mutant } = runSchedule(named, finding.schedule);
  const lines: string[] = [];
  writeJournal(run, { scenario: named.name, mutant }, (line) => void lines.push(line));
  const scenario = scenarioFile(named);
  return [
    { name: "journal.jsonl", text: lines.join("") },
    { name: "replay.txt", text: `${replayLine(finding)}\n${again}\n` },
    ...(scenario === undefined ? [] : [{ name: "scenario.json", text: scenario }]),
  ];
}

/** The line that runs a finding. */
export function replayLine({ scenario, schedule }: FuzzFinding): string {
  return `mmreplay scenario run ${scenario} --schedule ${schedule}`;
}

/** Keeps a failure, unless the corpus has it; whether it was new. @throws SimError `E_WRITE`. */
export function keepFailure(
  corpus: string,
  entry: string,
  files: readonly CorpusFile[],
  write: (file: string, text: string) => void,
): boolean {
  const folder = join(corpus, entry);
  // The journal comes last: a folder with one is whole.
  const [journal, ...others] = files;
  if (existsSync(join(folder, "journal.jsonl"))) return false;
  makeFolder(folder);
  for (const { name, text } of [...others, ...(journal === undefined ? [] : [journal])]) {
    write(join(folder, name), text);
  }
  return true;
}

/**
 * Makes a folder and those above it, one by one: node's own way goes round for ever where a file system makes none.
 *
 * @throws SimError `E_WRITE`.
 */
export function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found !== undefined) {
    throw new SimError({
      code: "E_WRITE",
      place: folder,
      found: "a file",
      expected: "a folder",
      action: "Name another one; it is made when it is not there.",
    });
  }
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    throw writeError(folder, error);
  }
}

function scenarioFile(named: NamedScenario): string | undefined {
  try {
    return `${JSON.stringify(fileOfScenario(named), null, 2)}\n`;
  } catch (error) {
    // What no file can say is in the journal.
    if (error instanceof SimError) return undefined;
    throw error;
  }
}
