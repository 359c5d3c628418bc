/**
 * The reader of places takes what JSON.parse takes, and nothing else.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { placesIn } from "../../packages/events/src/scenario/json-places.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with a few characters put in, or taken out, or both. */
const nearlyJson = fc
  .tuple(fc.json(), fc.nat(), fc.nat({ max: 2 }), fc.string({ maxLength: 2, unit: "binary" }))
  .map(([json, at, out, more]) => {
    const from = at % (json.length + 1);
    return json.slice(0, from) + more + json.slice(from + out);
  });

test("a text is JSON for both or for neither", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), nearlyJson), (text) => {
      expect(placesIn(text).error === undefined).toBe(isJson(text));
    }),
    { seed: 8, numRuns: 2_000 },
  );
  expect(placesIn(JSON.stringify("x".repeat(1 << 20))).error).toBeUndefined();
});
