/**
 * The file from which a search goes on that was cut.
 *
 * It holds every state with the way to it, so what a later run finds and counts is what one run would
 * have. It fits one scenario as it stands, one mutant and one set of reductions, and one version of the model,
 * and is taken only as it was written.
 */
import { SimError } from "@mmreplay/events";
import { decodeWords, encodeWords } from "./base64.ts";
import { breadthFirstFrom, type Standing, startOf } from "./breadth-first.ts";
import { contentOf } from "./content.ts";
import { Inbox, type Message, Outbox } from "./exchange.ts";
import { type ExploreOptions, type ExploreReport, exploring, proven, searchOf } from "./explore.ts";
import type { Subject } from "./prepare.ts";
import { createRowBuffer } from "./row-buffer.ts";
import { isSealed, sealed } from "./sealed.ts";
import type { Search, Searching } from "./search.ts";
import type { Space } from "./space.ts";
import { createStateQueue } from "./state-queue.ts";

/** What a file of a search must agree in. */
interface SearchIdentity {
  readonly version: string;
  readonly scenario: string;
  /** Hash of what the scenario says. */
  readonly content: string;
  readonly mutant: string | null;
  readonly symmetry: boolean;
  readonly por: boolean;
}

interface ResumeFile extends SearchIdentity {
  readonly kind: typeof KIND;
  readonly format: typeof FORMAT;
  readonly state: number;
  readonly depth: number;
  readonly levelEnd: number;
  readonly transitions: number;
  readonly definitions: Omit<Message, "rows">;
  readonly rows: string;
  /** Of each state its parent and its move. */
  readonly ways: string;
}

const KIND = "mmreplay-search";
const FORMAT = 2;

/** The text of the file. */
function encodeStanding(
  identity: SearchIdentity,
  { space }: Search,
  { queue, ...rest }: Standing,
): string {
  const rows = createRowBuffer(space.width);
  const ways = new Int32Array(queue.size * 2);
  const row = new Int32Array(space.width);
  for (let state = 0; state < queue.size; state++) {
    queue.read(state, row);
    rows.push(row);
    ways[state * 2] = queue.parent(state);
    ways[state * 2 + 1] = queue.move(state);
  }
  const { rows: words, ...definitions } = new Outbox(space).message(rows.words());
  const file: ResumeFile = {
    kind: KIND,
    format: FORMAT,
    ...identity,
    ...rest,
    definitions,
    rows: encodeWords(words),
    ways: encodeWords(ways),
  };
  return `${JSON.stringify(sealed(file))}\n`;
}

/**
 * What a file says of this search.
 *
 * @throws SimError `E_RESUME` when it is no such file, or one of another search.
 */
function readResumeFile(name: string, text: string, identity: SearchIdentity): ResumeFile {
  const file = parsed(name, text);
  for (const [field, expected] of Object.entries(identity)) {
    const found = file[field as keyof SearchIdentity];
    if (found !== expected) throw other(name, field, found, expected);
  }
  return file;
}

/** Where the search of a file stands, in the numbers of this space. */
function decodeStanding(file: ResumeFile, space: Space): Standing {
  const words = decodeWords(file.rows);
  const ways = decodeWords(file.ways);
  const rows = new Inbox(space).rows({ ...file.definitions, rows: words });
  const queue = createStateQueue(space.width);
  for (let state = 0; state * 2 < ways.length; state++) {
    const row = rows.subarray(state * space.width, (state + 1) * space.width);
    queue.push(row, ways[state * 2] as number, ways[state * 2 + 1] as number);
  }
  const { state, depth, levelEnd, transitions } = file;
  return { queue, state, depth, levelEnd, transitions };
}

function parsed(name: string, text: string): ResumeFile {
  let file: Partial<ResumeFile> | null;
  try {
    file = JSON.parse(text) as Partial<ResumeFile> | null;
  } catch {
    throw damaged(name);
  }
  if (file?.kind !== KIND || file.format !== FORMAT) throw damaged(name);
  if (!isSealed(file)) throw damaged(name, "a file that was changed after it was written");
  return file as ResumeFile;
}

function damaged(file: string, found = "something else"): SimError {
  return new SimError({
    code: "E_RESUME",
    place: file,
    found,
    expected: `a file of a search that was cut (${KIND}, format ${FORMAT})`,
    action: "Name a file that explore --resume has written, or one that does not exist yet.",
  });
}

function other(file: string, field: string, found: unknown, expected: unknown): SimError {
  return new SimError({
    code: "E_RESUME",
    place: file,
    found: `a search with ${field} ${JSON.stringify(found)}`,
    expected: JSON.stringify(expected),
    action:
      "Go on with the scenario and options that the file was written for, or name a new file.",
  });
}

/** A report, and the file to go on from if the search was cut. */
export interface Resumable {
  readonly report: ExploreReport;
  readonly file?: string;
}

/** Searches breadth-first, from where a file stands if there is one. */
export function* exploringFrom(
  subject: Subject,
  options: ExploreOptions,
  version: string,
  file?: { readonly name: string; readonly text: string },
): Searching<Resumable> {
  const { symmetry = true, por = true } = options;
  const { named, mutant } = subject;
  const identity = {
    version,
    scenario: named.name,
    content: contentOf(named),
    mutant: mutant?.id ?? null,
    symmetry,
    por,
  };
  const said = file === undefined ? undefined : readResumeFile(file.name, file.text, identity);
  const search = searchOf(subject, options, por);
  const from = said === undefined ? startOf(search) : decodeStanding(said, search.space);
  const { result, standing } = yield* breadthFirstFrom(search, from);
  if (result.failures.length > 0 || search.space.broken) {
    return { report: yield* exploring(subject, options) };
  }
  const report = proven(subject, options, search, result);
  if (result.bound === undefined) return { report };
  return { report, file: encodeStanding(identity, search, standing) };
}
