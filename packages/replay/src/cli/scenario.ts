/**
 * `scenario list|show NAME|run NAME`: the litmus programs, and one run of one of them.
 *
 * NAME may be a file in JSON.
 */
import type { Command } from "commander";
import { EXIT_OK } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import type { RunFlags } from "./scenario-run.ts";
import { natural, type Session } from "./session.ts";
import { addTableOptions } from "./table-options.ts";

interface Flags {
  readonly json?: boolean;
}

interface ShowFlags extends Flags {
  readonly file?: boolean;
}

/** Adds `scenario` and its three commands to the program. */
export function defineScenario(program: Command, session: Session): void {
  const scenario = program
    .command("scenario")
    .description("litmus programs: list them, show one, run one");
  scenario
    .command("list")
    .description("name every scenario")
    .option("--json", "print one JSON object")
    .action(session.action((flags: Flags) => list(flags, session)));
  scenario
    .command("show")
    .description("print the programs of a scenario")
    .argument("<name>", "a scenario, or a file in JSON (.json)")
    .option("--file", "print it as a scenario file, to be changed")
    .option("--json", "print one JSON object")
    .action(session.action((name: string, flags: ShowFlags) => show(name, flags, session)));
  const run = scenario
    .command("run")
    .description("run a scenario once: under a schedule, or with choices from a seed")
    .argument("<name>", "a scenario, or a file in JSON (.json)")
    .option("--schedule <text>", "the choices to make: v1:NAME[+MUTANT]:CHOICES")
    .option("--seed <n>", "make choices from this seed (default: 1)", natural())
    .option("--mutant <id>", "run with this bug in the model; mmreplay zoo names them");
  addTableOptions(run)
    .option("-o, --output <file>", "write the journal of the run")
    .option("--json", "print one JSON object")
    .action(
      session.action(async (name: string, flags: RunFlags) => {
        const { runOne } = await import("./scenario-run.ts");
        return runOne(name, flags, session.io);
      }),
    );
  for (const command of scenario.commands) {
    command.option("--debug", "print the stack of an error");
  }
}

async function list(flags: Flags, { io }: Session): Promise<number> {
  const { SCENARIOS } = await import("@mmreplay/core");
  const scenarios = SCENARIOS.map(({ name, title, tasks, source }) => {
    return { name, title, tasks, source };
  });
  const wide = Math.max(...scenarios.map(({ name }) => name.length));
  const lines = scenarios.map(({ name, title }) => `${name.padEnd(wide)}  ${title}\n`);
  await io.stdout.write(flags.json ? jsonText({ scenarios }) : lines.join(""));
  return EXIT_OK;
}

async function show(place: string, flags: ShowFlags, { io }: Session): Promise<number> {
  if (flags.json === true && flags.file === true) {
    throw new UsageError("--file and --json do not go together");
  }
  const [{ scenarioAt }, { operationWords }] = await Promise.all([
    import("../explore/named.ts"),
    import("../explore/program-words.ts"),
  ]);
  const named = await scenarioAt(place);
  const [setUp = [], ...programs] = named.scenario.programs.map((program) =>
    program.map((op) => operationWords(op, named)),
  );
  const tasks = named.tasks.map((name, index) => ({ name, program: programs[index] ?? [] }));
  if (flags.file === true) {
    const [{ fileOfScenario }, { textOfScenarioFile }] = await Promise.all([
      import("@mmreplay/core"),
      import("./scenario-text.ts"),
    ]);
    await io.stdout.write(textOfScenarioFile(fileOfScenario(named)));
    return EXIT_OK;
  }
  const { name, title, source, told, shows } = named;
  const schedule = told === undefined ? null : `v1:${name}:${told}`;
  const rules = [...new Set(named.rules.map(({ id }) => id))];
  if (flags.json) {
    const fields = { name, title, source, setUp, tasks, rules, schedule, shows: shows ?? null };
    await io.stdout.write(jsonText({ ...fields, scenario: named.scenario }));
    return EXIT_OK;
  }
  const { linesOfScenario } = await import("./scenario-text.ts");
  const lines = linesOfScenario(named, { setUp, tasks, rules, schedule });
  await io.stdout.write(`${lines.map(harmless).join("\n")}\n`);
  return EXIT_OK;
}
