/**
 * The sources that the architecture tests look at.
 *
 * Text is enough for them: no compiler API is needed (TypeScript 7 has none), and the house style
 * keeps what they look for (imports, exports, comments) in a shape that a line tells.
 */
import { readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("../../../", import.meta.url);

/** The packages from the bottom to the top: each may use those before it. */
export const PACKAGES = ["events", "core", "replay"] as const;

/** A package of the workspace. */
export type PackageName = (typeof PACKAGES)[number];

/** One source file. */
export interface Source {
  /** Path from the root of the repository. */
  readonly path: string;
  /** Path below the package's `src`, or below the root for other files. */
  readonly inner: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** The TypeScript sources of a package, without tests. */
export function sourcesOf(name: PackageName): Source[] {
  return below(`packages/${name}/src/`).filter(({ path }) => /\.tsx?$/.test(path));
}

/** The TypeScript sources of all packages, and of the page. */
export function allSources(): Source[] {
  return [...PACKAGES.flatMap(sourcesOf), ...viewerSources()];
}

/** The sources of the page that `view` writes, without its build. */
export function viewerSources(): Source[] {
  return below("packages/replay/viewer/").filter(
    ({ path, inner }) => /\.tsx?$/.test(path) && inner !== "vite.config.ts",
  );
}

/** Every file below a folder of the repository, dependencies and hidden files left out. */
export function below(folder: string): Source[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("//", "/"))
    .map((path) => path.slice(ROOT.pathname.length))
    .filter((path) => !/(^|\/)(node_modules|dist|\.[^/]+)\//.test(path))
    .sort()
    .map((path) => {
      const text = readFileSync(new URL(path, ROOT), "utf8");
      return { path, inner: path.slice(folder.length), text, lines: text.split("\n") };
    });
}

/** The text without comments; what is left keeps its line. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

/** The places at which a pattern is found: `path:line: text`. */
export function places(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path, text }) =>
    withoutComments(text)
      .split("\n")
      .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
}

const IMPORT =
  /^import\s*["']([^"']+)["']|^(?:import|export)\s[^;"'=(]*?\bfrom\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

/** What a file imports or re-exports from. */
export function importsOf({ text }: Source): string[] {
  const found = withoutComments(text).matchAll(IMPORT);
  return [...found].map(([, bare, from, dynamic]) => bare ?? from ?? dynamic ?? "");
}
