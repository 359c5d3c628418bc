/**
 * One text for one value.
 *
 * Two plain values are deeply equal exactly when their canonical texts are equal, whatever the order
 * in which their properties were set. State keys, hashes and comparisons of runs rest on it, so
 * whatever JSON would drop or change in silence is refused: it is a programmer's error in a state.
 * An absent property and one that is `undefined` are the same; -0 is 0.
 */
import { assert } from "../sim-error.ts";

/** Values are nested at most this deep; a cycle is found by it. */
export const CANONICAL_DEPTH_MAX = 200;

/**
 * The canonical JSON text of plain data: no spaces, keys in the order of their UTF-16 code units
 * (so `"10"` stands before `"9"`), properties that are `undefined` left out.
 *
 * Anything but null, booleans, finite numbers, strings, arrays and plain objects is refused by an
 * assertion: `undefined` in an array, NaN, bigint, functions, symbols, class instances, cycles.
 *
 * @example
 * ```ts
 * canonical({ b: [1, true], a: null, c: undefined }); // '{"a":null,"b":[1,true]}'
 * ```
 */
export function canonical(value: unknown): string {
  return textOf(value, 0);
}

function textOf(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      assert(Number.isFinite(value), `canonical data holds ${value}, which JSON has not`);
      return String(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      assert(
        depth < CANONICAL_DEPTH_MAX,
        `canonical data is nested at most ${CANONICAL_DEPTH_MAX} deep and has no cycle`,
      );
      return Array.isArray(value) ? textOfArray(value, depth + 1) : textOfObject(value, depth + 1);
    default:
      throw new Error(`assertion failed: canonical data holds a value of type ${typeof value}`);
  }
}

function textOfArray(values: readonly unknown[], depth: number): string {
  let text = "[";
  for (let i = 0; i < values.length; i += 1) {
    if (i > 0) text += ",";
    text += textOf(values[i], depth);
  }
  return `${text}]`;
}

function textOfObject(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  assert(
    prototype === Object.prototype || prototype === null,
    "canonical data holds plain objects only, no class instances",
  );
  assert(Object.getOwnPropertySymbols(value).length === 0, "canonical data has no symbol keys");
  const record = value as Readonly<Record<string, unknown>>;
  let text = "{";
  for (const key of Object.keys(record).sort()) {
    const property = record[key];
    if (property === undefined) continue;
    if (text !== "{") text += ",";
    text += `${JSON.stringify(key)}:${textOf(property, depth)}`;
  }
  return `${text}}`;
}
