/**
 * `debug FILE`: an interactive stepping session.
 *
 * On a terminal it has a prompt, history and completion; from a pipe it reads one verb a line, so a session can be
 * written down and run again.
 */
import type { Command } from "commander";
import type { DebugSession } from "../debug/session.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { harmless } from "./harmless.ts";
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
  readonly command?: readonly string[];
}

/** Adds `debug` to the program. */
export function defineDebug(program: Command, session: Session): void {
  const command = program
    .command("debug")
    .description("step through a journal or a recording, both ways in time")
    .argument("<file>", "a journal, text of a recording, or gzip of either");
  addSelectOptions(addClockOptions(addReadOptions(command)), "step through")
    .option("-c, --command <line...>", "carry out these lines and end")
    .action(session.action((file: string, flags: Flags) => debug(file, flags, session)));
}

async function debug(file: string, flags: Flags, { io }: Session): Promise<number> {
  const [{ openTimeline }, { DebugSession }, { Stepper }, { openInput }] = await Promise.all([
    import("../timeline/open.ts"),
    import("../debug/session.ts"),
    import("../debug/stepper.ts"),
    import("../input/open.ts"),
  ]);
  const bytes = openInput(file, io.stdin, io.signal);
  const options = await selectedOptions(flags, file);
  const opened = await openTimeline(file, bytes, options, { signal: io.signal });
  if (io.signal.aborted) return EXIT_INTERRUPTED;
  const session = new DebugSession(new Stepper(file, opened, () => io.signal.aborted));
  const write = async (lines: readonly string[]): Promise<void> => {
    await io.stdout.write(lines.map((line) => `${harmless(line)}\n`).join(""));
  };
  await write(session.greeting());
  if (flags.command !== undefined) {
    for (const line of flags.command) await say(session, line, write);
    return EXIT_OK;
  }
  const { linesOf } = await import("./prompt.ts");
  for await (const line of linesOf(session, io)) {
    await write(session.execute(line));
    if (session.ended) break;
  }
  return io.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

/** A line that nobody typed is shown with its answer. */
async function say(
  session: DebugSession,
  line: string,
  write: (lines: readonly string[]) => Promise<void>,
): Promise<void> {
  await write([`${session.prompt}${line}`, ...session.execute(line)]);
}
