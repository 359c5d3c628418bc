import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHash, hash64, stateHash } from "../../../../packages/events/src/canonical/hash.ts";

/** FNV-1a as published, with bigints. */
function twin(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1) {
    hash = ((hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn;
  }
  return hash.toString(16).padStart(16, "0");
}

describe("fingerprint", () => {
  it.each([
    ["", "cbf29ce484222325"],
    ["a", "af63dc4c8601ec8c"],
    ["foobar", "85944171f73967e8"],
  ])("the published value of %j", (text, expected) => {
    expect(hash64(text)).toBe(expected);
  });

  it("two 32-bit halves give what 64 bits give", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(hash64(text)).toBe(twin(text));
      }),
      { seed: 20261125 },
    );
  });

  it("two updates are one update with both texts, and a digest may be followed by more", () => {
    const hash = createHash();
    hash.update("foo");
    expect(hash.digest()).toBe(hash64("foo"));
    hash.update("");
    hash.update("bar");
    expect(hash.digest()).toBe(hash64("foobar"));
  });

  it("equal states have equal hashes, other states others", () => {
    expect(stateHash({ a: 1, b: 2 })).toBe(stateHash({ b: 2, a: 1 }));
    expect(stateHash({ a: 1, b: 2 })).not.toBe(stateHash({ a: 2, b: 1 }));
    expect(stateHash({})).toMatch(/^[0-9a-f]{16}$/);
  });
});
