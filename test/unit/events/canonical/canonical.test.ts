import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CANONICAL_DEPTH_MAX,
  canonical,
} from "../../../../packages/events/src/canonical/canonical.ts";

/** The same value with the properties of every object set in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, property]) => [key, reversed(property)]),
  );
}

const plainData = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__"));

describe("canonical text", () => {
  it("keys are sorted at every depth and nothing stands between tokens", () => {
    expect(canonical({ b: [1, { d: null, c: "x y" }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"x y","d":null}]}',
    );
  });

  it("keys that look like numbers are sorted as text", () => {
    expect(canonical({ 9: "a", 10: "b", x: "c" })).toBe('{"10":"b","9":"a","x":"c"}');
  });

  it("an undefined property is an absent one", () => {
    expect(canonical({ a: undefined, b: 1 })).toBe(canonical({ b: 1 }));
  });

  it("text is escaped as JSON does, lone surrogates too", () => {
    expect(canonical('"\n\ud800')).toBe('"\\"\\n\\ud800"');
  });

  it("the text is JSON of the same value, whatever the order of the properties", () => {
    fc.assert(
      fc.property(plainData, (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text))).toBe(text);
        expect(canonical(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 20261125 },
    );
  });

  it.each([
    ["undefined in an array", [undefined]],
    ["a hole in an array", new Array(1)],
    ["undefined alone", undefined],
    ["NaN", { a: Number.NaN }],
    ["infinity", [Number.POSITIVE_INFINITY]],
    ["a bigint", { a: 1n }],
    ["a function", { a: () => 1 }],
    ["a symbol", [Symbol("a")]],
    ["a symbol key", { [Symbol("a")]: 1 }],
    ["a Map", { a: new Map() }],
    ["a class instance", [new (class Point {})()]],
  ])("%s is refused", (_, value) => {
    expect(() => canonical(value)).toThrow("assertion failed: canonical data");
  });

  it("a cycle is refused, and so is what is nested too deeply", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => canonical(cycle)).toThrow(`at most ${CANONICAL_DEPTH_MAX} deep`);
    let nested: unknown = 0;
    for (let i = 0; i < CANONICAL_DEPTH_MAX; i += 1) nested = [nested];
    expect(canonical(nested)).toHaveLength(2 * CANONICAL_DEPTH_MAX + 1);
    expect(() => canonical([nested])).toThrow("assertion failed");
  });
});
