import { describe, expect, it } from "vitest";
import { placesIn } from "../../../../packages/events/src/scenario/json-places.ts";

const TEXT = `{
  "tasks": {
    "R": [{ "fault": "N" },
          { "fault": "M", "page": 3 }]
  },
  "pages": [0,
    4]
}`;

/** `line:column: found what, expected what` of the first place that is no JSON. */
function broken(text: string): string {
  const { error, placeOf } = placesIn(text);
  if (error === undefined) throw new Error("nothing is wrong");
  return `${placeOf(error.offset)} found ${error.found}, expected ${error.expected}`;
}

describe("the places of a JSON text", () => {
  const { at, placeOf, error } = placesIn(TEXT);
  const place = (...path: (string | number)[]): string => placeOf(at(path));

  it("are lines and columns from 1: of a field its key, of an item itself", () => {
    expect(error).toBeUndefined();
    expect(place()).toBe("1:1");
    expect(place("tasks", "R")).toBe("3:5");
    expect(place("tasks", "R", 1)).toBe("4:11");
    expect(place("tasks", "R", 1, "page")).toBe("4:27");
    expect(place("pages", 1)).toBe("7:5");
  });

  it("of what is not there are those of what it should be in", () => {
    expect(place("tasks", "S")).toBe("2:3");
    expect(place("tasks", "R", 0, "page", 7)).toBe("3:11");
  });

  it("are known of a key that would be lost", () => {
    const { lost } = placesIn('{\n "a": 1,\n "b": {"a": 2},\n "a": 3}');
    expect(lost).toEqual({ key: "a", offset: 28 });
    expect(placesIn('{"x": {"__proto__": 1}}').lost?.key).toBe("__proto__");
    expect(placesIn('{"a": {"a": [{"a": 1}, {"a": 1}]}}').lost).toBeUndefined();
  });
});

describe("where a text is no longer JSON", () => {
  it.each([
    ["", "1:1 found the end of the text, expected a value"],
    ['{\n "a": [0, 4,]\n}', '2:13 found "]", expected a value after the comma'],
    ['{\n "a": 1,\n}', '3:1 found "}", expected a key in quotes after the comma'],
    ['{\n "a": 1\n "b": 2}', '3:2 found "b", expected a comma or "}"'],
    ['{"a" 1}', '1:6 found "1", expected a colon'],
    ["{a: 1}", '1:2 found "a: 1}", expected a key in quotes or "}"'],
    ["[1 2]", '1:4 found "2", expected a comma or "]"'],
    ["[01]", '1:3 found "1", expected a comma or "]"'],
    ["[tru]", '1:2 found "tru]", expected a value or "]"'],
    ['["a\n"]', '1:2 found "a", expected a value or "]"'],
    ['["\\x"]', '1:2 found "\\x"]", expected a value or "]"'],
    ["// why\n{}", '1:1 found "// why", expected a value'],
    ["{} {}", '1:4 found "{", expected nothing more'],
    ['{"a": [1', '1:9 found the end of the text, expected a comma or "]"'],
  ])("%j: %s", (text, said) => {
    expect(broken(text)).toBe(said);
    expect(() => JSON.parse(text)).toThrow();
  });

  it("is found in a text that is nested as deeply as it is long", () => {
    expect(broken("[".repeat(1 << 16))).toMatch(/^1:65537 found the end of the text/);
  });
});
