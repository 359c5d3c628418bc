/**
 * A search in parts, in shards, or in pieces one after the other sees what one search sees.
 *
 * A usual run leaves out the largest size of four; MMREPLAY_WHOLE has it.
 */
import { describe, expect, it } from "vitest";
import {
  type ExploreOptions,
  type ExploreReport,
  explore,
  searchOf,
} from "../../packages/replay/src/explore/explore.ts";
import {
  exploringShard,
  join,
  readShards,
  type ShardReport,
} from "../../packages/replay/src/explore/join.ts";
import { Partition } from "../../packages/replay/src/explore/partition.ts";
import type { Subject } from "../../packages/replay/src/explore/prepare.ts";
import { exploringFrom } from "../../packages/replay/src/explore/resume.ts";
import { sealed } from "../../packages/replay/src/explore/sealed.ts";
import { atOnce } from "../../packages/replay/src/explore/search.ts";
import { joined } from "../../packages/replay/src/explore/shard.ts";
import { type Member, searchTogether } from "../../packages/replay/src/explore/together.ts";
import { peer, peerMutant } from "../support/explored.ts";
import { WHOLE } from "../support/sample.ts";

const SIZES = ["1F1I", "2F2I", "1F1I1R", ...(WHOLE ? (["2F2I1R"] as const) : [])] as const;

function members(subject: Subject, por: boolean, of: number): Member[] {
  return Array.from({ length: of }, (_, index) => {
    const partition = new Partition(searchOf(subject, {}, por), index, of);
    return {
      // A copy, as a message to a thread is.
      round: async (incoming) => structuredClone(partition.round(structuredClone(incoming))),
      end: async () => {},
    };
  });
}

const VERSION = "1";

const wholes = new Map<string, ExploreReport>();

/** One search of it all, made once. */
function whole(subject: Subject, options: ExploreOptions = {}): ExploreReport {
  const key = JSON.stringify([subject.named.name, subject.mutant?.id, options]);
  const report = wholes.get(key) ?? explore(subject, options);
  wholes.set(key, report);
  return report;
}

const NO_BOUNDS = { maxStates: Number.MAX_SAFE_INTEGER };

describe.each(SIZES)("%s", (size) => {
  const subject = { named: peer(size) };

  it.each([1, 2, 3])("is the same in %i parts that exchange states", async (of) => {
    for (const por of [true, false]) {
      const { states, transitions, depth } = whole(subject, { por });
      const result = await searchTogether(members(subject, por, of), NO_BOUNDS);
      expect(result).toMatchObject({ states, transitions, depth });
    }
  });

  it.each([1, 2, 5])("is the same in %i shards that are joined", (of) => {
    expect(join(subject, shardsOf(subject, of))).toEqual(whole(subject));
  });
});

function shardsOf(subject: Subject, of: number, options = {}): ShardReport[] {
  const files = Array.from({ length: of }, (_, index) => {
    const shard = atOnce(exploringShard(subject, options, { index, of }, VERSION));
    return { name: `${index}.json`, text: JSON.stringify(shard) };
  });
  return readShards(files, VERSION);
}

describe("a bound", () => {
  const subject = { named: peer("2F2I") };
  const bounds = { maxStates: 100 };

  it("cuts one search at so many states, parts at the end of a level, shards each for itself", async () => {
    const one = explore(subject, { bounds });
    const parts = await searchTogether(members(subject, true, 2), bounds);
    const shards = join(subject, shardsOf(subject, 2, { bounds }));
    const cut = [one, parts, shards];
    expect(cut.map((result) => [result?.bound, result?.states])).toEqual([
      ["max-states", 100],
      ["max-states", 106],
      ["max-states", 71],
    ]);
    expect([one.complete, shards.complete]).toEqual([false, false]);
  });
});

describe("what fails", () => {
  const subject = peerMutant("peer-4");

  it("is given up by parts, to be searched by one", async () => {
    expect(await searchTogether(members(subject, true, 2), NO_BOUNDS)).toBeUndefined();
  });

  it.each(["bfs", "random", "pct"] as const)("is the same after a join (%s)", (strategy) => {
    const options = { strategy, bounds: { runs: 2_001 } };
    expect(join(subject, shardsOf(subject, 3, options))).toEqual(whole(subject, options));
  });
});

