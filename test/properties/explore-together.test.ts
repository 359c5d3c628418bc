/**
 * A search in parts, in shards, or in pieces one after the other sees what one search sees.
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
import { atOnce } from "../../packages/replay/src/explore/search.ts";
import { type Member, searchTogether } from "../../packages/replay/src/explore/together.ts";
import { peer, peerMutant } from "../support/explored.ts";

const SIZES = ["1F1I", "2F2I", "1F1I1R", "2F2I1R"] as const;

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
    const shard = atOnce(exploringShard(subject, options, { index, of }));
    return { name: `${index}.json`, text: JSON.stringify(shard) };
  });
  return readShards(files);
}

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
    ["another search", [file(first), file({ ...second, scenario: "peer/2F2I" }, "b")]],
  ])("are refused: %s", (_, files) => {
    expect(() => readShards(files)).toThrow(/^[ab]: E_SHARD: found /);
  });
});

describe("a search that is cut", () => {
  const subject = { named: peer("2F2I1R") };
  const cut = (options: object, text?: string) => {
    const file = text === undefined ? undefined : { name: "f", text };
    return atOnce(exploringFrom(subject, options, "1", file));
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
    expect(() => cut({}, file?.replace('"1"', '"2"'))).toThrow(/found a search with version "2"/);
    expect(() => cut({}, "{}")).toThrow(/^f: E_RESUME: found something else/);
  });
});
