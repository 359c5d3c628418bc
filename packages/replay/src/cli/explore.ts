/**
 * `explore NAME`: the interleavings of a scenario, by one of the strategies, until one fails.
 */
import { type Command, Option } from "commander";
import type { ExploreFinding, ExploreOptions, ExploreReport } from "../explore/explore.ts";
import type { Bounds, StrategyName } from "../explore/search.ts";
import { EXIT_OK, EXIT_UNDECIDED, EXIT_VIOLATED } from "./exit-code.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import { natural, type Session } from "./session.ts";

interface Flags {
  readonly strategy: StrategyName;
  readonly mutant?: string;
  readonly symmetry: boolean;
  readonly por: boolean;
  readonly maxStates?: number;
  readonly maxLassoStates?: number;
  readonly maxSteps?: number;
  readonly maxPreemptions?: number;
  readonly runs?: number;
  readonly seed: number;
  readonly pctDepth: number;
  readonly json?: boolean;
}

/** Adds `explore` to the program. */
export function defineExplore(program: Command, session: Session): void {
  program
    .command("explore")
    .description("search every interleaving of a scenario for a run that fails")
    .argument("<name>", "a scenario; mmreplay scenario list names them")
    .addOption(
      new Option("--strategy <name>", "bfs and dfs visit every state")
        .choices(["bfs", "dfs", "random", "pct", "bounded"])
        .default("bfs"),
    )
    .option("--mutant <id>", "search with this bug in the model; mmreplay zoo names them")
    .option("--no-symmetry", "visit also states that differ by an exchange of like tasks only")
    .option("--no-por", "visit also states between steps that no other task can tell")
    .option("--max-states <n>", "store at most n states", natural(1))
    .option("--max-lasso-states <n>", "look for endless runs in at most n states", natural())
    .option("--max-preemptions <n>", "bounded: leave a task that could go on n times", natural())
    .option("--runs <n>", "random, pct: draw n schedules", natural(1))
    .option("--max-steps <n>", "random, pct: cut a schedule after n steps", natural(1))
    .option("--pct-depth <d>", "pct: d - 1 changes of priority", natural(1), 3)
    .option("--seed <n>", "random, pct: what the schedules are drawn from", natural(), 1)
    .option("--json", "print one JSON object")
    .action(session.action((name: string, flags: Flags) => search(name, flags, session)));
}

async function search(name: string, flags: Flags, { io }: Session): Promise<number> {
  const [{ explore }, { mutantNamed, scenarioNamed }] = await Promise.all([
    import("../explore/explore.ts"),
    import("../explore/named.ts"),
  ]);
  const mutant = flags.mutant === undefined ? undefined : mutantNamed(flags.mutant);
  const report = explore({ named: scenarioNamed(name), mutant }, optionsOf(flags));
  await io.stdout.write(flags.json ? jsonText(report) : await textOf(report));
  if (report.findings.length > 0) return EXIT_VIOLATED;
  return report.complete ? EXIT_OK : EXIT_UNDECIDED;
}

function optionsOf(flags: Flags): ExploreOptions {
  const { strategy, symmetry, por, seed, pctDepth } = flags;
  const names = ["maxStates", "maxLassoStates", "maxSteps", "maxPreemptions", "runs"] as const;
  const bounds: Partial<Record<keyof Bounds, number>> = {};
  for (const name of names) if (flags[name] !== undefined) bounds[name] = flags[name];
  return { strategy, symmetry, por, seed, pctDepth, bounds };
}

async function textOf(report: ExploreReport): Promise<string> {
  const [finding] = report.findings;
  const counts = countsOf(report);
  if (finding === undefined) {
    const end = report.complete ? "every state visited" : `cut by ${report.bound}`;
    return `${harmless(report.scenario)}: no run fails (${counts}; ${end})\n`;
  }
  const { tableOfSchedule } = await import("../explore/table-of-schedule.ts");
  return [
    `${harmless(report.scenario)}: ${finding.rule} fails after ${stepsOf(finding)} (${counts})`,
    "",
    ...tableOfSchedule(finding.schedule, undefined, finding),
    "",
    `replay: mmreplay scenario run ${report.scenario} --schedule ${finding.schedule}`,
    "",
  ].join("\n");
}

function countsOf({ states, transitions, depth, runs, hits }: ExploreReport): string {
  const drawn = runs === undefined ? "" : `${hits} of ${runs} schedules fail, `;
  return `${drawn}${states} states, ${transitions} transitions, depth ${depth}`;
}

function stepsOf({ length, certified, stem }: ExploreFinding): string {
  if (stem !== undefined) return `${stem} steps, in a loop of ${length - stem}`;
  return `${length} steps${certified ? ", and no shorter run fails" : ""}`;
}
