/**
 * A shard of a search as a file, and the join of such files to one report.
 *
 * A shard in which something fails searches again, undivided, and so reports what an undivided search
 * does; the join takes that report.
 */
import { SimError } from "@mmreplay/events";
import { decodeWords, encodeWords } from "./base64.ts";
import { contentOf } from "./content.ts";
import {
  type ExploreFinding,
  type ExploreOptions,
  type ExploreReport,
  exploring,
  proven,
  searchOf,
} from "./explore.ts";
import { mutantNamed, type ScenarioText, scenarioCalled, scenarioOfText } from "./named.ts";
import type { Subject } from "./prepare.ts";
import { isSealed, type Sealed, sealed } from "./sealed.ts";
import type { BoundName, Searching } from "./search.ts";
import { joined, searchShard } from "./shard.ts";

/** What all shards of a search have in common. */
type Common = Omit<ExploreOptions, "shard" | "stopped">;

/** What a shard writes: its report, and what the join needs. */
export type ShardReport = Sealed<ShardContent>;

interface ShardContent extends ExploreReport {
  readonly shard: { readonly index: number; readonly of: number };
  readonly options: Common;
  /** Of mmreplay, and so of the model. */
  readonly version: string;
  /** Hash of what was searched. */
  readonly content: string;
  /** The scenario's file, so that the join needs none. */
  readonly file?: ScenarioText;
  readonly gaveUp: boolean;
  /** Key, distance and steps of each state, in base64; empty for drawn schedules. */
  readonly notes: string;
}

/** Searches one shard. */
export function* exploringShard(
  subject: Subject,
  options: ExploreOptions,
  shard: ShardReport["shard"],
  version: string,
  file?: ScenarioText,
): Searching<ShardReport> {
  return sealed(yield* contentOfShard(subject, options, shard, version, file));
}

function* contentOfShard(
  subject: Subject,
  options: ExploreOptions,
  shard: ShardReport["shard"],
  version: string,
  file: ScenarioText | undefined,
): Searching<ShardContent> {
  const { strategy = "bfs", por = true, stopped: _, ...common } = options;
  const told = {
    shard,
    options: { ...common, strategy, por },
    version,
    content: contentOf(subject.named),
    ...(file === undefined ? {} : { file }),
  };
  if (strategy === "random" || strategy === "pct") {
    const report = yield* exploring(subject, { ...options, shard });
    return { ...report, ...told, gaveUp: false, notes: "" };
  }
  if (strategy !== "bfs") throw notSharded(strategy);
  const search = searchOf(subject, options, por);
  const { result, notes, gaveUp } = yield* searchShard(search, shard.index, shard.of);
  if (gaveUp) {
    const report = yield* exploring(subject, options);
    return { ...report, ...told, gaveUp, notes: "" };
  }
  const { failures: __, ...counts } = result;
  return {
    scenario: subject.named.name,
    ...(subject.mutant === undefined ? {} : { mutant: subject.mutant.id }),
    strategy,
    complete: false,
    bound: "shard",
    ...counts,
    reductions: { symmetry: search.symmetry && search.space.merge.possible, por },
    lassos: false,
    findings: [],
    ...told,
    gaveUp,
    notes: encodeWords(notes),
  };
}

/** The report of all shards together. */
export function join(subject: Subject, shards: readonly ShardReport[]): ExploreReport {
  const [first] = shards as readonly [ShardReport];
  if (first.strategy === "random" || first.strategy === "pct") return joinedDraws(shards);
  const undivided = shards.find(({ gaveUp }) => gaveUp);
  if (undivided !== undefined) return reportOf(undivided);
  const { options } = first;
  const counts = joined(shards.map(({ notes }) => decodeWords(notes)));
  const bound = boundOf(shards);
  const result = { ...counts, deadlocks: 0, failures: [], ...(bound && { bound }) };
  return proven(subject, options, searchOf(subject, options, options.por !== false), result);
}

