/**
 * The reference pages are made from the code, so that they cannot say anything else:
 * `UPDATE_DOCS=1 npx vitest run test/unit/architecture/docs` writes them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { changesIn, RULES, SCENARIOS, SEARCH_RULES, ZOO } from "@mmreplay/core";
import { OWN_EVENTS, VOCABULARY } from "@mmreplay/events";
import { expect, test } from "vitest";
import { operationWords } from "../../../packages/replay/src/explore/program-words.ts";
import { sourcesOf } from "./sources.ts";

const page = (name: string): URL => new URL(`../../../docs/${name}`, import.meta.url);

function agrees(name: string, text: string): void {
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(page(name), text);
  expect(readFileSync(page(name), "utf8"), `docs/${name} is out of date`).toBe(text);
}

/** A page up to the head of its table, the rest of which is made. */
function upToTable(name: string, head: string): string {
  const text = readFileSync(page(name), "utf8");
  const end = `${head}\n${head.replace(/[^|]+/g, "---")}\n`;
  expect(text, `docs/${name} has no table`).toContain(end);
  return text.slice(0, text.indexOf(end) + end.length);
}

const SCENARIOS_HEAD = "| name | title | programs | source |";

const ZOO_INTRO = `# The zoo

\`mmreplay zoo\` searches for each of these bugs in its scenario, nearest first, until the rule that its source
says it breaks is broken (or nobody can move: \`deadlock\`, \`lost-wake-up\`; or tasks go
round for ever: \`no-progress\`, K-Z10 on one CPU, which whoever does not sleep keeps). The other rules are not asked, because many
notice the change itself long before anything comes of it; \`mmreplay explore NAME --mutant ID\` asks all.
A mutant that breaks no rule in any state is proved to be equivalent. *equivalent*: its graph of states is the
model's, state by state and step by step. *observably-equivalent*: it has other states, but whatever the mutant can
do in the sight of those who call and of the devices, the model can do, and conversely (two-way simulation). Seen
are the calls that each task has made, the page tables of the CPU and of the devices, a notifier that is still
linked after its removal has returned, and that nobody can go on; the return of a call is a step of its own on
both sides. \`mmreplay zoo\` makes the proof in the scenario of the table, the tests in all small ones, too.

Rows of the specification's bug tables that are not here are about what the model does not have: KVM (K-Z13, K-S17),
and a hardware key beside the page table (K-Z17).

| mutant | change | scenario | breaks | source |
|---|---|---|---|---|
`;

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
    "A search compares states, so its rules remember nothing. It asks the state and transition rules, what",
    "K-I11 and K-I19 say about one step, and these forms of others, which say less:",
    "",
    "| rule | kind | in a search | source |",
    "|---|---|---|---|",
    ...SEARCH_RULES.filter((rule) => !RULES.includes(rule)).map(
      ({ id, kind, statement, source }) =>
        `| ${id} | ${kind} | ${cell(statement)} | ${cell(source)} |`,
    ),
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

test("docs/scenarios.md has every scenario as the code has it", () => {
  const rows = SCENARIOS.map((named) => {
    const { name, title, source, tasks } = named;
    const [setUp = [], ...others] = named.scenario.programs;
    const words = (program: typeof setUp): string =>
      program.map((op) => operationWords(op, named)).join("; ");
    const columns = others.map((program, index) => `${tasks[index]}: ${words(program)}`);
    const told = [`set-up: ${words(setUp) || "nothing"}`, ...columns].join("<br>");
    return `| ${name} | ${cell(title)} | ${cell(told)} | ${cell(source)} |`;
  });
  agrees("scenarios.md", `${upToTable("scenarios.md", SCENARIOS_HEAD)}${rows.join("\n")}\n`);
});

test("docs/zoo.md has every mutant as the code has it", () => {
  const rows = ZOO.map(({ id, title, source, scenario, rule, breaksNothing }) => {
    return `| ${id} | ${cell(title)} | ${scenario} | ${rule ?? breaksNothing} | ${cell(source)} |`;
  });
  const claims = ZOO.flatMap(({ id, claim }) => (claim === undefined ? [] : [`- ${id}: ${claim}`]));
  const shared = changesIn(ZOO).filter(({ length }) => length > 1);
  const same = shared.map((mutants) => mutants.map(({ id }) => id).join(" = "));
  const counts = [
    `${ZOO.length} rows, ${changesIn(ZOO).length} different changes. Rows that share one have different sources, or ask for different`,
    `consequences: ${same.join(", ")}.`,
    "K-Z28 and K-Z28-hang change nothing: they are what the model of Linux 6.1 breaks itself.",
  ];
  const text = `${ZOO_INTRO}${rows.join("\n")}\n\n${counts.join("\n")}\n`;
  agrees("zoo.md", `${text}\n## Suspected bugs\n\n${claims.join("\n")}\n`);
});
