/**
 * The program: all commands, and the one place where an error becomes an exit code.
 *
 * commander ends usage errors with 1, which means "violated" here; `exitOverride` hands them over
 * instead. It is inherited only by commands that are made after it, with `.command()`.
 */
import { Command, CommanderError } from "commander";
import { defineBench } from "./bench.ts";
import { defineCheck } from "./check.ts";
import { defineConform } from "./conform.ts";
import { defineDebug } from "./debug.ts";
import { defineDemo } from "./demo.ts";
import { defineDiagram } from "./diagram.ts";
import { defineDiff } from "./diff.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE } from "./exit-code.ts";
import { defineExplore } from "./explore.ts";
import { defineExport } from "./export.ts";
import { failureRecord, printFailure, UsageError } from "./failure.ts";
import { defineFuzz } from "./fuzz.ts";
import { defineGenerate } from "./generate.ts";
import { harmless } from "./harmless.ts";
import { defineImport } from "./import.ts";
import type { Io } from "./io.ts";
import { defineRecord } from "./record.ts";
import { defineReplay } from "./replay.ts";
import { defineScenario } from "./scenario.ts";
import { defineSees } from "./sees.ts";
import type { Define, Session } from "./session.ts";
import { defineShow } from "./show.ts";
import { defineSuite } from "./suite.ts";
import { packageVersion } from "./version.ts";
import { defineView } from "./view.ts";
import { defineZoo } from "./zoo.ts";

const COMMANDS: readonly Define[] = [
  defineDemo,
  defineCheck,
  defineReplay,
  defineImport,
  defineShow,
  defineDebug,
  defineDiagram,
  defineDiff,
  defineExport,
  defineView,
  defineConform,
  defineScenario,
  defineExplore,
  defineFuzz,
  defineZoo,
  defineSees,
  defineSuite,
  defineRecord,
  defineGenerate,
  defineBench,
];

const EPILOGUE = `
Exit codes: 0 held or done, 1 violated or different, 2 bad usage or unreadable input, 3 undecided.
Start with:  mmreplay demo
`;

/**
 * Runs the command line and returns its exit code; nothing else ends the process.
 *
 * @example
 * ```ts
 * const code = await run(["check", "trace.txt"], io); // 0 held, 1 violated, 2 error, 3 undecided
 * ```
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exit = EXIT_OK;
  const debug = argv.includes("--debug");
  const session: Session = {
    io,
    debug,
    action:
      (act) =>
      async (...args) => {
        exit = await act(...args);
      },
  };
  const writes: Promise<void>[] = [];
  try {
    await programOf(session, writes).parseAsync([...argv], { from: "user" });
  } catch (error) {
    exit = await exitOf(error, session);
  }
  await Promise.all(writes);
  return exit;
}

function programOf(session: Session, writes: Promise<void>[]): Command {
  const { io } = session;
  const program = new Command("mmreplay")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void writes.push(io.stdout.write(text)),
      writeErr: (text) => void writes.push(io.stderr.write(text)),
      outputError: (text, write) => write(usageLine(text, "mmreplay")),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .description("Replays and checks recorded Linux mmu-notifier traces.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EPILOGUE);
  for (const define of COMMANDS) define(program, session);
  for (const command of program.commands) {
    command.option("--debug", "print the stack of an error");
    pointToHelp(command, `mmreplay ${command.name()}`);
  }
  return program;
}

/** The errors of a command, and of those below it, end in where its help is. */
function pointToHelp(command: Command, path: string): void {
  command.configureOutput({ outputError: (text, write) => write(usageLine(text, path)) });
  for (const below of command.commands) pointToHelp(below, `${path} ${below.name()}`);
}

/** An error of commander as one line: what is wrong, what was perhaps meant, where the help is. */
function usageLine(text: string, path: string): string {
  const told = text
    .trimEnd()
    .replace(/^error: /, "")
    .replace(/\n\((Did you mean .*\?)\)$/, ". $1");
  const stop = /[.?]$/.test(told) ? "" : ".";
  return `mmreplay: ${harmless(told)}${stop} ${path} --help lists what there is.\n`;
}

async function exitOf(error: unknown, session: Session): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  if (error instanceof UsageError) {
    await session.io.stderr.write(`mmreplay: ${harmless(error.message)}\n`);
    return EXIT_USAGE;
  }
  if (session.io.signal.aborted) {
    // What was read was cut by the interruption: its mistakes are not the user's.
    await session.io.stderr.write("mmreplay: interrupted\n");
    return EXIT_INTERRUPTED;
  }
  await printFailure(session.io, failureRecord(error, "mmreplay"), error, session.debug);
  return EXIT_USAGE;
}
