/**
 * What the grammar of conditions takes, and what of the rest may be meant as text.
 */
import { describe, expect, it } from "vitest";
import { type Comparison, holds } from "../../../../packages/replay/src/timeline/comparison.ts";
import {
  termIn,
  termsOf,
  textsOf,
} from "../../../../packages/replay/src/timeline/condition-grammar.ts";

describe("a term", () => {
  it.each([
    ["violation", { kind: "violation", rule: undefined }],
    ["violation K-I14", { kind: "violation", rule: "K-I14" }],
    ["retry", { kind: "retry" }],
    ["  seq ", { kind: "seq" }],
    ["type driver_lock", { kind: "type", name: "driver_lock" }],
    ["task 12", { kind: "task", id: 12 }],
    ["notifier 0", { kind: "notifier", id: 0 }],
    ["page 0x200026000", { kind: "page", page: 0x200026 }],
    ["changes mms[0].subs", { kind: "changes", path: "mms[0].subs" }],
    ["a.b[1] == 3", { kind: "comparison", path: "a.b[1]", operator: "==", wanted: 3 }],
    ["a<=-1.5", { kind: "comparison", path: "a", operator: "<=", wanted: -1.5 }],
    ["a == null", { kind: "comparison", path: "a", operator: "==", wanted: null }],
    ["a != start", { kind: "comparison", path: "a", operator: "!=", wanted: "start" }],
    ['a == "b and c"', { kind: "comparison", path: "a", operator: "==", wanted: "b and c" }],
    ["a == [1, 2]", { kind: "comparison", path: "a", operator: "==", wanted: [1, 2] }],
    ["a > 0x1000", { kind: "comparison", path: "a", operator: ">", wanted: "0x1000" }],
  ])("%j is read whole", (text, term) => {
    expect(termIn(text)).toEqual(term);
  });

  it.each([
    ["seq 7", "mms[0].subs.seq == 7"],
    ["retry banana", '"banana" at the end of "retry banana"'],
    ["violation banana", "the id of a rule"],
    ["violation K-I14 K-I9", '"K-I9" at the end'],
    ["violation K-I14x", '"K-I14x" at the end'],
    ["type driver_lock driver_unlock", '"driver_unlock" at the end'],
    ["task 1 2", '"2" at the end'],
    ["notifier 1 2", '"2" at the end'],
    ["page 0x1000 0x2000", '"0x2000" at the end'],
    ["changes mms[0] mms[1]", '"mms[1]" at the end'],
    ["a == b c", "one value"],
    ["a == 3 4", "one value"],
    ["read_begin(sub0) = 5", "violation, "],
    ["sub->invalidate_seq = 7", "names and places"],
    ["5 -> 7", "names and places"],
    ["no such words", "violation, "],
    ["", "violation, "],
  ])("%j is none, but may be text", (text, expected) => {
    const term = termIn(text);
    expect(term).toMatchObject({ kind: "none", isText: true });
    expect(() => termsOf(text)).toThrow(expected);
  });

  it.each([
    ["a === 2", "the operator ==="],
    ["a =! 2", "the operator =!"],
    ["a <> 2", "the operator <>"],
    ["a == = 2", '"= 2" after =='],
    ["a < b < 3", '"b < 3" after <'],
    ["a ==", "nothing after =="],
    ["a < banana", "banana after <"],
    ["a >= null", "null after >="],
    ['a > "x"', "after >"],
    ["a > true", "a number, or an address"],
    ["type", "type NAME"],
    ["task x", "task N"],
    ["notifier", "notifier N"],
    ["page 12", "page 0xADDRESS"],
    ["changes", "changes PATH"],
    ["changes a..b", "names and places"],
  ])("%j is a mistake, and no text", (text, expected) => {
    expect(termIn(text)).toMatchObject({ kind: "none", isText: false });
    expect(() => termsOf(text)).toThrow(expected);
  });
});

describe("terms", () => {
  it("are joined by and, which is a word like others in quotes", () => {
    expect(textsOf('a == "x and y"  and retry and task 2')).toEqual([
      'a == "x and y"',
      "retry",
      "task 2",
    ]);
    expect(termsOf("violation and retry").map(({ kind }) => kind)).toEqual(["violation", "retry"]);
  });

  it.each(["and", "and retry", "retry and", "retry and and seq", "retry and seq 7"])(
    "%j lacks one",
    (text) => {
      expect(() => termsOf(text)).toThrow("E_CONDITION");
    },
  );
});

describe("a comparison", () => {
  const compared = (value: unknown, operator: Comparison["operator"], wanted: unknown): boolean =>
    holds(value, { kind: "comparison", path: "a", operator, wanted });
  const ADDRESS = "0x0000000200026000";

  it.each([
    [ADDRESS, "==", "0x200026000", true],
    [ADDRESS, "!=", "0x200026000", false],
    [ADDRESS, "<", "0x200026001", true],
    [ADDRESS, "<", "0x200026000", false],
    [ADDRESS, "<=", "0X200026000", true],
    [ADDRESS, ">", "0x3", true],
    [ADDRESS, ">=", "0xFFFFFFFFFFFFFFFF", false],
    ["0xffffffffffffefff", "<", "0xFFFFFFFFFFFFF000", true],
    [ADDRESS, ">", 3, false],
    [3, "<", "0x4", false],
    [9, "<", 10, true],
    ["9", "<", 10, false],
    [null, "<", 1, false],
    [undefined, "<=", "0x1", false],
    ["b", "==", "b", true],
    [undefined, "!=", null, true],
  ] as const)("of %j %s %j is %j", (value, operator, wanted, met) => {
    expect(compared(value, operator, wanted)).toBe(met);
  });
});