describe("shards", () => {
  const [first, second] = shardsOf({ named: peer("1F1I") }, 2) as [ShardReport, ShardReport];
  const file = (shard: object, name = "a") => ({ name, text: JSON.stringify(shard) });

  it("are incomplete alone", () => {
    expect(first).toMatchObject({ complete: false, bound: "shard" });
    const report = join({ named: peer("1F1I") }, [second]);
    expect(report).toMatchObject({ complete: false, bound: "missing-shards" });
  });

  it.each([
    ["no JSON", [{ name: "a", text: "x" }]],
    ["another file", [file({ scenario: "peer/1F1I" })]],
    ["one shard twice", [file(first), file(first, "b")]],
    ["another search", [file(first), file(changed(second, { scenario: "peer/2F2I" }), "b")]],
    ["another mutant", [file(first), file(changed(second, { mutant: "peer-1" }), "b")]],
    ["another form of it", [file(first), file(changed(second, { content: "0" }), "b")]],
    ["another version of mmreplay", [file(changed(first, { version: "0" }))]],
  ])("are refused: %s", (_, files) => {
    expect(() => readShards(files, VERSION)).toThrow(/^[ab]: E_SHARD: found /);
  });

  it("are refused when notes are cut off, or a figure was changed", () => {
    for (const damage of [
      { notes: first.notes.slice(0, first.notes.length / 2) },
      { states: first.states + 1 },
      { bound: undefined, complete: true },
      { version: undefined },
    ]) {
      const damaged = file({ ...first, ...damage });
      expect(() => readShards([damaged], VERSION)).toThrow(/found a shard that was changed/);
    }
  });

  it("are refused whichever character of them is another", () => {
    const { text } = file(first);
    for (const at of everyNth(text, 97)) {
      expect(() => readShards([{ name: "a", text: misspelt(text, at) }], VERSION)).toThrow(
        /E_SHARD/,
      );
    }
  });

  it("are taken as --json and --timing print them", () => {
    const printed = { schemaVersion: 1, ...first, timing: { searchSeconds: 1 } };
    const text = JSON.stringify(printed, null, 2);
    expect(readShards([{ name: "a", text }], VERSION)).toEqual([first]);
  });

  it("are joined to an end although notes are out of order", () => {
    const note = (key: number, distance: number) => [key, key, distance, 1];
    const notes = Int32Array.from([...note(1, 5), ...note(2, 0), ...note(1, 3)]);
    expect(joined([notes, notes.slice(0, 6)])).toMatchObject({ states: 2 });
  });
});

/** The same with other fields, sealed again: nothing is damaged, but it is another. */
function changed(shard: ShardReport, fields: Partial<ShardReport>): ShardReport {
  const { checksum, ...content } = shard;
  return sealed({ ...content, ...fields });
}

/** Every so many places of a text. */
const everyNth = (text: string, distance: number): number[] =>
  Array.from({ length: Math.floor(text.length / distance) }, (_, i) => Math.floor(i * distance));

/** The text with another digit or letter there. */
function misspelt(text: string, at: number): string {
  const instead = text[at] === "7" ? "8" : "7";
  return `${text.slice(0, at)}${instead}${text.slice(at + 1)}`;
}

describe("a search that is cut", () => {
  const subject = { named: peer("2F2I1R") };
  const cut = (options: object, text?: string) => {
    const file = text === undefined ? undefined : { name: "f", text };
    return atOnce(exploringFrom(subject, options, VERSION, file));
  };

  it("goes on as if it had not been", () => {
    let text: string | undefined;
    for (const maxStates of [1, 2, 1_000, 20_000]) {
      const { report, file } = cut({ bounds: { maxStates } }, text);
      expect(report).toMatchObject({ complete: false, bound: "max-states", states: maxStates });
      text = file;
    }
    const last = cut({}, text);
    expect(last).toEqual({ report: whole(subject) });
  });

  it("is interrupted between two states, and goes on", () => {
    let asked = 0;
    const { report, file } = cut({ stopped: () => ++asked > 3 });
    expect(report).toMatchObject({ complete: false, bound: "interrupted" });
    expect(cut({}, file).report).toEqual(whole(subject));
  });

  it("finds what fails after the cut", () => {
    const bug = peerMutant("peer-8");
    const options = { bounds: { maxStates: 500 } };
    const { file = "" } = atOnce(exploringFrom(bug, options, "1"));
    const { report } = atOnce(exploringFrom(bug, {}, "1", { name: "f", text: file }));
    expect(report).toEqual(whole(bug));
  });

  it("goes on only with the same search", () => {
    const { file } = cut({ bounds: { maxStates: 10 } });
    expect(() => cut({ por: false }, file)).toThrow(/^f: E_RESUME: found a search with por true/);
    const other = atOnce(exploringFrom(subject, { bounds: { maxStates: 10 } }, "2")).file;
    expect(() => cut({}, other)).toThrow(/found a search with version "2"/);
    expect(() => cut({}, "{}")).toThrow(/^f: E_RESUME: found something else/);
  });

  it("goes on only with the scenario as it was", () => {
    const { file = "" } = cut({ bounds: { maxStates: 10 } });
    const edited = { ...subject.named, rules: subject.named.rules.slice(1) };
    const goOn = () =>
      atOnce(exploringFrom({ named: edited }, {}, VERSION, { name: "f", text: file }));
    expect(goOn).toThrow(/^f: E_RESUME: found a search with content /);
  });

  it("does not go on from a file in which a number was changed, or a part is missing", () => {
    const { file = "" } = cut({ bounds: { maxStates: 500 } });
    const said = JSON.parse(file);
    for (const damage of [
      { state: 1_000_000 },
      { transitions: said.transitions + 1_000 },
      { definitions: undefined },
      { rows: said.rows.slice(0, said.rows.length / 2) },
      { checksum: undefined },
    ]) {
      const damaged = JSON.stringify({ ...said, ...damage });
      expect(() => cut({}, damaged)).toThrow(/^f: E_RESUME: found a file that was changed/);
    }
  });

  it("does not go on from a file of which any character is another", () => {
    const { file = "" } = cut({ bounds: { maxStates: 50 } });
    for (const at of everyNth(file, file.length / 25)) {
      expect(() => cut({}, misspelt(file, at))).toThrow(/E_RESUME/);
    }
  });
});
