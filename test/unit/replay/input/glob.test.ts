import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { glob, segmentMatches } from "../../../../packages/replay/src/input/glob.ts";

describe("a pattern for a path segment", () => {
  it.each([
    ["*", "trace.txt", true],
    ["*.txt", "trace.txt", true],
    ["*.txt", "trace.txt.gz", false],
    ["t?ace.txt", "trace.txt", true],
    ["t?ace.txt", "tace.txt", false],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    ["*", ".hidden", false],
    [".*", ".hidden", true],
    ["", "", true],
    ["[a].txt", "[a].txt", true],
    ["[a].txt", "a.txt", false],
  ])("%j and %j: %s", (pattern, name, matches) => {
    expect(segmentMatches(pattern, name)).toBe(matches);
  });

  it("matches what the regular expression of the same meaning matches", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        const same = new RegExp(`^${glob.replaceAll("?", ".").replaceAll("*", ".*")}$`);
        expect(segmentMatches(glob, name)).toBe(same.test(name));
      }),
      { seed: 20261126 },
    );
  });

  it("takes no exponential time", () => {
    expect(segmentMatches("*a".repeat(50), "a".repeat(49) + "b".repeat(5000))).toBe(false);
  });
});

describe("glob", () => {
  const folder = mkdtempSync(join(tmpdir(), "mmreplay-glob-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  for (const name of ["b/2.txt", "a/1.txt", "a/3.gz", "a/.x.txt"]) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), "");
  }

  it("finds files through folders, sorted", async () => {
    const expected = ["a/1.txt", "b/2.txt"].map((name) => join(folder, name));
    expect(await glob(join(folder, "*/?.txt"))).toEqual(expected);
  });

  it("finds nothing where there is nothing", async () => {
    expect(await glob(join(folder, "c*/x"))).toEqual([]);
    expect(await glob(join(folder, "a/1.txt/*"))).toEqual([]);
  });
});
