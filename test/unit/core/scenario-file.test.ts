import { fileOfScenario, type NamedScenario, SCENARIOS, scenarioOfFile } from "@mmreplay/core";
import {
  decodeScenario,
  type ScenarioFile,
  type ScenarioFileOperation,
  SimError,
} from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { operationWords } from "../../../packages/replay/src/explore/program-words.ts";

const file = (more: Partial<ScenarioFile>): ScenarioFile => ({
  mmreplay: "scenario",
  version: 1,
  title: "Mine",
  tasks: {},
  ...more,
});
const INSERT_N: ScenarioFileOperation = { insert: "N", pages: [0, 4] };
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
    expect(mine.rules).toEqual(preset?.rules);
  });

  it("asks only the rules that it names", () => {
    const mine = scenarioOf({ rules: ["K-I14"], tasks: { E: [{ exit: true }] } });
    expect(new Set(mine.rules.map(({ id }) => id))).toEqual(new Set(["K-I14"]));
  });

  it("asks what operations may give beside the rules that it names, or that alone", () => {
    const gives = { tasks: { I: [{ ...INSERT_N, gives: [0 as const] }] } };
    const idsOf = (more: Partial<ScenarioFile>) => scenarioOf(more).rules.map(({ id }) => id);
    expect(new Set(idsOf({ rules: ["K-I14"], ...gives }))).toEqual(new Set(["K-I14", "outcome"]));
    expect(idsOf({ rules: ["outcome"], ...gives })).toEqual(["outcome"]);
    expect(idsOf(gives)).toContain("K-I1");
    expect(idsOf({ tasks: { I: [INSERT_N] } })).not.toContain("outcome");
    expect(refusal({ rules: ["outcome"], tasks: { I: [INSERT_N] } })).toContain('found "outcome"');
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
      /found page 2, expected a page from 0 to 1/,
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
      "a notifier that is inserted twice",
      {
        setUp: [
          { insert: "N", pages: [0, 4] },
          { insert: "N", pages: [8, 12] },
        ],
        tasks: { R: [{ fault: "N" }] },
      },
      /"setUp\.1": .*found an insertion of N, which is inserted already, expected \{"remove": "N"\} before/,
    ],
    [
      "a notifier of the set-up that a task inserts again",
      { setUp: [INSERT_N], tasks: { I: [INSERT_N] } },
      /"tasks\.I\.0": .*which is inserted already/,
    ],
    [
      "a second removal",
      { setUp: [INSERT_N], tasks: { X: [{ remove: "N" }, { remove: "N" }] } },
      /"tasks\.X\.1": .*found a removal of N, which is not inserted by then/,
    ],
    [
      "a fault after the removal",
      { setUp: [INSERT_N], tasks: { X: [{ remove: "N" }, { fault: "N" }] } },
      /"tasks\.X\.1": .*found a fault of N, which is not inserted by then/,
    ],
    [
      "a fault before the insertion",
      { tasks: { X: [{ fault: "N" }, INSERT_N] } },
      /"tasks\.X\.0": .*found a fault of N, which is not inserted by then/,
    ],
    [
      "a slot that is registered twice",
      { setUp: [{ register: 0 }], tasks: { X: [{ register: 0 }] } },
      /"tasks\.X\.0": .*found a registration of slot 0, which is registered already/,
    ],
    [
      "a slot that is never registered",
      { tasks: { X: [{ unregister: 2 }] } },
      /"tasks\.X\.0": .*found an unregistration of slot 2, which is not registered by then/,
    ],
    [
      "a region that is started twice",
      {
        tasks: {
          A: [
            { start: "a", pages: [0, 1] },
            { invalidate: "a", pages: [0, 1] },
          ],
        },
      },
      /"tasks\.A\.1": .*found a start of a, which is open, expected \{"end": "a"\} before/,
    ],
    [
      "a change after its end",
      { tasks: { A: [{ invalidate: "a", pages: [0, 1] }, { change: "a" }] } },
      /"tasks\.A\.1": .*found the change of a after its end/,
    ],
    [
      "a second exit",
      { tasks: { E: [{ exit: true }, { exit: true }] } },
      /"tasks\.E\.1": .*found an exit after the exit/,
    ],
    [
      "an invalidation after the exit",
      { tasks: { E: [{ exit: true }, { invalidate: "a", pages: [0, 1] }] } },
      /"tasks\.E\.1": .*found a start after the exit/,
    ],
    [
      "a region of the exit's kind",
      { tasks: { A: [{ invalidate: "a", pages: [0, 1], event: "RELEASE" }] } },
      /"tasks\.A\.0\.event": .*the event RELEASE, expected \{"exit": true\}/,
    ],
    [
      "more pages present than there are",
      { pages: 2, present: 3, tasks: { E: [{ exit: true }] } },
      /"present": .*found "present": 3, expected a number up to 2/,
    ],
    ["no task", { setUp: [INSERT_N] }, /"tasks": .*found no task/],
    [
      "a rule that is misspelt",
      { rules: ["K-I41"], tasks: { E: [{ exit: true }] } },
      /found "K-I41".*Did you mean .*"K-I4"/,
    ],
    [
      "a rule that a search cannot ask",
      { rules: ["K-I33"], tasks: { E: [{ exit: true }] } },
      /"rules\.0": .*found "K-I33", expected one of K-I1, /,
    ],
  ])("with %s is refused at its place", (_, more, pattern) => {
    expect(refusal(more)).toMatch(pattern);
  });

  it.each<[string, Partial<ScenarioFile>]>([
    [
      "a notifier that is removed and inserted again",
      { tasks: { X: [INSERT_N, { remove: "N" }, INSERT_N] } },
    ],
    [
      "a removal in another task than the insertion",
      { tasks: { I: [INSERT_N], X: [{ remove: "N" }, INSERT_N] } },
    ],
    ["an exit in each of two tasks", { tasks: { E: [{ exit: true }], F: [{ exit: true }] } }],
    [
      "a region that is open again after its end",
      {
        tasks: {
          A: [
            { invalidate: "a", pages: [0, 1] },
            { invalidate: "a", pages: [2, 3] },
          ],
        },
      },
    ],
    [
      "a slot that another task may have unregistered",
      { setUp: [{ register: 0 }], tasks: { X: [{ register: 0 }], U: [{ unregister: 0 }] } },
    ],
    [
      "a start that may be refused and has no end",
      { tasks: { A: [{ start: "a", pages: [0, 1], nonblock: true }] } },
    ],
  ])("with %s is one that some run carries out", (_, more) => {
    expect(() => scenarioOf(more)).not.toThrow();
  });

  it("is refused at its line where its text is given", () => {
    const text = `{
  "mmreplay": "scenario", "version": 1, "title": "Mine",
  "tasks": {
    "R": [
      { "fault": "N" }
    ]
  }
}`;
    const read = () => scenarioOfFile(decodeScenario(text, "f"), "f", "dir/f.json", text);
    expect(read).toThrow(
      'dir/f.json:5:7: "tasks.R.0": E_SCENARIO_FILE: found the name "N", expected a notifier that is inserted (none is). Write {"insert": "N", "pages": [0, 4]} before it.',
    );
  });
});
