/**
 * `zoo [ID]`: every mutant against its scenario, and the unchanged model against all scenarios.
 */
import type { Command } from "commander";
import type { ZooEntry, ZooReport } from "../explore/zoo.ts";
import { EXIT_OK, EXIT_VIOLATED } from "./exit-code.ts";
import { jsonText } from "./json-output.ts";
import type { Session } from "./session.ts";

interface Flags {
  readonly json?: boolean;
}

/** Adds `zoo` to the program. */
export function defineZoo(program: Command, session: Session): void {
  program
    .command("zoo")
    .description("search for every known bug, and show that the model without one is clean")
    .argument("[id]", "one mutant only")
    .option("--json", "print one JSON object")
    .action(session.action((id: string | undefined, flags: Flags) => zoo(id, flags, session)));
}

async function zoo(id: string | undefined, flags: Flags, { io }: Session): Promise<number> {
  const { runZoo } = await import("../explore/zoo.ts");
  const report = runZoo(id);
  await io.stdout.write(flags.json ? jsonText(report) : textOf(report, id !== undefined));
  const good = report.mutants.every(({ expected }) => expected) && report.clean.violations === 0;
  return good ? EXIT_OK : EXIT_VIOLATED;
}

function textOf({ mutants, clean }: ZooReport, one: boolean): string {
  const wide = Math.max(...mutants.map(({ id }) => id.length));
  const lines = mutants.flatMap((entry) => [
    `${entry.id.padEnd(wide)}  ${verdictOf(entry)}`,
    ...(one ? detailsOf(entry) : []),
  ]);
  const found = mutants.filter(({ found: was }) => was).length;
  const equivalent = mutants.filter((entry) => entry.equivalent);
  const toObservers = equivalent.filter(({ equivalence }) => equivalence === "observations");
  const missed = mutants.filter(({ expected }) => !expected).length;
  return [
    ...lines,
    "",
    `${mutants.length} mutants: ${found} found, ${equivalent.length} equivalent (${toObservers.length} to observers only), ${missed} not as expected`,
    `unchanged model: ${clean.scenarios} scenarios, ${clean.states} states, ${clean.violations} violations`,
    ...clean.findings.map(({ scenario, rule, schedule }) => `  ${scenario}: ${rule} ${schedule}`),
    "",
  ].join("\n");
}

function verdictOf(entry: ZooEntry): string {
  const { scenario, states } = entry;
  const where = `in ${scenario} (${states} states)`;
  const wrong = entry.expected ? "" : "NOT AS EXPECTED: ";
  if (entry.found) return `${wrong}${entry.rule} after ${entry.length} steps ${where}`;
  if (entry.equivalence === "states") return `equivalent: the model's states and steps ${where}`;
  if (entry.equivalence === "observations") return `equivalent to observers ${where}`;
  return `${wrong}not found ${where}`;
}

function detailsOf({ title, source, claim, scenario, schedule }: ZooEntry): string[] {
  return [
    `  ${title}`,
    `  source: ${source}`,
    ...(claim === null ? [] : [`  claim: ${claim}`]),
    ...(schedule === null
      ? []
      : [`  replay: mmreplay scenario run ${scenario} --schedule ${schedule}`]),
  ];
}
