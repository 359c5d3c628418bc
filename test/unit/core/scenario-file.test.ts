import { fileOfScenario, type NamedScenario, SCENARIOS, scenarioOfFile } from "@mmreplay/core";
import { decodeScenario, type ScenarioFile, SimError } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { operationWords } from "../../../packages/replay/src/explore/program-words.ts";

const file = (more: Partial<ScenarioFile>): ScenarioFile => ({
  mmreplay: "scenario",
  version: 1,
  title: "Mine",
  tasks: {},
  ...more,
});
const scenarioOf = (more: Partial<ScenarioFile>) => scenarioOfFile(file(more), "mine", "mine.json");

function refusal(more: Partial<ScenarioFile>): string {
  try {
    scenarioOf(more);
  } catch (error) {
    if (error instanceof SimError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a scenario as a file", () => {
  const written = SCENARIOS.flatMap((named) => {
    try {
      return [{ named, file: fileOfScenario(named) }];
    } catch (error) {
      if (error instanceof SimError) return [];
      throw error;
    }
  });

  it.each(written.map(({ named, file }) => [named.name, named, file] as const))(
    "%s means the same",
    (name, named, file) => {
      const again = scenarioOfFile(decodeScenario(JSON.stringify(file), name), name, name);
      const words = (one: NamedScenario) =>
        one.scenario.programs.map((program) => program.map((op) => operationWords(op, one)));
      expect(words(again)).toEqual(words(named));
      const { programs: _, ...around } = named.scenario;
      expect(again.scenario).toMatchObject(around);
      expect(again.points).toBe(named.points);
      expect(again.rules).toEqual(named.rules);
      expect(again.seqModulus).toBe(named.seqModulus);
      expect(again.tasks).toEqual(named.tasks);
    },
  );

  it("says most presets and races, and refuses what it cannot say", () => {
    expect(written).toHaveLength(25);
    for (const [name, what] of [
      ["K-P16", "its preset_seq"],
      ["race/empty-insertion", "its insert"],
      ["peer/1F1I", "rules that a file cannot name"],
    ]) {
      const named = SCENARIOS.find((one) => one.name === name) as NamedScenario;
      expect(() => fileOfScenario(named)).toThrow(`E_SCENARIO_FILE: found ${what} in ${name}`);
    }
  });
});

describe("a scenario file as a scenario", () => {
  it("means the same as the preset that it writes out", () => {
    const preset = SCENARIOS.find(({ name }) => name === "K-P6");
    const mine = scenarioOf({
      setUp: [
        { insert: "N", pages: [0, 4] },
        { insert: "M", pages: [8, 12] },
      ],
      tasks: {
        A: [{ start: "a", pages: [0, 4] }, { change: "a" }, { end: "a" }],
        B: [{ invalidate: "b", pages: [8, 12] }],
        X: [{ fault: "N" }, { remove: "N" }],
      },
    });
    const shifted = JSON.stringify(preset?.scenario).replace(/"sid":(\d)/g, (_, sid: string) => {
      return `"sid":${Number(sid) - 1}`;
    });
    expect(mine.scenario).toEqual(JSON.parse(shifted));
    expect(mine.tasks).toEqual(preset?.tasks);
    expect(mine.points).toBe(preset?.points);
    expect(mine.rules).toBe(preset?.rules);
  });

  it("asks only the rules that it names", () => {
    const mine = scenarioOf({ rules: ["K-I14"], tasks: { E: [{ exit: true }] } });
    expect(new Set(mine.rules.map(({ id }) => id))).toEqual(new Set(["K-I14"]));
  });

  it.each<[string, Partial<ScenarioFile>, RegExp]>([
    [
      "an empty range",
      { setUp: [{ insert: "N", pages: [4, 4] }] },
      /^mine\.json: "setUp\.0": E_SCENARIO_FILE: found the pages \[4, 4\]/,
    ],
    [
      "a range beyond the last page",
      { tasks: { A: [{ invalidate: "A", pages: [0, 13] }] } },
      /"tasks\.A\.0": .*up to 12/,
    ],
    [
      "a page beyond the last",
      { pages: 2, tasks: { H: [{ populate: 2 }] } },
      /found page 2, expected a page below 2/,
    ],
    [
      "a notifier that nobody inserts",
      { tasks: { R: [{ fault: "N" }] } },
      /found the name "N", expected a notifier that is inserted \(none is\)/,
    ],
    [
      "a region that nobody starts",
      { tasks: { A: [{ start: "A", pages: [0, 1] }, { end: "B" }] } },
      /"tasks\.A\.1": .*the name "B", expected a region that is started \(A\)/,
    ],
    [
      "a region that two tasks start",
      {
        tasks: { A: [{ invalidate: "a", pages: [0, 1] }], B: [{ invalidate: "a", pages: [0, 1] }] },
      },
      /"tasks\.B\.0": .*found the region "a", which A starts, too/,
    ],
    [
      "a change before its start",
      { tasks: { A: [{ change: "a" }, { start: "a", pages: [0, 1] }, { end: "a" }] } },
      /"tasks\.A\.0": .*found the change of a before its start/,
    ],
    [
      "a fault outside of its notifier",
      { setUp: [{ insert: "N", pages: [0, 4] }], tasks: { R: [{ fault: "N", page: 4 }] } },
      /"tasks\.R\.0": .*found a fault of page 4 of N, expected a page of N from 0 to 3/,
    ],
    [
      "a fault of a page that is never there",
      { setUp: [{ insert: "N", pages: [4, 8] }], tasks: { R: [{ fault: "N" }] } },
      /found a fault of page 4, which nobody fills, expected "present": 5 or more, or \{"populate": 4\}/,
    ],
    [
      "a rule that a search cannot ask",
      { rules: ["K-I33"], tasks: { E: [{ exit: true }] } },
      /"rules": .*found "K-I33", expected one of K-I1, /,
    ],
  ])("with %s is refused at its place", (_, more, pattern) => {
    expect(refusal(more)).toMatch(pattern);
  });
});
