/**
 * Every event that the schema allows survives its journal line.
 */
import { decodeEvent, EVENT_TYPES, encodeEvent } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
