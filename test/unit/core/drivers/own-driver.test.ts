/**
 * What is no driver is refused with one sentence, where it is defined or where a step answers.
 */
import { type Driver, type DriverDefinition, defineDriver } from "@mmreplay/core";
import { assertDriver, checkDriver } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";

type Definition = DriverDefinition<string, string, string>;

const INVALIDATE = { start: { do: "return", result: true } } as const;
const RIGHT: Definition = {
  name: "mine",
  variables: { count: 0 },
  faultPath: {
    start: { do: "read_begin", next: "done" },
    done: { do: "return", result: "stored" },
  },
  invalidate: INVALIDATE,
};

/** A definition as a program without types may give it. */
const given = (changed: object): Driver =>
  defineDriver({ ...RIGHT, ...changed } as unknown as Definition);

const fault = (steps: object): Driver =>
  given({ faultPath: { ...RIGHT.faultPath, ...steps } as object });

const WRONG: readonly (readonly [string, () => Driver, string])[] = [
  ["a name with a colon", () => given({ name: "a:b" }), 'found "a:b", expected a name of letters'],
  ["no start", () => given({ invalidate: {} }), "found no label start in invalidate"],
  [
    "a label with a dot",
    () => fault({ "a.b": { do: "lock", next: "done" } }),
    'found the label "a.b" in faultPath, expected a word',
  ],
  [
    "a label that is not there",
    () => fault({ start: { do: "lock", next: "dome" } }),
    'found next: "dome" at faultPath.start, expected a label of faultPath. Did you mean "done"?',
  ],
  [
    "a check that leads nowhere",
    () => fault({ start: { do: "read_retry", next: "done" } }),
    "found no retry at faultPath.start",
  ],
  [
    "an action that is none",
    () => fault({ start: { do: "read_retri", next: "done" } }),
    'found "read_retri" at faultPath.start',
  ],
  ["a step that is none", () => fault({ start: null }), "found no action at faultPath.start"],
  [
    "an action of the other half",
    () => fault({ start: { do: "set_seq", next: "done" } }),
    'found "set_seq" at faultPath.start',
  ],
  [
    "a result that is none",
    () => fault({ done: { do: "return", result: true } }),
    "found the result true at faultPath.done",
  ],
  [
    "a loop of goto",
    () => fault({ start: { do: "goto", next: "on" }, on: { do: "goto", next: "start" } }),
    "found a loop of goto from faultPath.start, expected a step that does something",
  ],
  [
    "a variable that is not declared",
    () => fault({ start: { do: "set", variables: { cound: 1 }, next: "done" } }),
    'found the variable cound at faultPath.start, expected one that the driver declares. Did you mean "count"?',
  ],
  [
    "a variable that is no integer",
    () => given({ variables: { count: 0.5 } }),
    "found count = 0.5, expected an integer",
  ],
  [
    "a page that is none",
    () => fault({ start: { do: "clear", startPage: -1, next: "done" } }),
    "found startPage -1 at faultPath.start",
  ],
  ["no passes", () => given({ maxTries: 0 }), "found maxTries = 0"],
  [
    "a part that is misspelt",
    () => given({ maxTrys: 3 }),
    'found the part "maxTrys" of a driver, expected one of name, faultPath, invalidate, variables, maxTries. Did you mean "maxTries"?',
  ],
  [
    "a field that is misspelt",
    () => fault({ start: { do: "look_up", next: "done", absnt: "done" } }),
    'found the field "absnt" at faultPath.start, expected one of do, next, absent. Did you mean "absent"?',
  ],
];

const NO_DRIVERS: readonly (readonly [string, unknown, string])[] = [
  ["null", null, "found null, expected an object of name, faultPath"],
  ["a name alone", { name: "x" }, "found no faultPath in a driver, expected an object"],
  ["no variables", { ...given({}), variables: undefined }, "found no variables in a driver"],
  ["steps in a list", { ...given({}), invalidate: [] }, "found invalidate = [] in a driver"],
];

let calls = 0;

const WRONG_WHEN_RUN: readonly (readonly [string, Driver, string])[] = [
  [
    "leads to no label",
    fault({ start: () => ({ do: "lock", next: "gone" }) }),
    'found next: "gone" at faultPath.start',
  ],
  [
    "goes round",
    fault({ start: () => ({ do: "goto", next: "start" }) }),
    "found a loop of goto from faultPath.start",
  ],
  [
    "throws",
    fault({
      start: () => {
        throw new Error("no");
      },
    }),
    "found faultPath.start, which throws Error: no",
  ],
  [
    "remembers something itself",
    fault({ start: () => ({ do: "clear", startPage: calls++, next: "done" }) }),
    "found two answers of faultPath.start to one view",
  ],
  [
    "looks at tries, which nobody counts",
    fault({
      start: ({ tries }: { tries: number }) => ({ do: "goto", next: tries > 2 ? "a" : "b" }),
    }),
    "found a look at tries by a driver without maxTries, expected maxTries beside it",
  ],
  ["answers nothing", fault({ start: () => undefined }), "found no action at faultPath.start"],
];

describe("a definition that is no driver", () => {
  it.each(WRONG)("%s", (_, define, message) => {
    expect(define).toThrow(`E_DRIVER: ${message}`);
  });

  it("its sentence says what to do", () => {
    expect(() => given({ variables: { count: 0.5 } })).toThrow(
      /^E_DRIVER: found .*, expected an integer\. Give it a number to begin with\.$/,
    );
  });
});

describe("what was not made by defineDriver", () => {
  it.each(NO_DRIVERS)("%s is one sentence", (_, driver, message) => {
    expect(() => assertDriver(driver as Driver)).toThrow(`E_DRIVER: ${message}`);
  });
});

describe("a step whose function", () => {
  it.each(WRONG_WHEN_RUN)("%s is an error, and no finding", (_, driver, message) => {
    expect(() => checkDriver(driver, { scenarios: ["driver/alone"] })).toThrow(
      `E_DRIVER: ${message}`,
    );
  });
});
