/**
 * Nothing but the choices decides a run: every scenario, and some that are drawn, run twice to the same hash.
 */
import { type NamedScenario, SCENARIOS } from "@mmreplay/core";
import { stateHash } from "@mmreplay/events";
import { drawnWorkload } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { walkAtRandom } from "../../packages/replay/src/explore/random-walk.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";

function hashOf(named: NamedScenario, seed: number): string {
  const run = new ScenarioRun(named);
  walkAtRandom(run, seed);
  return stateHash({ state: run.state, events: run.events });
}

const drawn = Array.from({ length: 40 }, (_, round) => drawnWorkload(5, String(round)));

describe("a scenario run twice with the same choices ends in the same state", () => {
  it.each([...SCENARIOS, ...drawn].map((named) => [named.name, named] as const))(
    "%s",
    (_, named) => {
      for (const seed of [1, 2]) expect(hashOf(named, seed)).toBe(hashOf(named, seed));
    },
  );

  it("and other choices lead to other runs", () => {
    const hashes = SCENARIOS.map(
      (named) => new Set([1, 2, 3, 4].map((s) => hashOf(named, s))).size,
    );
    expect(hashes.filter((size) => size > 1).length).toBeGreaterThan(hashes.length / 2);
  });
});
