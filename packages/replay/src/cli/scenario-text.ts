/**
 * A scenario as its reader sees it: the programs, and what must be known to read them or to write others.
 *
 * The words are the verbs of a scenario file, so what is shown can be written down.
 */

import { type NamedScenario, SEARCH_RULES, VECTOR_POINTS } from "@mmreplay/core";
import type { ScenarioFile } from "@mmreplay/events";

/** A scenario's programs in words. */
export interface ScenarioWords {
  readonly setUp: readonly string[];
  readonly tasks: readonly { readonly name: string; readonly program: readonly string[] }[];
  readonly rules: readonly string[];
  /** The run that its source tells. */
  readonly schedule: string | null;
}

/** The lines. */
export function linesOfScenario(
  named: NamedScenario,
  { setUp, tasks, rules, schedule }: ScenarioWords,
): string[] {
  const { name, title, source, shows } = named;
  const wide = Math.max(6, ...tasks.map((task) => task.name.length));
  const line = (head: string, program: readonly string[]): string =>
    `  ${head.padEnd(wide)}  ${program.join("; ") || "nothing"}`;
  return [
    `${name}: ${title}`,
    `source: ${source}`,
    "",
    line("set-up", setUp),
    ...tasks.map((task) => line(task.name, task.program)),
    "",
    `names: ${namesOf(named)}`,
    `pages: ${pagesOf(named)}`,
    ...driverOf(named),
    `points: ${named.points === VECTOR_POINTS ? '"vectors"' : '"peers"'} (where other tasks may run)`,
    `rules: ${rulesOf(named, rules)}`,
    ...(schedule === null ? [] : [`told: mmreplay scenario run ${name} --schedule ${schedule}`]),
    ...(shows === undefined ? [] : [`the model breaks ${shows.rule} here: ${shows.claim}`]),
  ];
}

function rulesOf({ rules: asked }: NamedScenario, ids: readonly string[]): string {
  if (!SEARCH_RULES.every((rule) => asked.includes(rule))) return ids.join(" ");
  const outcomes = asked.length > SEARCH_RULES.length ? ", and what operations may give" : "";
  return `all that a search asks (docs/rules.md)${outcomes}`;
}

/** A scenario file as one writes it: a line for each field, for each operation. */
export function textOfScenarioFile({ setUp, tasks, ...outer }: ScenarioFile): string {
  const program = (operations: readonly object[], indent: string): string => {
    const lines = operations.map((operation) => `${indent}  ${inline(operation)}`);
    return `[\n${lines.join(",\n")}\n${indent}]`;
  };
  const programs = Object.entries(tasks).map(
    ([task, operations]) => `    "${task}": ${program(operations, "    ")}`,
  );
  return [
    "{",
    ...Object.entries(outer).map(([key, value]) => `  "${key}": ${inline(value)},`),
    ...(setUp === undefined ? [] : [`  "setUp": ${program(setUp, "  ")},`]),
    `  "tasks": {\n${programs.join(",\n")}\n  }`,
    "}",
    "",
  ].join("\n");
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => `"${key}": ${inline(field)}`);
  return `{ ${fields.join(", ")} }`;
}

/** What the names stand for that the programs use. */
function namesOf({ scenario, names }: NamedScenario): string {
  const operations = scenario.programs.flat();
  const used = (all: readonly string[], ids: readonly number[]): string[] =>
    all.filter((_, id) => ids.includes(id));
  const notifiers = used(
    names.notifiers,
    operations.flatMap((op) => ("n" in op ? [op.n] : [])),
  );
  const regions = used(
    names.regions,
    operations.flatMap((op) => ("sid" in op ? [op.sid] : [])),
  );
  const called = (what: string, those: readonly string[]): string[] =>
    those.length === 0 ? [] : [`${what}${those.length === 1 ? "" : "s"} ${those.join(", ")}`];
  return [
    ...called("interval notifier", notifiers),
    ...called("invalidated region", regions),
    "[a, b) is pages a to b - 1",
  ].join("; ");
}

function pagesOf({ scenario: { pages, cpu } }: NamedScenario): string {
  const present = cpu.flatMap((frame, page) => (frame === 0 ? [] : [page]));
  return `0 to ${pages - 1}; present at the beginning: ${present.join(", ") || "none"}`;
}

function driverOf({ scenario: { driver } }: NamedScenario): string[] {
  const { bug, nonblock } = driver;
  const said = [
    ...(bug === "none" ? [] : [`bug ${bug}`]),
    ...(nonblock === "trylock" ? [] : ["refuses where it may not sleep"]),
  ];
  return said.length === 0 ? [] : [`driver: ${said.join("; ")}`];
}
