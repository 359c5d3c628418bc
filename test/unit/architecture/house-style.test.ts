import { describe, expect, it } from "vitest";
import { allSources, below, places, type Source } from "./sources.ts";

const LINES_MAX = 400;
const FUNCTION_LINES_MAX = 60;
const EXPORT =
  /^export (?:declare |abstract |async )*(?:function\*?|const|let|class|interface|type) (\w+)/;
/** A type that says what the documented schema above it says. */
const INFERRED = /^export type \w+ = (?:Readonly<)?z\.infer<typeof \w+>/;
const MODULES = allSources().filter(({ inner }) => inner !== "index.ts");
const TESTS = below("test/").filter(({ path }) => path.endsWith(".ts"));

/** The lines of the comment that ends just above line `at`, without their decoration. */
function commentAbove({ lines }: Source, at: number): string[] | undefined {
  const end = at - 1;
  if (!lines[end]?.trimEnd().endsWith("*/")) return undefined;
  let start = end;
  while (start > 0 && !lines[start]?.trimStart().startsWith("/**")) start -= 1;
  return lines
    .slice(start, end + 1)
    .map((line) => line.replace(/^\s*(?:\/\*\*|\*\/|\*)\s?|\s*\*\/\s*$/g, "").trim())
    .filter((line) => line !== "");
}

/** Exports whose comment is missing or does not begin with a sentence. */
function undocumented(source: Source): string[] {
  return source.lines.flatMap((line, at) => {
    const name = EXPORT.exec(line)?.[1];
    if (name === undefined || INFERRED.test(line)) return [];
    const text = commentAbove(source, at)?.join(" ");
    const isSentence = text !== undefined && /^[^@\s].*?[.:?](\s|$)/.test(text);
    return isSentence ? [] : [`${source.path}:${at + 1}: ${name}`];
  });
}

/** The places of a pattern in sources and tests, comments included. */
function linesWith(pattern: RegExp): string[] {
  return [...allSources(), ...TESTS].flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}`] : [])),
  );
}

/** Functions and methods that are too long, by the shape that the formatter gives them. */
function longFunctions({ path, lines }: Source): string[] {
  let inClass = false;
  return lines.flatMap((line, at) => {
    if (/^(export )?(abstract )?class\b/.test(line)) inClass = true;
    else if (line === "}") inClass = false;
    const isFunction = /^(export )?(async )?function\b/.test(line);
    const isMethod = inClass && /^ {2}((static|async|get|set) )*\*?#?\w+(<.*>)?\(/.test(line);
    if (!isFunction && !isMethod) return [];
    const length = lines.slice(at).indexOf(isMethod ? "  }" : "}") + 1;
    return length > FUNCTION_LINES_MAX ? [`${path}:${at + 1}: ${length}`] : [];
  });
}

describe("the house style", () => {
  it(`no file has more than ${LINES_MAX} lines`, () => {
    const long = [...allSources(), ...TESTS]
      .filter(({ lines }) => lines.length - 1 > LINES_MAX)
      .map(({ path, lines }) => `${path}: ${lines.length - 1}`);
    expect(long).toEqual([]);
  });

  it(`no function has more than ${FUNCTION_LINES_MAX} lines`, () => {
    expect(allSources().flatMap(longFunctions)).toEqual([]);
    const long = ["class A {", "  *each({", ...Array(FUNCTION_LINES_MAX).fill(""), "  }", "}"];
    expect(longFunctions({ path: "a.ts", lines: long } as unknown as Source)).toHaveLength(1);
  });

  it("a module opens with a comment that says what it decides and why", () => {
    const bare = MODULES.filter(({ text }) => !/^(#!.*\n)?\/\*\*[\s\S]{40,}?\*\//.test(text));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it("every export has a comment that begins with a sentence", () => {
    expect(MODULES.flatMap(undocumented)).toEqual([]);
  });

  it("file names are kebab-case and say what is in the file", () => {
    const names = [...allSources(), ...TESTS].map(({ path }) => path);
    expect(names.filter((path) => !/^[a-z0-9./-]+$/.test(path))).toEqual([]);
    const dumps = /(^|\/)(utils?|helpers?|common|misc|shared|types|constants|lib)(\.ts|\/)/;
    expect(names.filter((path) => dumps.test(path))).toEqual([]);
  });

  it("no enums, namespaces, decorators or any, and the compiler is not silenced", () => {
    expect(places(allSources(), /^\s*(export )?(const )?(enum|namespace) \w+/)).toEqual([]);
    const untyped = "an" + "y";
    const types = new RegExp(`(:|\\bas|<) ?${untyped}\\b(?! \\w)|\\b${untyped}\\[\\]`);
    expect(places(allSources(), types)).toEqual([]);
    expect(types.test(`let x: ${untyped};`) && types.test(`x as ${untyped}`)).toBe(true);
    expect(types.test(`Map<${untyped}>`) && types.test(`${untyped}[]`)).toBe(true);
    expect(linesWith(new RegExp("@ts" + "-(ignore|expect-error|nocheck)"))).toEqual([]);
  });

  it("what is left to do has an issue", () => {
    // In pieces, so that this file does not find itself.
    const words = ["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|");
    expect(linesWith(new RegExp(`\\b(${words})\\b(?!\\(#\\d+\\))`))).toEqual([]);
  });

  it("nothing was copied out of the kernel's sources", () => {
    const marks = ["SPDX-License" + "-Identifier", "GPL" + "-2.0", "GNU General " + "Public"];
    const macros = ["EXPORT_" + "SYMBOL", "MODULE_" + "LICENSE", "#include " + "<linux/"];
    const mark = new RegExp([...marks, ...macros].join("|"));
    const files = [...below("packages/"), ...TESTS].filter(({ text }) => mark.test(text));
    expect(files.map(({ path }) => path)).toEqual([]);
  });
});
