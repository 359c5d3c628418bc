/**
 * `zoo [ID]`: every mutant against its scenario, and the unchanged model against all scenarios.
 */
import type { Command } from "commander";
import type { ZooEntry, ZooReport } from "../explore/zoo.ts";
import { counted } from "./counted.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_VIOLATED } from "./exit-code.ts";
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
  const [{ searchingZoo }, { atEase }] = await Promise.all([
    import("../explore/zoo.ts"),
    import("../explore/at-ease.ts"),
  ]);
  const report = await atEase(searchingZoo(id, { stopped: () => io.signal.aborted }));
  await io.stdout.write(flags.json ? jsonText(report) : textOf(report, id !== undefined));
  if (report.interrupted) return EXIT_INTERRUPTED;
  const good = report.mutants.every(({ expected }) => expected) && report.clean.violations === 0;
  return good ? EXIT_OK : EXIT_VIOLATED;
}

function textOf({ mutants, changes, interrupted, clean }: ZooReport, one: boolean): string {
  const wide = Math.max(0, ...mutants.map(({ id }) => id.length));
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
    ...(interrupted ? ["interrupted: only what had come to its end"] : []),
    `${counted(mutants.length, "mutant")}, ${counted(changes, "different change")}: ${found} found, ${equivalent.length} equivalent (${toObservers.length} to observers only), ${missed} not as expected`,
    `unchanged model: ${counted(clean.scenarios, "scenario")}, ${counted(clean.states, "state")}, ${counted(clean.violations, "violation")}`,
    ...(one
      ? []
      : [
          `${counted(clean.showing, "scenario")} beside them show a known bug: mmreplay scenario list`,
        ]),
    ...clean.findings.map(({ scenario, rule, schedule }) => `  ${scenario}: ${rule} ${schedule}`),
    "",
  ].join("\n");
}

function verdictOf(entry: ZooEntry): string {
  const { scenario, states } = entry;
  const where = `in ${scenario} (${counted(states, "state")})`;
  const wrong = entry.expected ? "" : "NOT AS EXPECTED: ";
  if (entry.found) {
    return `${wrong}${entry.rule} after ${counted(entry.length ?? 0, "step")} ${where}`;
  }
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
