import { describe, expect, it } from "vitest";
import {
  createNameCache,
  createTextCache,
} from "../../../../packages/events/src/import/text-cache.ts";

describe("the cache of names", () => {
  it("gives each text its own value, however many names share a slot", () => {
    const cache = createTextCache((text) => ({ text }));
    const names = Array.from({ length: 5000 }, (_, i) => `p${(i * 7919) % 5000}`);
    for (const name of [...names, ...names]) {
      expect(cache(`x ${name} y`, 2, 2 + name.length).text).toBe(name);
    }
  });

  it("tells texts apart that differ in a character that is not hashed", () => {
    const cache = createNameCache();
    const long = "a".repeat(200);
    for (let at = 0; at < long.length; at += 1) {
      const changed = `${long.slice(0, at)}b${long.slice(at + 1)}`;
      expect(cache(changed, 0, changed.length)).toBe(changed);
      expect(cache(long, 0, long.length)).toBe(long);
    }
  });

  it("makes the value of a text once, unless it is too long to be a name", () => {
    const cache = createTextCache((text) => ({ text }));
    expect(cache("a name", 2, 6)).toBe(cache("name", 0, 4));
    expect(cache("", 0, 0)).toEqual({ text: "" });
    const long = "x".repeat(1000);
    expect(cache(long, 0, 1000)).toEqual({ text: long });
    expect(cache(long, 0, 1000)).not.toBe(cache(long, 0, 1000));
  });
});
