/**
 * `view FILE -o OUT`: one self-contained page with the events, their state at every moment and the findings.
 *
 * The journal is compressed while the file is read, so that a large one is never text in memory.
 */
import type { Command } from "commander";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { addReadOptions, type ReadFlags } from "./read-options.ts";
import {
  addClockOptions,
  addSelectOptions,
  type ClockFlags,
  type SelectFlags,
  selectedOptions,
} from "./select-options.ts";
import type { Session } from "./session.ts";

interface Flags extends ReadFlags, ClockFlags, SelectFlags {
  readonly output: string;
  readonly whole?: boolean;
}

/** Adds `view` to the program. */
export function defineView(program: Command, session: Session): void {
  const command = program
    .command("view")
    .description("write one page (HTML) that shows a recording or a run, from a file and offline")
    .argument("<file>", "a journal, text of a recording, gzip of either, or -")
    .requiredOption("-o, --output <file>", "the page to write, or - for standard output");
  addSelectOptions(addClockOptions(addReadOptions(command)), "list and judge")
    .option("--whole", "the text has no counts, but nothing of it is missing")
    .action(session.action((file: string, flags: Flags) => view(file, flags, session)));
}

async function view(file: string, flags: Flags, { io }: Session): Promise<number> {
  const [{ openInput }, { refuseOwnInput }, { writePage }, { packageVersion }] = await Promise.all([
    import("../input/open.ts"),
    import("../input/own-input.ts"),
    import("../view/write-page.ts"),
    import("./version.ts"),
  ]);
  const toStdout = flags.output === "-";
  if (!toStdout) refuseOwnInput(flags.output, [file]);
  const { whole } = flags;
  const options = {
    ...(await selectedOptions(flags, file)),
    ...(whole === undefined ? {} : { whole }),
  };
  const source = {
    file,
    bytes: openInput(file, io.stdin, io.signal),
    options,
    writtenBy: packageVersion(),
    signal: io.signal,
  };
  if (toStdout) {
    const written = await writePage(source, (text) => void io.stdout.write(text));
    return written ? EXIT_OK : EXIT_INTERRUPTED;
  }
  const { createWholeFile } = await import("./whole-file.ts");
  const page = createWholeFile(flags.output);
  try {
    if (!(await writePage(source, (text) => page.write(text)))) return EXIT_INTERRUPTED;
    page.finish();
    return EXIT_OK;
  } finally {
    page.discard();
  }
}
