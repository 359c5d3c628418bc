/**
 * A run that is called a shortest one is: no state nearer by breadth-first search fails, whatever kind of
 * failure it is. A state that fails as it stands is one step nearer than one that fails by a move.
 *
 * A usual run takes one mutant for each rule, MMREPLAY_WHOLE all of them.
 */
import { type NamedScenario, SCENARIOS, ZOO } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { scenarioOfText } from "../../packages/replay/src/explore/named.ts";
import type { Subject } from "../../packages/replay/src/explore/prepare.ts";
import { exploringFrom } from "../../packages/replay/src/explore/resume.ts";
import { atOnce } from "../../packages/replay/src/explore/search.ts";
import { failureOf, leastFailure, peer, peerMutant } from "../support/explored.ts";
import { ofEachKind, whatBreaks } from "../support/sample.ts";

/** The reader stores without a check, or sleeps for ever: a step earlier, and behind more states. */
const DEADLOCK_BEHIND = scenarioOfText({
  place: "cert.json",
  text: JSON.stringify({
    mmreplay: "scenario",
    version: 1,
    title: "A reader that does not check, beside a start that never ends",
    driver: { bug: "no_retry_check" },
    rules: ["K-I14"],
    setUp: [{ insert: "N", pages: [0, 4] }],
    tasks: {
      R: [{ fault: "N" }],
      A: [{ start: "A", pages: [0, 4] }],
      B: [{ populate: 1 }, { populate: 2 }],
    },
  }),
});

describe("a deadlock that lies behind a broken rule in the same level", () => {
  const subject = { named: DEADLOCK_BEHIND };

  it.each([{}, { por: false }, { symmetry: false }, { por: false, symmetry: false }])(
    "is the shorter one, with %o",
    (options) => {
      const [finding] = explore(subject, options).findings;
      expect(finding).toMatchObject({ rule: "deadlock", length: 8, certified: true });
      expect(failureOf(subject, finding?.schedule ?? "")).toBe("deadlock");
    },
  );

  it("is the shorter one after a cut, too", () => {
    const { file = "" } = atOnce(exploringFrom(subject, { bounds: { maxStates: 60 } }, "1"));
    const { report } = atOnce(exploringFrom(subject, {}, "1", { name: "f", text: file }));
    expect(report.findings).toMatchObject([{ rule: "deadlock", length: 8, certified: true }]);
  });
});

describe("a level that is left when a search is interrupted", () => {
  it("certifies nothing: the run is told, and the bound", () => {
    const subject = { named: peer("3F2I1R"), mutant: peerMutant("peer-1").mutant };
    const seen = new Set<string>();
    for (let stopAt = 0; !seen.has("certified"); stopAt++) {
      let asked = 0;
      const stopped = () => ++asked > stopAt;
      const { findings, bound } = explore(subject, { por: false, symmetry: false, stopped });
      const [finding] = findings;
      expect(bound).toBe(finding?.certified === true ? undefined : "interrupted");
      seen.add(finding === undefined ? "nothing" : finding.certified ? "certified" : "found");
    }
    expect([...seen]).toEqual(["nothing", "found", "certified"]);
  });
});

const scenarioOf = (name: string): NamedScenario =>
  SCENARIOS.find((one) => one.name === name) as NamedScenario;

/** The rules of the scenario, the mutant's alone, and none: then only waiting is wrong. */
const CASES = ofEachKind(ZOO, whatBreaks).flatMap((mutant): [string, string, Subject][] => {
  const named = scenarioOf(mutant.scenario);
  const only = named.rules.filter(({ id }) => id === mutant.rule);
  const sets = { "all rules": named.rules, "its rule": only, "no rule": [] };
  return Object.entries(sets).map(([which, rules]) => {
    return [mutant.id, which, { named: { ...named, rules }, mutant }];
  });
});

describe("the certified length", () => {
  it.each(CASES)("of %s with %s is the least of all failures", (_, __, subject) => {
    const { findings, bound } = explore(subject, { bounds: { maxLassoStates: 0 } });
    const least = leastFailure(subject);
    expect(bound).toBeUndefined();
    expect(findings[0]?.length).toBe(least);
    expect(findings[0]?.certified ?? true).toBe(true);
  });
});
