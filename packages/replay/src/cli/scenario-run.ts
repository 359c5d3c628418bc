/**
 * `scenario run NAME`: one run of a scenario.
 *
 * It follows a schedule, or makes its choices from a seed; either way it prints the schedule that repeats it.
 */
import type { NamedScenario } from "@mmreplay/core";
import { stateHash } from "@mmreplay/events";
import { writeJournal } from "../explore/journal-of-run.ts";
import { type LeftOut, leftOutIn } from "../explore/left-out.ts";
import { isFile, mutantNamed, scenarioAt } from "../explore/named.ts";
import { inNames } from "../explore/program-words.ts";
import { walkAtRandom } from "../explore/random-walk.ts";
import { runSchedule, type ScheduledRun } from "../explore/run-schedule.ts";
import { type RunFinding, ScenarioRun } from "../explore/scenario-run.ts";
import { encodeSchedule } from "../explore/schedule.ts";
import { tableOfSchedule } from "../explore/table-of-schedule.ts";
import { refuseOwnInput } from "../input/own-input.ts";
import { counted } from "./counted.ts";
import { EXIT_OK, EXIT_VIOLATED } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { harmless } from "./harmless.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-output.ts";
import { shellWord } from "./shell-word.ts";
import { frameOf, type TableFlags } from "./table-options.ts";
import { createWholeFile } from "./whole-file.ts";

/** The options, as commander gives them. */
export interface RunFlags extends TableFlags {
  readonly json?: boolean;
  readonly schedule?: string;
  readonly seed?: number;
  readonly mutant?: string;
  readonly output?: string;
}

const SEED_USUAL = 1;

type Ran = Pick<ScheduledRun, "run" | "choices" | "mutant">;

/** Runs, prints, and gives the exit code. */
export async function runOne(place: string, flags: RunFlags, io: Io): Promise<number> {
  const named = await scenarioAt(place);
  if (flags.output !== undefined && isFile(place)) refuseOwnInput(flags.output, [place]);
  const frame = frameOf(flags);
  if (flags.json === true && frame !== undefined) {
    throw new UsageError(`--${frame} and --json do not go together`);
  }
  const ran = runAs(named, flags);
  const { run, choices, mutant } = ran;
  const told = { scenario: named.name, ...(mutant === undefined ? {} : { mutant }), choices };
  const schedule = encodeSchedule(told);
  const findings = run.outcome().map((one) => ({ ...one, message: inNames(one.message, named) }));
  const leftOut = leftOutIn(run, named);
  if (flags.output !== undefined) write(flags.output, named, ran);
  const hash = stateHash(run.state);
  if (flags.json) {
    const skipped = leftOut.length === 0 ? {} : { leftOut };
    const events = run.events.length;
    await io.stdout.write(jsonText({ schedule, events, stateHash: hash, findings, ...skipped }));
  } else {
    const shown = findings.length > 0 || frame !== undefined;
    const { width } = flags;
    const how = { width, frame: frame ?? ("plain" as const) };
    const table = shown ? tableOfSchedule(named, schedule, how) : [];
    const said = linesOf(named.name, ran, hash, findings, leftOut);
    const replay = `replay: mmreplay scenario run ${shellWord(place)} --schedule ${schedule}`;
    const lines = [...table, ...(shown ? [""] : []), ...said, replay];
    await io.stdout.write(`${(frame === undefined ? lines : table).map(harmless).join("\n")}\n`);
  }
  return findings.length > 0 ? EXIT_VIOLATED : EXIT_OK;
}

function linesOf(
  name: string,
  { run, choices }: Ran,
  hash: string,
  findings: readonly RunFinding[],
  leftOut: readonly LeftOut[],
): string[] {
  const steps = counted(choices.length, "step");
  const events = counted(run.events.length, "event");
  const found = findings.length === 0 ? "no rule is broken" : counted(findings.length, "finding");
  return [
    `${name}: ${steps}, ${events}, ${found}; hash ${hash}`,
    ...findings.map(({ rule, message, index }) => `  ${rule} at event ${index}: ${message}`),
    ...leftOut.map(({ task, operation, why }) => `left out: ${task}: ${operation} (${why})`),
  ];
}

function runAs(named: NamedScenario, { schedule, seed, mutant }: RunFlags): Ran {
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

function write(file: string, { name }: NamedScenario, { run, mutant }: Ran): void {
  const whole = createWholeFile(file);
  try {
    writeJournal(run, { scenario: name, mutant }, (line) => whole.write(line));
    whole.finish();
  } finally {
    whole.discard();
  }
}
