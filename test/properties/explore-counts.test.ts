/**
 * Numbers of states, steps and levels that Spin, TLA+ and a packed explorer agree on (../shared/peers).
 *
 * A usual run leaves out sizes of more than 100,000 states where all of them are visited, and where most are;
 * MMREPLAY_WHOLE has them. With all reductions each size is searched.
 */
import { describe, expect, it } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { stateGraph } from "../../packages/replay/src/explore/state-graph.ts";
import { peer, peerMutant } from "../support/explored.ts";
import { WHOLE } from "../support/sample.ts";

/** Spin counts the first state as a transition. */
const EXACT = [
  ["1F1I", 68, 100, 14],
  ["2F1I", 523, 1_007, null],
  ["1F2I", 747, 1_494, null],
  ["2F2I", 6_869, 16_425, 28],
  ["3F2I", 68_487, 188_962, 34],
  ["2F3I", 76_859, 223_482, null],
  ["1F1I1R", 1_371, 3_045, null],
  ["2F1I1R", 10_991, 29_852, null],
  ["1F2I1R", 23_002, 63_343, null],
  ["2F2I1R", 221_360, 704_541, 47],
  ["2F2I1R-mixed", 113_552, 367_241, null],
  ["3F2I1R", 2_284_871, 8_180_086, 53],
] as const;

/** Sizes that are visited whole. */
const VISITED = EXACT.filter(([, states]) => WHOLE || states < 100_000);

const MERGED = [
  ["2F2I", 2_149],
  ["3F2I", 8_646],
  ["3F3I", 53_755],
  ["2F2I1R", 68_051],
  ["3F2I1R", 283_310],
] as const;

/** Spin with the seeded bug, going on behind what fails (`pan -c0`). */
const SEEDED = [
  ["peer-1", 69, 99],
  ["peer-2", 75, 111],
  ["peer-3", 68, 103],
  ["peer-4", 2_021, 4_555],
  ["peer-6", 826, 1_634],
  ["peer-7", 1_435, 3_227],
  ["peer-8", 27_578, 74_306],
  ["peer-9", 1_284, 2_834],
] as const;

describe("with a seeded bug and no rule that would end the search", () => {
  it.each(SEEDED)("%s has %i states", (id, states, transitions) => {
    const { named, mutant } = peerMutant(id);
    const subject = { named: { ...named, rules: [] }, mutant };
    const report = explore(subject, { symmetry: false, por: false });
    expect(report).toMatchObject({ complete: true, states, transitions: transitions - 1 });
  });

  it("peer-5, in which some cannot go on, has 1,321 states", () => {
    const { named, mutant } = peerMutant("peer-5");
    const { states, steps } = stateGraph(named, mutant);
    expect([states.size, steps.size]).toEqual([1_321, 2_938 - 1]);
  });
});

describe("without reductions", () => {
  it.each(VISITED)("%s has %i states", (size, states, transitions, depth) => {
    const report = explore({ named: peer(size) }, { symmetry: false, por: false });
    expect(report).toMatchObject({ complete: true, states, transitions: transitions - 1 });
    if (depth !== null) expect(report.depth).toBe(depth);
  });
});

describe("with like tasks merged", () => {
  it.each(MERGED.filter(([, states]) => WHOLE || states < 100_000))(
    "%s has %i states",
    (size, states) => {
      const report = explore({ named: peer(size) }, { por: false });
      expect(report).toMatchObject({ complete: true, states });
    },
  );
});

describe("depth-first", () => {
  it.each(VISITED.slice(0, 10))("%s has the same states and steps", (size, states, transitions) => {
    const options = { strategy: "dfs", symmetry: false, por: false } as const;
    const report = explore({ named: peer(size) }, options);
    expect(report).toMatchObject({ complete: true, states, transitions: transitions - 1 });
  });
});

describe("with all reductions", () => {
  it.each(EXACT)("%s is clean, in fewer states", (size, states) => {
    const report = explore({ named: peer(size) });
    expect(report).toMatchObject({ complete: true, findings: [], reductions: { por: true } });
    expect(report.states).toBeLessThan(states);
  });
});