/** Sums; of the findings the shortest, and of equal ones the one that was drawn first. */
function joinedDraws(shards: readonly ShardReport[]): ExploreReport {
  const first = reportOf(shards[0] as ShardReport);
  const sum = (of: (shard: ShardReport) => number): number =>
    shards.reduce((total, shard) => total + of(shard), 0);
  const findings = shards
    .flatMap((shard) => shard.findings)
    .sort((a, b) => a.length - b.length || runOf(a) - runOf(b));
  return {
    ...first,
    bound: boundOf(shards) ?? "runs",
    states: sum(({ states }) => states),
    transitions: sum(({ transitions }) => transitions),
    depth: Math.max(...shards.map(({ depth }) => depth)),
    deadlocks: sum(({ deadlocks }) => deadlocks),
    runs: sum(({ runs = 0 }) => runs),
    hits: sum(({ hits = 0 }) => hits),
    findings: findings.slice(0, 1),
  };
}

/** What a shard reports, without what the join needs. */
function reportOf({
  shard,
  options,
  version,
  content,
  file,
  gaveUp,
  notes,
  checksum,
  ...report
}: ShardReport): ExploreReport {
  return report;
}

/**
 * What shards have searched.
 *
 * @throws SimError `E_SHARD` when the scenario of that name is another one here.
 */
export async function subjectOf(
  { scenario, content, file, mutant }: ShardReport,
  name: string,
): Promise<Subject> {
  const named = file === undefined ? await scenarioCalled(scenario) : scenarioOfText(file);
  if (contentOf(named) !== content) {
    throw badShard(name, `another form of ${named.name}`, "the scenario as it is here");
  }
  return { named, mutant: mutant === undefined ? undefined : mutantNamed(mutant) };
}

const runOf = ({ run = 0 }: ExploreFinding): number => run;

function boundOf(shards: readonly ShardReport[]): BoundName | undefined {
  const cut = shards
    .map(({ bound }) => bound)
    .find((bound) => bound !== undefined && bound !== "runs" && bound !== "shard");
  const [first] = shards as readonly [ShardReport];
  return cut ?? (shards.length < first.shard.of ? "missing-shards" : undefined);
}

/**
 * The shards of files, which must be as they were written, and belong together.
 *
 * @throws SimError `E_SHARD` when one is no shard, or of another search.
 */
export function readShards(
  files: readonly { readonly name: string; readonly text: string }[],
  version: string,
): ShardReport[] {
  const shards = files.map(({ name, text }) => ({ name, shard: parsed(name, text) }));
  const searchOfShard = ({ scenario, content, mutant, options, shard }: ShardReport): string =>
    JSON.stringify([scenario, content, mutant, options, shard.of]);
  const [first] = shards;
  const indexes = new Set<number>();
  for (const { name, shard } of shards) {
    if (shard.version !== version) {
      throw badShard(name, `a shard of mmreplay ${shard.version}`, `one of ${version}`);
    }
    if (first !== undefined && searchOfShard(shard) !== searchOfShard(first.shard)) {
      throw badShard(name, "a shard of another search", `one that belongs to ${first.name}`);
    }
    const { index } = shard.shard;
    if (indexes.has(index)) throw badShard(name, `shard ${index + 1} again`, "each shard once");
    indexes.add(index);
  }
  return shards.map(({ shard }) => shard);
}

/** What is printed around a shard, and is not what it saw. */
interface Printed extends Partial<ShardReport> {
  readonly schemaVersion?: number;
  readonly timing?: object;
}

function parsed(name: string, text: string): ShardReport {
  const expected = "what explore --shard --json has printed";
  let printed: Printed | null = null;
  try {
    printed = JSON.parse(text) as Printed | null;
  } catch {
    // What is no JSON is no shard either.
  }
  const { schemaVersion, timing, ...shard } = printed ?? {};
  if (shard.shard === undefined || shard.checksum === undefined) {
    throw badShard(name, "something else", expected);
  }
  if (!isSealed(shard)) throw badShard(name, "a shard that was changed after that", expected);
  return shard as ShardReport;
}

function badShard(place: string, found: string, expected: string): SimError {
  const action = "Join the output of explore --shard 1/n to n/n, all with the same options.";
  return new SimError({ code: "E_SHARD", place, found, expected, action });
}

function notSharded(strategy: string): SimError {
  return new SimError({
    code: "E_SHARD",
    found: `--shard with --strategy ${strategy}`,
    expected: "bfs, random or pct",
    action: "A search of these kinds can be cut into shards.",
  });
}
