/**
 * The examples of the TSDoc comments, as programs.
 *
 * Each ts block after an `@example` becomes a module: the names that it uses are imported from the
 * doors of the packages, and an expression that a comment follows (`f(x); // 3`) is compared with
 * the value in the comment. Example code is plain, so lines are enough to find these.
 */
import { allSources, PACKAGES, type Source, sourcesOf } from "./sources.ts";

/** One example. */
export interface Example {
  /** `path:line` of its first line. */
  readonly place: string;
  readonly source: Source;
  readonly lines: readonly string[];
}

/** One comparison that a module made: it exports them as `checks`. */
export interface Check {
  readonly code: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

/** What the reader of an example has already: names, where they are used, and what they are. */
interface Given {
  readonly names: readonly string[];
  readonly below: string;
  readonly code: string;
}

const SAMPLE = `readFileSync(new URL("../../fixtures/samples/ftrace-fields.txt", import.meta.url))`;
const TINY = `readFileSync(new URL("../../fixtures/traces/cust61-good-stress_tiny.txt.gz", import.meta.url))`;

const GIVEN: readonly Given[] = [
  {
    names: ["bytes"],
    below: "packages/events/",
    code: `const bytes = new Uint8Array(${SAMPLE});`,
  },
  {
    names: ["bytes"],
    below: "packages/replay/",
    code: `const bytes = (async function* () { yield new Uint8Array(gunzipSync(${TINY})); })();`,
  },
  {
    names: ["io"],
    below: "packages/replay/src/cli/",
    code: `const output = () => ({ isTTY: false, closed: false, write: async () => {} });
const [stdin, { signal }] = [(async function* () {})(), new AbortController()];
const io = { stdout: output(), stderr: output(), stdin, environment: {}, signal };`,
  },
  {
    names: ["file", "slice", "finding", "taskNames", "pointers"],
    below: "packages/replay/src/report/",
    code: `const { file, slice, finding, taskNames, pointers } =
  { file: "trace.txt", slice: [], finding: { index: 0, evidence: [] }, taskNames: {}, pointers: {} } as unknown as Parameters<typeof twoColumnTable>[0];`,
  },
  {
    names: ["writeFile"],
    below: "packages/",
    code: "const writeFile = async (..._: string[]) => {};",
  },
  {
    names: ["fc"],
    below: "packages/replay/src/fuzz/",
    code: `import fc from "fast-check";`,
  },
  {
    names: ["from", "lastValueFrom"],
    below: "packages/replay/",
    code: `import { from, lastValueFrom } from "rxjs";`,
  },
];

const DECLARED = /\b(?:const|let|function|type|interface)\s+(?:\{([^}]*)\}|(\w+))/g;
const EXPORTED = /^export (?:declare |async )*(function\*?|const|let|class|interface|type) (\w+)/gm;
const STATEMENT = /^\s*(?:const|let|type|import|for|if|while|return|throw|\/\/)\b/;

/** All examples of all packages. */
export function allExamples(): Example[] {
  return allSources().flatMap((source) =>
    [...source.text.matchAll(/^ *\* @example.*\n *\* ```ts\n([\s\S]*?)^ *\* ```/gm)].map(
      (match) => ({
        place: `${source.path}:${source.text.slice(0, match.index).split("\n").length + 2}`,
        source,
        lines: (match[1] ?? "")
          .trimEnd()
          .split("\n")
          .map((line) => line.replace(/^ *\* ?/, "")),
      }),
    ),
  );
}

/** The module that runs an example. */
export function moduleOf(example: Example): string {
  const used = namesUsed(example.lines);
  const given = GIVEN.filter(
    ({ names, below }) =>
      example.source.path.startsWith(below) && names.some((name) => used.has(name)),
  );
  const doors = [...doorOf(example.source, used)];
  return [
    'import { readFileSync } from "node:fs";',
    'import { gunzipSync } from "node:zlib";',
    ...doors.map(([from, names]) => `import { ${names.join(", ")} } from "${from}";`),
    "export const checks: { code: string; actual: unknown; expected: unknown }[] = [];",
    "void [readFileSync, gunzipSync];",
    ...given.map(({ code }) => code),
    ...checked(example.lines),
  ].join("\n");
}

/** The names that an example uses and does not declare. */
function namesUsed(lines: readonly string[]): Set<string> {
  const code = lines.map((line) => line.replace(/\/\/.*$/, "")).join("\n");
  const bare = code.replace(/"[^"\n]*"|'[^'\n]*'/g, '""');
  const used = new Set([...bare.matchAll(/(?<![.\w])[A-Za-z_]\w*/g)].map(([name]) => name));
  for (const [, list, name] of bare.matchAll(DECLARED)) {
    for (const one of (list ?? name ?? "").split(",")) used.delete(one.trim());
  }
  return used;
}

/** Imports for the names: from the first door that has one, else from the example's own file. */
function doorOf(source: Source, used: ReadonlySet<string>): Map<string, string[]> {
  const imports = new Map<string, string[]>();
  const take = (from: string, names: ReadonlyMap<string, string>, done: Set<string>) => {
    const own = [...names].filter(([name]) => used.has(name) && !done.has(name));
    if (own.length > 0)
      imports.set(
        from,
        own.map(([, form]) => form),
      );
    for (const [name] of own) done.add(name);
  };
  const done = new Set<string>();
  for (const [from, names] of DOORS) take(from, names, done);
  take(`../../../${source.path}`, exportsOf(source.text), done);
  return imports;
}

/** Name to import form: `type X` for types. */
function exportsOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(EXPORTED)].map(([, kind, name = ""]) => [
      name,
      kind === "type" || kind === "interface" ? `type ${name}` : name,
    ]),
  );
}

/** What each package's door exports. */
const DOORS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  PACKAGES.map((name) => {
    const sources = sourcesOf(name);
    const door = sources.find(({ inner }) => inner === "index.ts")?.text ?? "";
    const names = new Map<string, string>();
    for (const [, from] of door.matchAll(/^export \* from "\.\/([^"]+)"/gm)) {
      const text = sources.find(({ inner }) => inner === from)?.text ?? "";
      for (const [exported, form] of exportsOf(text)) names.set(exported, form);
    }
    for (const [, types, list = ""] of door.matchAll(/^export (type )?\{([^}]*)\} from/gm)) {
      for (const form of list.split(",").map((one) => one.trim())) {
        if (form === "") continue;
        names.set(form.replace(/^type /, ""), types === undefined ? form : `type ${form}`);
      }
    }
    return [`@mmreplay/${name}`, names];
  }),
);

/** The code with its expected values compared. */
function checked(lines: readonly string[]): string[] {
  return lines.map((line, at) => {
    const sameLine = /^(.*\S);\s*\/\/ (.+)$/.exec(line);
    const nextLine = /^\/\/ (.+)$/.exec(lines[at + 1] ?? "");
    const expression = sameLine?.[1] ?? /^(.*\S);$/.exec(line)?.[1];
    const expected = sameLine?.[2] ?? nextLine?.[1];
    if (expression === undefined || expected === undefined || STATEMENT.test(line)) return line;
    const code = JSON.stringify(expression);
    return `checks.push({ code: ${code}, actual: ${expression}, expected: ${expected} });`;
  });
}
