/**
 * `export FILE --to chrome -o OUT`: a trace for viewers that read Chrome's format, Perfetto among them.
 */
import { type Command, Option } from "commander";
import type { ExportSummary } from "../export/export.ts";
import { counted } from "./counted.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { jsonText } from "./json-output.ts";
import { addReadOptions, type ReadFlags } from "./read-options.ts";
import {
  addClockOptions,
  addSelectOptions,
  type ClockFlags,
  type SelectFlags,
  selectedOptions,
} from "./select-options.ts";
import type { Session } from "./session.ts";

/** `--to` is the format here, so the last event is `--until`. */
interface Flags extends ReadFlags, ClockFlags, Omit<SelectFlags, "to"> {
  readonly to: "chrome";
  readonly until?: SelectFlags["to"];
  readonly output: string;
  readonly json?: boolean;
}

/** Adds `export` to the program. */
export function defineExport(program: Command, session: Session): void {
  const command = program
    .command("export")
    .description("write a trace that other viewers read")
    .argument("<file>", "a journal, text of a recording, gzip of either, or -");
  addSelectOptions(addClockOptions(addReadOptions(command)), "export", "--until")
    .addOption(new Option("--to <format>", "its format").choices(["chrome"]).makeOptionMandatory())
    .requiredOption("-o, --output <file>", "the trace to write, or - for standard output")
    .option("--json", "print one JSON object")
    .action(session.action((file: string, flags: Flags) => exportFile(file, flags, session)));
}

async function exportFile(file: string, flags: Flags, { io }: Session): Promise<number> {
  const [{ exportChrome }, { openInput }, { createWholeFile }, { refuseOwnInput }] =
    await Promise.all([
      import("../export/export.ts"),
      import("../input/open.ts"),
      import("./whole-file.ts"),
      import("../input/own-input.ts"),
    ]);
  const toStdout = flags.output === "-";
  if (toStdout && flags.json)
    throw new UsageError("With -o - the trace is on standard output: leave out --json.");
  if (!toStdout) refuseOwnInput(flags.output, [file]);
  const bytes = openInput(file, io.stdin, io.signal);
  const { to: _, until, ...chosen } = flags;
  const all = { ...chosen, ...(until === undefined ? {} : { to: until }) };
  const options = await selectedOptions(all, file);
  const exported = (write: (text: string) => void): Promise<ExportSummary> =>
    exportChrome(file, bytes, options, write, io.signal);
  if (toStdout) {
    await exported((text) => void io.stdout.write(text));
    return io.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
  }
  const whole = createWholeFile(flags.output);
  try {
    const summary = await exported((text) => whole.write(text));
    if (io.signal.aborted) {
      await io.stderr.write("mmreplay: interrupted, nothing was written\n");
      return EXIT_INTERRUPTED;
    }
    whole.finish();
    const { events, records, violations } = summary;
    const text = `${counted(events, "event")}, ${counted(records, "record")}, ${counted(violations, "violation")}\n`;
    await io.stdout.write(flags.json ? jsonText(summary) : text);
    return EXIT_OK;
  } finally {
    whole.discard();
  }
}
