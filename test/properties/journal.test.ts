/**
 * Every event that the schema allows survives its journal line, and the fast checks pass nothing that it refuses.
 */
import { decodeEvent, EVENT_TYPES, encodeEvent, eventUnionSchema } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitsEvent } from "../../packages/events/src/journal/fits.ts";
import { ANY_EVENT } from "../support/arbitrary-event.ts";

describe("a journal line", () => {
  it.each(EVENT_TYPES)("keeps any %s", (type) => {
    const any = ANY_EVENT.get(type);
    if (any === undefined) throw new Error(`no arbitrary for ${type}`);
    fc.assert(
      fc.property(any, (event) => {
        const line = encodeEvent(event);
        expect(line.endsWith("\n")).toBe(true);
        expect(line.slice(0, -1)).toMatch(/^[\x20-\x7e]*$/);
        const read = decodeEvent(line.slice(0, -1), "run.jsonl", event.index);
        expect(read).toStrictEqual(event);
        expect(encodeEvent(read)).toBe(line);
      }),
      { seed: 77, numRuns: 40 },
    );
  });
});

/** Values that are wrong in most places, and right in some. */
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(-1, 0, 1, -4095, 0.5, 2 ** 53, "", "exact", "0x0000000000001000", [
    [1, 2],
  ]),
);

const anyDamage = fc.record({ place: fc.nat(), value: anyValue, how: fc.nat({ max: 3 }) });

/** An event with one field more, one less, or another value somewhere. */
function damaged(
  event: object,
  { place, value, how }: { place: number; value: unknown; how: number },
) {
  const fields = Object.entries(event);
  const at = place % fields.length;
  const [key = ""] = fields[at] ?? [];
  if (how === 0) return Object.fromEntries(fields.toSpliced(at, 1));
  if (how === 1) return { ...event, [`${key}s`]: value };
  if (how === 2) return JSON.parse(`{"__proto__":1,${JSON.stringify(event).slice(1)}`) as object;
  return { ...event, [key]: value };
}

describe("the fast checks of a journal's reader", () => {
  it.each(EVENT_TYPES)("pass any %s, which the schema gives back as it is", (type) => {
    const any = ANY_EVENT.get(type);
    if (any === undefined) throw new Error(`no arbitrary for ${type}`);
    fc.assert(
      fc.property(any, (event) => {
        const value: unknown = JSON.parse(JSON.stringify(event));
        expect(fitsEvent(value)).toBe(!JSON.stringify(event).includes('"__proto__"'));
        expect(eventUnionSchema.parse(value)).toStrictEqual(value);
      }),
      { seed: 78, numRuns: 40 },
    );
  });

  it.each(EVENT_TYPES)("pass no damaged %s that the schema refuses or reads otherwise", (type) => {
    const any = ANY_EVENT.get(type);
    if (any === undefined) throw new Error(`no arbitrary for ${type}`);
    fc.assert(
      fc.property(any, anyDamage, (event, damage) => {
        const value: unknown = JSON.parse(JSON.stringify(damaged(event, damage)));
        const result = eventUnionSchema.safeParse(value);
        expect(fitsEvent(value)).toBe(result.success);
        if (result.success) expect(result.data).toStrictEqual(value);
      }),
      { seed: 79, numRuns: 60 },
    );
  });

  it("pass nothing that is no object with a type", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fitsEvent(value)).toBe(false);
      }),
      { seed: 80 },
    );
  });

  it("leave to the schema what it reads otherwise: a call's argument with a reserved name", () => {
    const line = '{"index":0,"type":"mmget","task":0,"mm":0,"set":{"__proto__":1,"a":2}}';
    expect(fitsEvent(JSON.parse(line))).toBe(false);
    expect(decodeEvent(line, "run.jsonl", 0).set).toEqual({ a: 2 });
  });
});
