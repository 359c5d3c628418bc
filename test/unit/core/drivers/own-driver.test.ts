/**
 * What is no driver is refused with one sentence, where it is defined or where a step answers.
 */
import { type Driver, type DriverDefinition, defineDriver } from "@mmreplay/core";
import { checkDriver } from "@mmreplay/replay";
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

describe("a step whose function", () => {
  it.each(WRONG_WHEN_RUN)("%s is an error, and no finding", (_, driver, message) => {
    expect(() => checkDriver(driver, { scenarios: ["driver/alone"] })).toThrow(
      `E_DRIVER: ${message}`,
    );
  });
});
