/**
 * `scenario list|show NAME|run NAME`: the litmus programs, and one run of one of them.
 *
 * A run follows a schedule, or makes its choices from a seed; either way it prints the schedule that
 * repeats it. NAME may be a file in JSON.
 */
import type { NamedScenario } from "@mmreplay/core";
import type { Command } from "commander";
import type { ScheduledRun } from "../explore/run-schedule.ts";
import type { TableFrame } from "../report/table/table.ts";
import { EXIT_OK, EXIT_VIOLATED } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import { natural, type Session } from "./session.ts";
import { addTableOptions, frameOf, type TableFlags } from "./table-options.ts";

interface Flags {
  readonly json?: boolean;
}

interface ShowFlags extends Flags {
  readonly file?: boolean;
}

interface RunFlags extends Flags, TableFlags {
  readonly schedule?: string;
  readonly seed?: number;
  readonly mutant?: string;
  readonly output?: string;
}

const SEED_USUAL = 1;

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
    .option("--seed <n>", `make choices from this seed (default: ${SEED_USUAL})`, natural())
    .option("--mutant <id>", "run with this bug in the model; mmreplay zoo names them");
  addTableOptions(run)
    .option("-o, --output <file>", "write the journal of the run")
    .option("--json", "print one JSON object")
    .action(session.action((name: string, flags: RunFlags) => runOne(name, flags, session)));
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

async function runOne(place: string, flags: RunFlags, session: Session): Promise<number> {
  const { io } = session;
  const [{ isFile, scenarioAt }, { stateHash }, { encodeSchedule }] = await Promise.all([
    import("../explore/named.ts"),
    import("@mmreplay/events"),
    import("../explore/schedule.ts"),
  ]);
  const named = await scenarioAt(place);
  if (flags.output !== undefined && isFile(place)) {
    const { refuseOwnInput } = await import("../input/own-input.ts");
    refuseOwnInput(flags.output, [place]);
  }
  const frame = frameOf(flags);
  if (flags.json === true && frame !== undefined) {
    throw new UsageError(`--${frame} and --json do not go together`);
  }
  const ran = await runAs(named, flags);
  const { run, choices, mutant } = ran;
  const schedule = encodeSchedule({
    scenario: named.name,
    ...(mutant === undefined ? {} : { mutant }),
    choices,
  });
  const findings = run.outcome();
  if (flags.output !== undefined) await write(flags.output, named, ran);
  const events = run.events.length;
  const hash = stateHash(run.state);
  if (flags.json) await io.stdout.write(jsonText({ schedule, events, stateHash: hash, findings }));
  else {
    const shown = findings.length > 0 || frame !== undefined;
    const table = shown ? await tableOf(named, schedule, flags.width, frame) : [];
    const said = [
      ...(shown ? [""] : []),
      `${named.name}: ${choices.length} steps, ${events} events, ${findings.length === 0 ? "no rule is broken" : `${findings.length} ${findings.length === 1 ? "finding" : "findings"}`}; hash ${hash}`,
      ...findings.map(({ rule, message, index }) => `  ${rule} at event ${index}: ${message}`),
      `replay: mmreplay scenario run ${place} --schedule ${schedule}`,
    ];
    const lines = frame === undefined ? [...table, ...said] : table;
    await io.stdout.write(`${lines.map(harmless).join("\n")}\n`);
  }
  return findings.length > 0 ? EXIT_VIOLATED : EXIT_OK;
}

async function tableOf(
  named: NamedScenario,
  schedule: string,
  width: number,
  frame: TableFrame = "plain",
): Promise<string[]> {
  const { tableOfSchedule } = await import("../explore/table-of-schedule.ts");
  return tableOfSchedule(named, schedule, { width, frame });
}

async function runAs(
  named: NamedScenario,
  { schedule, seed, mutant }: RunFlags,
): Promise<Pick<ScheduledRun, "run" | "choices" | "mutant">> {
  const [{ runSchedule }, { walkAtRandom }, { ScenarioRun }, { mutantNamed }] = await Promise.all([
    import("../explore/run-schedule.ts"),
    import("../explore/random-walk.ts"),
    import("../explore/scenario-run.ts"),
    import("../explore/named.ts"),
  ]);
  if (schedule !== undefined) {
    if (seed !== undefined || mutant !== undefined) {
      throw new UsageError(
        "--schedule already says every choice, and the mutant: leave the other out",
      );
    }
    return runSchedule(named, schedule);
  }
  const run = new ScenarioRun(named, mutant === undefined ? undefined : mutantNamed(mutant));
  return { run, choices: walkAtRandom(run, seed ?? SEED_USUAL), mutant };
}

async function write(
  file: string,
  { name }: NamedScenario,
  { run, mutant }: Pick<ScheduledRun, "run" | "mutant">,
): Promise<void> {
  const [{ createWholeFile }, { writeJournal }] = await Promise.all([
    import("./whole-file.ts"),
    import("../explore/journal-of-run.ts"),
  ]);
  const whole = createWholeFile(file);
  try {
    writeJournal(run, { scenario: name, mutant }, (line) => whole.write(line));
    whole.finish();
  } finally {
    whole.discard();
  }
}
