import { SCENARIOS, scenarioOfFile } from "@mmreplay/core";
import { type ScenarioFile, SimError } from "@mmreplay/events";
import { describe, expect, it } from "vitest";

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
      "a rule that a search cannot ask",
      { rules: ["K-I33"], tasks: { E: [{ exit: true }] } },
      /"rules": .*found "K-I33", expected one of K-I1, /,
    ],
  ])("with %s is refused at its place", (_, more, pattern) => {
    expect(refusal(more)).toMatch(pattern);
  });
});
