/**
 * docs/your-driver.md shows the files of its driver and what the tool says of each: both are put in here.
 * `UPDATE_DOCS=1 npx vitest run test/unit/architecture/your-driver` writes them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DRIVER_SCENARIOS, type Driver } from "@mmreplay/core";
import { checkDriver, textOfDriver } from "@mmreplay/replay";
import { expect, it } from "vitest";
import { myDriver as first } from "../../fixtures/drivers/my-driver-1.ts";
import { myDriver as second } from "../../fixtures/drivers/my-driver-2.ts";
import { myDriver as third } from "../../fixtures/drivers/my-driver-3.ts";
import { myDriver as fourth } from "../../fixtures/drivers/my-driver-4.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PAGE = join(ROOT, "docs/your-driver.md");

const DRIVERS: Readonly<Record<string, Driver>> = {
  "my-driver-1.ts": first,
  "my-driver-2.ts": second,
  "my-driver-3.ts": third,
  "my-driver-4.ts": fourth,
};

const fileOf = (name: string): string =>
  readFileSync(join(ROOT, "test/fixtures/drivers", name), "utf8").trimEnd();

const fenced = (language: string, text: string): string =>
  `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** What an assertion says: the error's text, or the report's. */
function outputOf(name: string): string {
  return textOfDriver(checkDriver(DRIVERS[name] as Driver, { stopAtFirst: true }));
}

/** The lines that one file has and the other has not, as a patch shows them. */
function changeOf(before: string, after: string): string {
  const old = fileOf(before).split("\n");
  const lines: string[] = [];
  let [at, added]: [number, string[]] = [0, []];
  const gone = (until: number): void => {
    lines.push(...old.slice(at, until).map((line) => `-${line}`), ...added);
    [at, added] = [until, []];
  };
  for (const line of fileOf(after).split("\n")) {
    const known = old.indexOf(line, at);
    if (known < 0) added.push(`+${line}`);
    else {
      gone(known);
      at = known + 1;
    }
  }
  gone(old.length);
  return lines.join("\n");
}

function scenarioRows(): string {
  const rows = DRIVER_SCENARIOS.map(({ rule, named }) => {
    return `| ${named.name} | ${named.title} | ${rule} |`;
  });
  return ["| scenario | what it is | rule |", "|---|---|---|", ...rows].join("\n");
}

function made(kind: string, words: readonly string[]): string {
  const [one = "", other = ""] = words;
  switch (kind) {
    case "file":
      return fenced("ts", fileOf(one));
    case "output":
      return fenced("", outputOf(one));
    case "change":
      return fenced("diff", changeOf(one, other));
    default:
      return scenarioRows();
  }
}

/** A marker, and the block or table below it, if there is one yet. */
const MARKED =
  /^<!-- (file|output|change|scenarios)(?:: ([^\n]+?))? -->\n(?:\n(?:```[\s\S]*?\n```|\|[^\n]*(?:\n\|[^\n]*)*))?/gm;

it("docs/your-driver.md shows the files as they are, and what is said of them", () => {
  const page = readFileSync(PAGE, "utf8");
  const shown = page.replaceAll(MARKED, (_, kind: string, words = "") => {
    return `<!-- ${kind}${words === "" ? "" : `: ${words}`} -->\n\n${made(kind, words.split(" "))}`;
  });
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(PAGE, shown);
  expect(page).toBe(shown);
});

it("docs/your-driver.md names every action, option and scenario", () => {
  const page = readFileSync(PAGE, "utf8");
  const source = readFileSync(join(ROOT, "packages/core/src/drivers/driver-actions.ts"), "utf8");
  const actions = [...source.matchAll(/readonly do: "(\w+)"/g)].map(([, name]) => name);
  expect(actions.length).toBeGreaterThan(15);
  for (const action of actions) expect(page).toContain(`| \`${action}\` |`);
});
