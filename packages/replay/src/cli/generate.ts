/**
 * `generate -o FILE`: a recording of any size from a seed, as text that `check` reads.
 *
 * For measuring, for trying a pipeline out, and for seeing what a driver's bug looks like. The bugs
 * are the switches of the simulator's driver.
 */
import type { DriverBug } from "@mmreplay/core";
import { type Command, Option } from "commander";
import type { GeneratedFormat } from "../generate/layouts.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { jsonText } from "./json-output.ts";
import { progressOn } from "./progress.ts";
import { natural, type Session } from "./session.ts";

const FORMATS: readonly GeneratedFormat[] = ["ftrace", "trace-cmd", "perf-script", "bpftrace"];

const BUGS: readonly DriverBug[] = [
  "none",
  "no_retry_check",
  "retry_check_before_lock",
  "no_set_seq",
  "callback_clears_nothing",
  "callback_without_lock",
  "set_seq_after_unlock",
  "retry_reuses_old_seq",
];

interface Flags {
  readonly output: string;
  readonly events: number;
  readonly seed: number;
  readonly format: GeneratedFormat;
  readonly bug: DriverBug;
  readonly json?: boolean;
}

/** Adds `generate` to the program. */
export function defineGenerate(program: Command, session: Session): void {
  program
    .command("generate")
    .description("write a simulated recording of any size; equal options give equal bytes")
    .requiredOption("-o, --output <file>", "the text to write, or - for standard output")
    .option("--events <n>", "event lines", natural(1), 100_000)
    .option("--seed <n>", "what the workload and the schedule are drawn from", natural(), 1)
    .addOption(
      new Option("--format <name>", "print as this tool does").choices(FORMATS).default("ftrace"),
    )
    .addOption(
      new Option("--bug <name>", "what the driver does wrong").choices(BUGS).default("none"),
    )
    .option("--json", "print one JSON object")
    .action(session.action((flags: Flags) => generate(flags, session)));
}

async function generate(flags: Flags, session: Session): Promise<number> {
  const { io } = session;
  const { output, events, seed, format, bug } = flags;
  const toStdout = output === "-";
  if (toStdout && flags.json) {
    throw new UsageError("-o - and --json both want standard output: write the text to a file");
  }
  const { recordingText } = await import("../generate/recording.ts");
  const text = recordingText({ events, seed, format, bug });
  const done = toStdout
    ? await writeTo(text, io.stdout.write, session)
    : await writeFile(text, output, session);
  if (!done && io.signal.aborted) {
    await io.stderr.write(
      toStdout ? "mmreplay: interrupted\n" : "mmreplay: interrupted, nothing was written\n",
    );
    return EXIT_INTERRUPTED;
  }
  const told = { file: output, format, events, seed, bug };
  if (flags.json) await io.stdout.write(jsonText(told));
  else if (!toStdout) await io.stdout.write(`${output}: ${events} events of ${format}\n`);
  return EXIT_OK;
}

/** Writes all pieces; false when the user interrupted, or nobody reads any more. */
async function writeTo(
  text: Iterable<string>,
  write: (piece: string) => Promise<void> | void,
  { io }: Session,
): Promise<boolean> {
  const progress = progressOn(io.stderr);
  let characters = 0;
  for (const piece of text) {
    await write(piece);
    characters += piece.length;
    progress.show(`generate: ${Math.floor(characters / 1e6)} MB`);
    // Ctrl-C is heard only when the event loop turns.
    await new Promise((resolve) => setImmediate(resolve));
    if (io.signal.aborted || io.stdout.closed) break;
  }
  progress.clear();
  return !io.signal.aborted && !io.stdout.closed;
}

async function writeFile(
  text: Iterable<string>,
  output: string,
  session: Session,
): Promise<boolean> {
  const { createWholeFile } = await import("./whole-file.ts");
  const whole = createWholeFile(output);
  try {
    const done = await writeTo(text, (piece) => whole.write(piece), session);
    if (done) whole.finish();
    return done;
  } finally {
    whole.discard();
  }
}
