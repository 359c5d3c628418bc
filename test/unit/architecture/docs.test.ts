/**
 * The reference pages are made from the code, so that they cannot say anything else:
 * `UPDATE_DOCS=1 npx vitest run --project unit test/unit/architecture/docs` writes them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { RULES } from "@mmreplay/core";
import { OWN_EVENTS, VOCABULARY } from "@mmreplay/events";
import { expect, test } from "vitest";
import { sourcesOf } from "./sources.ts";

const page = (name: string): URL => new URL(`../../../docs/${name}`, import.meta.url);

function agrees(name: string, text: string): void {
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(page(name), text);
  expect(readFileSync(page(name), "utf8"), `docs/${name} is out of date`).toBe(text);
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(" ");

/** The file whose documented function is the recipe of an event type. */
function recipeFile(type: string): string {
  const marked = new RegExp(`/\\*\\*[^/]*\`${type}\``);
  const source = sourcesOf("core").find(
    ({ inner, text }) =>
      !inner.startsWith("rules/") && !inner.startsWith("tasks/") && marked.test(text),
  );
  return source === undefined ? "" : `\`${source.inner}\``;
}

test("docs/rules.md has every rule as the code states it", () => {
  const rows = RULES.map(
    ({ id, kind, severity, statement, source }) =>
      `| ${id} | ${kind} | ${severity} | ${cell(statement)} | ${cell(source)} |`,
  );
  const unchecked = RULES.flatMap((rule) =>
    rule.unchecked === undefined ? [] : [`- ${rule.id}: ${rule.unchecked}.`],
  );
  const text = [
    "# Rules",
    "",
    "Each rule answers *held*, *violated* or *undecided* for every case that it sees, and *unobserved* where",
    "the probes of a recording can never show it. A `state` rule reads one state, a `transition` rule one step, a",
    "`monitor` keeps a memory. The ids are those of the project's protocol specification.",
    "",
    "| rule | kind | severity | statement | source |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "Parts of rules that are not checked:",
    "",
    ...unchecked,
    "",
  ].join("\n");
  agrees("rules.md", text);
});

test("docs/protocol.md leads from each kernel function to its event and its file", () => {
  const rows = VOCABULARY.filter(({ events }) => events.length > 0).flatMap(
    ({ kernel, events, probes, ops }) =>
      events.map(
        (event) =>
          `| ${cell(kernel)} | \`${event}\` | ${code(probes)} | ${code(ops)} | ${recipeFile(event)} |`,
      ),
  );
  const own = OWN_EVENTS.map(({ event, reason }) => `| \`${event}\` | ${cell(reason)} |`);
  const text = [
    "# From the kernel to mmreplay",
    "",
    "For each kernel function or step: the event that records it, the probes that show it (`_ret` is the",
    "return), the steps of the conformance vectors, and the file under `packages/core/src` that holds its meaning",
    "(none: the event changes no state).",
    "",
    "| kernel | event | probes | vector steps | recipe |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "Events without a kernel function:",
    "",
    "| event | what for |",
    "|---|---|",
    ...own,
    "",
  ].join("\n");
  agrees("protocol.md", text);
});
