/**
 * `check FILE...`: recordings or journals to verdicts.
 *
 * Every file is processed, whatever became of those before it; the exit code is that of the worst.
 */
import { type Command, Option } from "commander";
import type { CheckOptions } from "../recording/check-options.ts";
import type { FileReport } from "../recording/check-report.ts";
import type { FileResult, Reporter } from "../report/check/reporter.ts";
import type { ReporterName } from "../report/check/reporters.ts";
import { paintFor } from "./colour.ts";
import {
  combinedExit,
  EXIT_INTERRUPTED,
  EXIT_OK,
  EXIT_UNDECIDED,
  EXIT_USAGE,
  EXIT_VIOLATED,
} from "./exit-code.ts";
import { failureRecord, printFailure } from "./failure.ts";
import { jsonText } from "./json-output.ts";
import { progressOn } from "./progress.ts";
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
import { list, natural, type Session } from "./session.ts";

const REPORTER_NAMES: readonly ReporterName[] = ["text", "ktap", "junit", "github", "md"];

interface Flags extends ReadFlags, SelectFlags, ClockFlags {
  readonly rules?: readonly string[];
  readonly require?: readonly string[];
  readonly reporter: ReporterName;
  readonly json?: boolean;
  readonly explain?: boolean;
  readonly nearMiss?: boolean;
  readonly whole?: boolean;
  readonly allowUndecided?: boolean;
  readonly width: number;
}

/** Adds `check` to the program. */
export function defineCheck(program: Command, session: Session): void {
  const command = program
    .command("check")
    .description("check recordings or journals against the rules of the protocol")
    .argument("<file...>", "text of a recording, a journal, gzip of either, a pattern, or -");
  addSelectOptions(addClockOptions(addReadOptions(command)), "judge")
    .option("--rules <ids>", "run only these rules (K-I13,K-I14)", list)
    .option("--require <ids>", "rules that must be observed, or the file is undecided", list)
    .addOption(
      new Option("--reporter <name>", "how to print the results")
        .choices(REPORTER_NAMES)
        .default("text"),
    )
    .option("--whole", "take a text that does not count its events as whole")
    .option("--explain", "say what each rule demands and how it came out (text, md, --json)")
    .option("--near-miss", "say how often a race was run into and caught (text, md, --json)")
    .option("--allow-undecided", "exit with 0 instead of 3 when a file is undecided")
    .option("--width <columns>", "width of the two-column table", natural(40), 75)
    .option("--json", "print one JSON object")
    .action(session.action((files: string[], flags: Flags) => check(files, flags, session)));
}

async function check(files: readonly string[], flags: Flags, session: Session): Promise<number> {
  const { io } = session;
  const { createReporter } = await import("../report/check/reporters.ts");
  const { expandInputs } = await import("../input/expand.ts");
  const options = await checkOptions(flags);
  const inputs = await expandInputs(files);
  const names = inputs.map(({ file }) => file);
  const optionsOf = (file: string): CheckOptions => withClock(options, clockOf(flags, file, names));
  // A mistake in an offset is one of the command, not of a file.
  for (const name of names) optionsOf(name);
  const reporter = flags.json
    ? undefined
    : createReporter(flags.reporter, {
        paint: paintFor(io.stdout, io.environment),
        explain: flags.explain ?? false,
        nearMiss: flags.nearMiss ?? false,
        width: flags.width,
        required: flags.require ?? [],
      });
  const results = await checkFiles(inputs, optionsOf, reporter, session);
  await io.stdout.write(reporter?.end(results) ?? jsonText(await jsonFields(results, flags)));
  if (io.signal.aborted) return EXIT_INTERRUPTED;
  return combinedExit(results.map((result) => exitOf(result, flags.allowUndecided ?? false)));
}

async function checkOptions(flags: Flags): Promise<CheckOptions> {
  const { selectRules } = await import("../recording/checker.ts");
  selectRules(flags.rules);
  selectRules(flags.require);
  const selection = selectionOf(flags);
  return {
    ...(await readOptions(flags)),
    ...(selection === undefined ? {} : { selection }),
    ...(flags.whole === undefined ? {} : { whole: flags.whole }),
    ...(flags.rules === undefined ? {} : { rules: flags.rules }),
    ...(flags.require === undefined ? {} : { require: flags.require }),
  };
}

/** Checks and reports one file after the other; what is kept of each is without its slice. */
async function checkFiles(
  inputs: readonly { readonly file: string; readonly error?: Error }[],
  optionsOf: (file: string) => CheckOptions,
  reporter: Reporter | undefined,
  session: Session,
): Promise<FileResult[]> {
  const { stdout, signal } = session.io;
  const results: FileResult[] = [];
  if (reporter !== undefined) await stdout.write(reporter.begin(inputs.length));
  for (const [index, { file, error }] of inputs.entries()) {
    if (signal.aborted) break;
    const result =
      error === undefined
        ? await checkFile(file, optionsOf(file), session)
        : await failed(file, error, session);
    // Interrupted before there was anything to say of it.
    if (result === undefined) break;
    if (reporter !== undefined) await stdout.write(reporter.file(result, index));
    results.push("error" in result ? result : { ...result, slice: [] });
  }
  return results;
}

async function checkFile(
  file: string,
  options: CheckOptions,
  session: Session,
): Promise<FileResult | undefined> {
  const { io } = session;
  const [{ openInput }, { checkBytes }] = await Promise.all([
    import("../input/open.ts"),
    import("../recording/check.ts"),
  ]);
  const progress = progressOn(io.stderr);
  try {
    return await checkBytes(
      file,
      openInput(file, io.stdin, io.signal),
      options,
      (lines) => progress.show(`${file}: ${lines} lines`),
      io.signal,
    );
  } catch (error) {
    progress.clear();
    return io.signal.aborted ? undefined : failed(file, error, session);
  } finally {
    progress.clear();
  }
}

async function failed(file: string, error: unknown, session: Session): Promise<FileResult> {
  const record = failureRecord(error, file);
  await printFailure(session.io, record, error, session.debug);
  return { file, error: record };
}

function exitOf(result: FileResult, allowUndecided: boolean): number {
  if ("error" in result) return EXIT_USAGE;
  if (result.verdict === "violated") return EXIT_VIOLATED;
  return result.verdict === "held" || allowUndecided ? EXIT_OK : EXIT_UNDECIDED;
}

async function jsonFields(
  results: readonly FileResult[],
  { explain, nearMiss }: Flags,
): Promise<object> {
  const { nearMisses } = await import("../report/check/near-miss.ts");
  const files = results.map((result) => {
    if ("error" in result) return result;
    const fields = withoutEvents(result);
    return nearMiss === true ? { ...fields, nearMisses: nearMisses(result) } : fields;
  });
  if (explain !== true) return { files };
  const { RULES } = await import("@mmreplay/core");
  const rules = RULES.map(({ id, kind, severity, statement, source }) => [
    id,
    { kind, severity, statement, source },
  ]);
  return { files, rules: Object.fromEntries(rules) };
}

/** The slice serves the table, the names of tasks stand in the findings. */
function withoutEvents({ slice: _, taskNames: __, ...fields }: FileReport): object {
  return fields;
}
