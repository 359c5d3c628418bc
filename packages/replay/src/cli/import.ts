/**
 * `import FILE -o OUT`: the text of a recording to a journal.
 *
 * The journal is written beside its place and renamed when it is whole: an error leaves no half of it.
 */
import { Command } from "commander";
import type { CheckOptions } from "../recording/check-options.ts";
import type { ImportSummary } from "../recording/import.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { jsonText } from "./json-output.ts";
import { addReadOptions, type ReadFlags, readOptions } from "./read-options.ts";
import {
  addClockOptions,
  addSelectOptions,
  type ClockFlags,
  clockOf,
  type SelectFlags,
  selectionOf,
  withClock,
} from "./select-options.ts";
import type { Session } from "./session.ts";

interface Flags extends ReadFlags, SelectFlags, ClockFlags {
  readonly output: string;
  readonly json?: boolean;
}

/** Adds `import` to the program. */
export function defineImport(program: Command, session: Session): void {
  const command = program
    .command("import")
    .description("turn the text of a recording into a journal (JSON Lines)")
    .argument("<file>", "text of a recording, gzip of it, or -")
    .requiredOption("-o, --output <file>", "the journal to write, or - for standard output");
  // Known here so that using them is answered; not offered.
  for (const option of addSelectOptions(new Command(), "").options)
    command.addOption(option.hideHelp());
  addClockOptions(addReadOptions(command))
    .option("--json", "print one JSON object")
    .action(session.action((file: string, flags: Flags) => importFile(file, flags, session)));
}

async function importFile(file: string, flags: Flags, session: Session): Promise<number> {
  const { io } = session;
  const toStdout = flags.output === "-";
  if (toStdout && flags.json) {
    throw new UsageError("-o - and --json both want standard output: write the journal to a file");
  }
  if (selectionOf(flags) !== undefined) {
    throw new UsageError(
      "a journal holds every event, or it could not be folded: select with check or replay",
    );
  }
  const options = withClock(await readOptions(flags), clockOf(flags, file, [file]));
  if (!toStdout) await refuseInputs(file, options, flags.output);
  const summary = toStdout
    ? await importToStdout(file, options, session)
    : await importToFile(file, flags.output, options, session);
  if (summary === undefined) {
    await io.stderr.write("mmreplay: interrupted, nothing was written\n");
    return EXIT_INTERRUPTED;
  }
  const { observations, skipped, lost } = summary;
  if (flags.json) await io.stdout.write(jsonText({ observations, skipped, lost }));
  else {
    const text = `${observations} observations, ${skipped} lines not read, ${lost} events lost\n`;
    await (toStdout ? io.stderr : io.stdout).write(text);
  }
  return io.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

async function refuseInputs(file: string, options: CheckOptions, output: string): Promise<void> {
  const { refuseOwnInput } = await import("../input/own-input.ts");
  const { profile } = options;
  const inputs = profile !== undefined && "file" in profile ? [file, profile.file] : [file];
  refuseOwnInput(output, inputs);
}

async function importTo(
  file: string,
  options: CheckOptions,
  session: Session,
  write: (line: string) => void,
): Promise<ImportSummary> {
  const [{ importBytes }, { openInput }] = await Promise.all([
    import("../recording/import.ts"),
    import("../input/open.ts"),
  ]);
  const { stdin, signal } = session.io;
  return importBytes(file, openInput(file, stdin, signal), options, write, signal);
}

async function importToStdout(
  file: string,
  options: CheckOptions,
  session: Session,
): Promise<ImportSummary> {
  const { stdout } = session.io;
  return importTo(file, options, session, (line) => {
    if (!stdout.closed) void stdout.write(line);
  });
}

/** The summary; undefined when the user interrupted, and nothing was written. */
async function importToFile(
  file: string,
  output: string,
  options: CheckOptions,
  session: Session,
): Promise<ImportSummary | undefined> {
  const { createWholeFile } = await import("./whole-file.ts");
  const whole = createWholeFile(output);
  try {
    const summary = await importTo(file, options, session, (line) => whole.write(line));
    if (session.io.signal.aborted) return undefined;
    whole.finish();
    return summary;
  } finally {
    whole.discard();
  }
}
