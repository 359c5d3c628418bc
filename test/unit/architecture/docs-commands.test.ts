/**
 * What the pages show of a terminal is what the commands print: every `$ ` line of README.md and docs/ is
 * run, each page in a folder of its own, and its output compared. `…` stands for the rest.
 * What takes longest is run with MMREPLAY_WHOLE alone, as in CI; else the page is believed there.
 * `UPDATE_DOCS=1 npx vitest run test/unit/architecture/docs` writes them.
 */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mmreplay } from "../../cli/terminal.ts";
import { WHOLE } from "../../support/sample.ts";
import { scratch } from "../../support/scratch.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "docs")).flatMap((name) =>
    name.endsWith(".md") ? [`docs/${name}`] : [],
  ),
];

const UPDATES = process.env["UPDATE_DOCS"] !== undefined;

/** A minute; test/cli/suite runs the same bodies over fewer pages. */
const LONG = ["npx mmreplay suite hmm-tests"];

/** A command of a page, and what stands below it. */
interface Shown {
  readonly command: string;
  /** What `<<END` takes in. */
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** The commands of a block that shows a terminal. */
function commandsIn(block: string): Shown[] {
  const shown: Shown[] = [];
  const lines = block.trimEnd().split("\n");
  for (let at = 0; at < lines.length; ) {
    const command = (lines[at++] ?? "").slice(2);
    const end = / <<(\w+)$/.exec(command)?.[1];
    const input: string[] = [];
    while (end !== undefined && lines[at] !== end && at < lines.length) {
      input.push(lines[at++] as string);
    }
    if (end !== undefined) at++;
    const output: string[] = [];
    while (at < lines.length && !lines[at]?.startsWith("$ ")) output.push(lines[at++] as string);
    while (output.at(-1) === "") output.pop();
    shown.push({ command, input, output });
  }
  return shown;
}

/** Runs a command as the page means it: ours, or one that makes or changes a file. */
async function outputOf({ command, input }: Shown): Promise<string[]> {
  const [, written] = /^cat > (\S+) <<\w+$/.exec(command) ?? [];
  if (written !== undefined) {
    writeFileSync(written, `${input.join("\n")}\n`);
    return [];
  }
  const [, from = "", to = "", old, made] =
    /^sed 's\/(.+)\/(.+)\/' (\S+) > (\S+)$/.exec(command) ?? [];
  if (old !== undefined && made !== undefined) {
    const before = readFileSync(old, "utf8");
    expect(before, command).toContain(from);
    writeFileSync(made, before.replace(from, to));
    return [];
  }
  const [, line = "", target] = /^npx mmreplay (.*?)(?: > (\S+))?$/.exec(command) ?? [];
  expect(line, `a page shows a command that is not known: ${command}`).not.toBe("");
  const words = line.match(/"[^"]*"|[^ ]+/g) ?? [];
  const { exit, stdout, stderr } = await mmreplay(words.map((word) => word.replaceAll('"', "")));
  expect(exit, `${command}\n${stderr}`).not.toBe(2);
  if (target !== undefined) writeFileSync(target, stdout);
  return target === undefined ? stdout.trimEnd().split("\n") : [];
}

/** What the page should show: all of it, or its beginning where the page leaves out the rest. */
function shortened(output: readonly string[], { output: shown }: Shown): string[] {
  const rest = shown.at(-1);
  if (rest?.trim() !== "…") return [...output];
  return [...output.slice(0, shown.length - 1), rest];
}

function agrees(file: string, made: string): void {
  if (UPDATES) writeFileSync(join(ROOT, file), made);
  expect(readFileSync(join(ROOT, file), "utf8"), `${file} is out of date`).toBe(made);
}

describe.each(PAGES)("%s", (page) => {
  const before = process.cwd();
  beforeAll(() => {
    const folder = scratch(page.replaceAll("/", "-"));
    mkdirSync(folder);
    symlinkSync(join(ROOT, "test"), join(folder, "test"));
    process.chdir(folder);
  });
  afterAll(() => process.chdir(before));

  it("shows what its commands print", { timeout: 300_000 }, async () => {
    const text = readFileSync(join(ROOT, page), "utf8");
    let made = text;
    for (const [block = ""] of text.matchAll(/(?<=^```\n)\$ [\s\S]*?(?=^```$)/gm)) {
      const lines: string[] = [];
      for (const shown of commandsIn(block)) {
        const end = / <<(\w+)$/.exec(shown.command)?.[1];
        lines.push(...(lines.length > 0 && shown.output.length > 0 ? [""] : []));
        lines.push(`$ ${shown.command}`, ...shown.input, ...(end === undefined ? [] : [end]));
        const runs = WHOLE || UPDATES || !LONG.includes(shown.command);
        lines.push(...(runs ? shortened(await outputOf(shown), shown) : shown.output));
      }
      made = made.replace(block, () => `${lines.join("\n")}\n`);
    }
    agrees(page, made);
  });
});

const LINE = 17;
const MARGIN = 16;
const SIZE = 'width="566" height=';

/** What a line of the table is painted in, by what stands in it. */
const INKS: readonly (readonly [RegExp, string])[] = [
  [/^CPU0 - /, "#79c0ff"],
  [/^-----|\[ \.\.\. |^\(.* shown\)$/, "#8b949e"],
  [/<-- |\[\? |^ +called \]$|^Rule |^taken away\.$/, "#ff7b72"],
  [/^/, "#c9d1d9"],
];

/** The table of a terminal as a picture. */
function drawn(lines: readonly string[]): string {
  const height = 2 * MARGIN + LINE * lines.length - 2;
  const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const texts = lines.map((line, at) => {
    const ink = INKS.find(([pattern]) => pattern.test(line))?.[1];
    const y = MARGIN + 10 + LINE * at;
    return `<text x="${MARGIN}" y="${y}" fill="${ink}" xml:space="preserve">${escaped(line).replaceAll(">", "&gt;")}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 566 ${height}" ${SIZE}"${height}" font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="12">`,
    "<title>Two-column table of the race that crashed a kernel, printed by mmreplay demo</title>",
    `<rect ${SIZE}"${height}" rx="6" fill="#0d1117"/>`,
    ...texts,
    "</svg>",
    "",
  ].join("\n");
}

it("docs/demo.svg draws the table that demo prints", async () => {
  const lines = (await mmreplay(["demo"])).stdout.split("\n");
  const first = lines.findIndex((line) => line.startsWith("  CPU0"));
  const end = lines.findIndex((line) => line.includes("Why it crashed")) - 1;
  const table = lines.slice(first, end).map((line) => line.slice(2));
  agrees("docs/demo.svg", drawn(table));
});
