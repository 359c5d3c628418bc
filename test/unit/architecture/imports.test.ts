import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import {
  allSources,
  importsOf,
  PACKAGES,
  type PackageName,
  places,
  sourcesOf,
  viewerSources,
} from "./sources.ts";

/** What a package may import from outside; `node:` only where input and output are. */
const ALLOWED: Readonly<Record<PackageName, readonly string[]>> = {
  events: ["zod"],
  core: ["@mmreplay/events", "immer"],
  replay: ["@mmreplay/events", "@mmreplay/core", "rxjs", "immer", "commander", "fast-check"],
};

function isAllowed(name: PackageName, from: string): boolean {
  return ALLOWED[name].includes(from) || (name === "replay" && from.startsWith("node:"));
}

describe("imports go one way: events <- core <- replay <- test", () => {
  it("imports of every form are seen", () => {
    const text = [
      'import "a";',
      'import { type B, b } from "b";',
      'import {\n  c,\n} from "c";',
      'export * from "d";',
      'export { e } from "e";',
      'const f = await import("f");',
      'export const g = "g";',
      '// import "h";',
    ].join("\n");
    const source = { path: "", inner: "", text, lines: [] };
    expect(importsOf(source)).toEqual(["a", "b", "c", "d", "e", "f"]);
    for (const name of PACKAGES) expect(sourcesOf(name).flatMap(importsOf)).not.toEqual([]);
  });

  it.each(PACKAGES)("%s imports what stands below it, by its door", (name) => {
    const wrong = sourcesOf(name).flatMap((source) =>
      importsOf(source)
        .filter((from) => !from.startsWith(".") && !isAllowed(name, from))
        .map((from) => `${source.path} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(PACKAGES)("a relative import of %s stays inside and names a .ts file", (name) => {
    const files = new Set(sourcesOf(name).map(({ inner }) => inner));
    const wrong = sourcesOf(name).flatMap((source) =>
      importsOf(source)
        .filter((from) => from.startsWith("."))
        .filter((from) => !files.has(normalize(join(dirname(source.inner), from))))
        .map((from) => `${source.path} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  it("the page imports preact, what runs in a browser, and no node", () => {
    const allowed = [
      ...ALLOWED.events,
      ...ALLOWED.core,
      "@mmreplay/core",
      "preact",
      "preact/hooks",
    ];
    const wrong = viewerSources().flatMap((source) =>
      importsOf(source)
        .filter((from) => !from.startsWith(".") && !allowed.includes(from))
        .map((from) => `${source.path} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  it("index.ts is the only door: nobody imports it from inside, nothing else re-exports", () => {
    for (const source of allSources()) {
      if (source.inner === "index.ts") continue;
      expect(source.inner, "no other barrels").not.toMatch(/(^|\/)index\.ts$/);
      expect(
        importsOf(source).filter((from) => from.endsWith("/index.ts")),
        source.path,
      ).toEqual([]);
    }
    const inner = allSources().filter(({ inner: at }) => at !== "index.ts");
    expect(places(inner, /^export (\*|(type )?\{[^}]*\}) from/)).toEqual([]);
  });

  it("a package has no default exports", () => {
    expect(places(allSources(), /^export default\b/)).toEqual([]);
  });
});
