/**
 * `debug FILE`: an interactive stepping session.
 *
 * On a terminal it has a prompt, history and completion; from a pipe it reads one verb a line, so a session can be
 * written down and run again. What is wrong with a line that nobody typed goes to standard error, and the exit code
 * says so when all lines have been carried out.
 */
import type { Command } from "commander";
import type { DebugSession } from "../debug/session.ts";
import { counted } from "./counted.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE } from "./exit-code.ts";
import { isSimError } from "./failure.ts";
import { harmless } from "./harmless.ts";
import type { Io } from "./io.ts";
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
  if (io.signal.aborted) {
    await io.stderr.write("mmreplay: interrupted, nothing was carried out\n");
    return EXIT_INTERRUPTED;
  }
  const session = new DebugSession(new Stepper(file, opened));
  await io.stdout.write(textOf(session.greeting()));
  return flags.command === undefined ? converse(session, io) : carryOut(session, flags.command, io);
}

/** Lines as they come, from a terminal or a pipe. */
async function converse(session: DebugSession, io: Io): Promise<number> {
  const { Prompt } = await import("./prompt.ts");
  const prompt = new Prompt(session, io);
  let exit = EXIT_OK;
  for await (const line of prompt.lines()) {
    const { lines, error } = await answerTo(session, line, () => prompt.interrupted);
    await io.stdout.write(textOf(lines));
    if (error !== undefined) {
      await (prompt.isTerminal ? io.stdout : io.stderr).write(textOf([error]));
      if (!prompt.isTerminal) exit = EXIT_USAGE;
    }
    if (session.ended) break;
  }
  if (io.signal.aborted) await io.stderr.write("mmreplay: interrupted\n");
  return prompt.left ? EXIT_INTERRUPTED : exit;
}

/** Lines that are known; each is shown with its answer. */
async function carryOut(session: DebugSession, all: readonly string[], io: Io): Promise<number> {
  let exit = EXIT_OK;
  for (const [at, line] of all.entries()) {
    await io.stdout.write(textOf([`${session.prompt}${line}`]));
    const { lines, error } = await answerTo(session, line, () => io.signal.aborted);
    await io.stdout.write(textOf(lines));
    if (io.signal.aborted) {
      const left = all.length - at - 1;
      const more = left === 0 ? "" : `, ${counted(left, "more line")} not carried out`;
      await io.stderr.write(`mmreplay: interrupted${more}\n`);
      return EXIT_INTERRUPTED;
    }
    if (error !== undefined) {
      await io.stderr.write(textOf([error]));
      exit = EXIT_USAGE;
    }
    if (session.ended) break;
  }
  return exit;
}

interface Answer {
  readonly lines: readonly string[];
  /** What is wrong with the line. */
  readonly error?: string;
}

async function answerTo(
  session: DebugSession,
  line: string,
  stopped: () => boolean,
): Promise<Answer> {
  const { atEaseUntil } = await import("../explore/at-ease.ts");
  try {
    const lines = await atEaseUntil(session.execute(line), stopped);
    return { lines: lines ?? ["interrupted"] };
  } catch (error) {
    if (!isSimError(error)) throw error;
    return { lines: [], error: error.message };
  }
}

const textOf = (lines: readonly string[]): string =>
  lines.map((line) => `${harmless(line)}\n`).join("");
