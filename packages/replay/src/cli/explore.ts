/**
 * `explore NAME`: every interleaving of a scenario, nearest first, until one fails.
 */
import type { NamedScenario } from "@mmreplay/core";
import type { Command } from "commander";
import type { ExploreFinding, ExploreReport } from "../explore/explore.ts";
import { EXIT_OK, EXIT_VIOLATED } from "./exit-code.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import type { Session } from "./session.ts";

interface Flags {
  readonly mutant?: string;
  readonly symmetry: boolean;
  readonly json?: boolean;
}

/** Adds `explore` to the program. */
export function defineExplore(program: Command, session: Session): void {
  program
    .command("explore")
    .description("search every interleaving of a scenario for a run that fails")
    .argument("<name>", "a scenario (mmreplay scenario list names them), or a file in JSON (.json)")
    .option("--mutant <id>", "search with this bug in the model; mmreplay zoo names them")
    .option("--no-symmetry", "visit also states that differ by an exchange of like tasks only")
    .option("--json", "print one JSON object")
    .action(session.action((name: string, flags: Flags) => search(name, flags, session)));
}

async function search(name: string, flags: Flags, { io }: Session): Promise<number> {
  const [{ explore }, { mutantNamed, scenarioAt }] = await Promise.all([
    import("../explore/explore.ts"),
    import("../explore/named.ts"),
  ]);
  const mutant = flags.mutant === undefined ? {} : { mutant: mutantNamed(flags.mutant) };
  const named = await scenarioAt(name);
  const report = explore(named, { ...mutant, symmetry: flags.symmetry });
  await io.stdout.write(flags.json ? jsonText(report) : await textOf(report, named, name));
  return report.findings.length > 0 ? EXIT_VIOLATED : EXIT_OK;
}

async function textOf(report: ExploreReport, named: NamedScenario, place: string): Promise<string> {
  const [finding] = report.findings;
  const counts = `${report.states} states, ${report.transitions} transitions, depth ${report.depth}`;
  if (finding === undefined) {
    return `${harmless(report.scenario)}: no run fails (${counts}, every state visited)\n`;
  }
  const { tableOfSchedule } = await import("../explore/table-of-schedule.ts");
  return [
    `${harmless(report.scenario)}: ${finding.rule} fails after ${stepsOf(finding)} (${counts})`,
    "",
    ...tableOfSchedule(named, finding.schedule),
    "",
    `replay: mmreplay scenario run ${harmless(place)} --schedule ${finding.schedule}`,
    "",
  ].join("\n");
}

function stepsOf({ length, certified }: ExploreFinding): string {
  return `${length} steps${certified ? ", and no shorter run fails" : ""}`;
}
