import { decodeScenario, SimError } from "@mmreplay/events";
import { describe, expect, it } from "vitest";

const RIGHT = {
  mmreplay: "scenario",
  version: 1,
  title: "A reader and a region",
  setUp: [{ insert: "N", pages: [0, 4] }],
  tasks: { R: [{ fault: "N" }], A: [{ invalidate: "A", pages: [0, 4], nonblock: true }] },
} as const;

function refusal(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  try {
    decodeScenario(text, "mine.json");
  } catch (error) {
    if (error instanceof SimError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

const withTasks = (tasks: unknown) => ({ ...RIGHT, tasks });

describe("a scenario file", () => {
  it("is decoded to what it says", () => {
    expect(decodeScenario(JSON.stringify(RIGHT), "mine.json")).toEqual(RIGHT);
  });

  it.each([
    [
      "no JSON",
      "{",
      /^mine\.json:1:2: E_SCENARIO_JSON: found the end of the text, expected a key in quotes or "}"/,
    ],
    ["a list", [], /^mine\.json:1:1: E_SCENARIO_FILE: found .*expected an object/],
    ["a journal", { mmreplay: "journal" }, /"mmreplay": "journal", expected "scenario"/],
    ["another version", { ...RIGHT, version: 2 }, /"version": 2, expected "1"/],
    ["a field that is misspelt", { ...RIGHT, setup: [] }, /"setup".*Did you mean "setUp"/],
    ["no tasks", { ...RIGHT, tasks: undefined }, /no "tasks", expected an object/],
    ["an empty title", { ...RIGHT, title: "" }, /"title": "", expected at least 1 character/],
    ["no title", { ...RIGHT, title: undefined }, /no "title", expected a string/],
    ["an odd modulus", { ...RIGHT, seqModulus: 9 }, /"seqModulus": 9, expected a multiple of 2/],
    [
      "an unknown bug",
      { ...RIGHT, driver: { bug: "none_at_all" } },
      /"driver.bug".*expected one of/,
    ],
    ["a task without steps", withTasks({ R: [] }), /"tasks.R".*expected at least 1 item\./],
    [
      "a task's name with a space",
      withTasks({ "a b": [{ exit: true }] }),
      /"tasks\.a b": .*expected a key that is a name: a letter, then/,
    ],
    ["too many pages", { ...RIGHT, pages: 65 }, /"pages": 65, expected a number up to 64/],
    [
      "an unknown verb",
      withTasks({ R: [{ falt: "N" }] }),
      /^mine\.json:1:\d+: "tasks\.R\.0": E_SCENARIO_FILE: found the operation "falt".*Did you mean "fault"/,
    ],
    ["an empty operation", withTasks({ R: [{}] }), /"tasks\.R\.0": .*found an empty operation/],
    [
      "a range that is none",
      withTasks({ A: [{ start: "A", pages: 4 }] }),
      /"tasks\.A\.0\.pages": .*found "pages": 4, expected an array/,
    ],
    [
      "a field of another verb",
      withTasks({ R: [{ fault: "N", pages: [0, 1] }] }),
      /"tasks\.R\.0\.pages": .*an unknown field "pages", expected the fields fault, page, count/,
    ],
    [
      "an unknown event",
      withTasks({ A: [{ invalidate: "A", pages: [0, 1], event: "CLAER" }] }),
      /Did you mean "CLEAR"/,
    ],
    [
      "too many tasks",
      withTasks(
        Object.fromEntries(Array.from({ length: 26 }, (_, t) => [`T${t}`, [{ exit: true }]])),
      ),
      /found 26 tasks, expected up to 25 tasks/,
    ],
  ])("with %s is refused in one sentence", (_, value, pattern) => {
    const message = refusal(value);
    expect(message).toMatch(pattern);
    expect(message).not.toContain("\n");
  });

  it.each([
    ['"fault": "N"', '"falt": "N"', /^mine\.json:16:7: "tasks\.R\.0": .*"falt"/],
    ['"fault": "N"', '"fault": "N", "page": -1', /^mine\.json:17:23: "tasks\.R\.0\.page": /],
    ['"nonblock"', '"nonblok"', /^mine\.json:27:9: "tasks\.A\.0\.nonblok": .*an unknown field/],
    ['"title"', '"titel"', /^mine\.json:4:3: "titel": .*Did you mean "title"/],
    [
      '],\n        "nonblock',
      ']\n        "nonblock',
      /^mine\.json:27:9: .*expected a comma or "}"/,
    ],
    [
      '"setUp": [',
      '"setUp": [,',
      /^mine\.json:5:13: E_SCENARIO_JSON: found ",", expected a value or/,
    ],
    ['"version": 1', '"version": 1,\n"version": 1', /^mine\.json:4:1: E_SCENARIO_TWICE/],
  ])("says the line of a mistake: %s as %s", (right, wrong, pattern) => {
    const text = JSON.stringify(RIGHT, null, 2);
    expect(text.replace(right, wrong)).not.toBe(text);
    expect(refusal(text.replace(right, wrong))).toMatch(pattern);
  });

  it("with a key twice is refused, because JSON keeps only the last", () => {
    const text = JSON.stringify(RIGHT).replace('"version":1', '"version":1,"version":1');
    expect(refusal(text)).toMatch(/E_SCENARIO_TWICE: found the key "version" twice/);
  });
});
