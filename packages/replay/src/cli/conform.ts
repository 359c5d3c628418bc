/**
 * `conform FILE...`: recorded vectors of the kernel's own C code, step by step.
 *
 * Every file is processed. A file that ends inside an execution was cut and is an error: what it
 * lost was not compared.
 */
import type { Command } from "commander";
import type { ConformCounts, Mismatch } from "../conform/conform.ts";
import { paintFor } from "./colour.ts";
import { combinedExit, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE, EXIT_VIOLATED } from "./exit-code.ts";
import { type FailureRecord, failureRecord, printFailure } from "./failure.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import { progressOn } from "./progress.ts";
import type { Session } from "./session.ts";

/** Mismatches that the text shows; `--json` has all. */
const SHOWN_MAX = 20;

interface Comparison {
  readonly counts: ConformCounts;
  readonly mismatches: (Mismatch & { readonly file: string })[];
  readonly errors: (FailureRecord & { readonly file: string })[];
  files: number;
}

/** Adds `conform` to the program. */
export function defineConform(program: Command, session: Session): void {
  program
    .command("conform")
    .description("compare the simulator with recorded steps of the kernel's own C code")
    .argument("<file...>", "vector files (JSON Lines, gzip or not), patterns, or -")
    .option("--json", "print one JSON object")
    .action(
      session.action((files: string[], flags: { json?: boolean }) =>
        conform(files, flags.json ?? false, session),
      ),
    );
}

async function conform(files: readonly string[], json: boolean, session: Session): Promise<number> {
  const { io } = session;
  const { expandInputs } = await import("../input/expand.ts");
  const comparison: Comparison = { counts: noCounts(), mismatches: [], errors: [], files: 0 };
  for (const { file, error } of await expandInputs(files)) {
    if (io.signal.aborted) break;
    comparison.files += 1;
    try {
      if (error !== undefined) throw error;
      await conformFile(file, comparison, session);
    } catch (error) {
      const record = failureRecord(error, file);
      comparison.errors.push({ file, ...record });
      await printFailure(io, record, error, session.debug);
    }
  }
  await io.stdout.write(json ? jsonText(fieldsOf(comparison)) : textOf(comparison, session));
  if (io.signal.aborted) return EXIT_INTERRUPTED;
  return combinedExit([
    comparison.errors.length > 0 ? EXIT_USAGE : EXIT_OK,
    comparison.mismatches.length > 0 ? EXIT_VIOLATED : EXIT_OK,
  ]);
}

async function conformFile(file: string, comparison: Comparison, session: Session): Promise<void> {
  const { io } = session;
  const [{ openInput }, { textLines }, { readVectorLine, SimError }, { Conformance }] =
    await Promise.all([
      import("../input/open.ts"),
      import("../input/lines.ts"),
      import("@mmreplay/events"),
      import("../conform/conform.ts"),
    ]);
  const progress = progressOn(io.stderr);
  const conformance = new Conformance();
  let line = 0;
  try {
    for await (const { number, text } of textLines(openInput(file, io.stdin, io.signal))) {
      line = number;
      conformance.line(readVectorLine(text));
      progress.show(`${file}: ${conformance.counts.executions} executions`);
    }
    if (!io.signal.aborted && (conformance.unfinished || line === 0)) {
      throw new SimError({
        code: line === 0 ? "E_EMPTY" : "E_VECTOR",
        found: line === 0 ? "an empty file" : "the end of the file inside an execution",
        expected: "executions of the form exec, step …, end",
        action: "The file was cut: fetch it again.",
      });
    }
  } catch (error) {
    throw error instanceof SimError && line > 0 ? error.at(`${file}:${line}`) : error;
  } finally {
    progress.clear();
    add(comparison.counts, conformance.counts);
    comparison.mismatches.push(...conformance.mismatches.map((one) => ({ file, ...one })));
  }
}

function noCounts(): ConformCounts {
  return {
    executions: 0,
    steps: 0,
    staleExpected: 0,
    staleFound: 0,
    staleMissed: 0,
    staleExtra: 0,
  };
}

function add(sum: ConformCounts, counts: ConformCounts): void {
  for (const key of Object.keys(sum) as (keyof ConformCounts)[]) sum[key] += counts[key];
}

function fieldsOf({ counts, mismatches, errors, files }: Comparison): object {
  return {
    files,
    executions: counts.executions,
    steps: counts.steps,
    mismatches,
    stale: {
      expected: counts.staleExpected,
      found: counts.staleFound,
      missed: counts.staleMissed,
      extra: counts.staleExtra,
    },
    ...(errors.length > 0 ? { errors } : {}),
  };
}

function textOf({ counts, mismatches, errors, files }: Comparison, session: Session): string {
  const paint = paintFor(session.io.stdout, session.io.environment);
  const shown = mismatches.slice(0, SHOWN_MAX).map(mismatchLine);
  const omitted = mismatches.length - shown.length;
  const verdict =
    mismatches.length > 0
      ? paint("red", `${mismatches.length} mismatches`)
      : paint("green", "no mismatch");
  const unread = errors.length === 0 ? "" : `, ${errors.length} files not readable`;
  return [
    ...shown,
    ...(omitted > 0 ? [`(${omitted} more mismatches omitted; --json has them)`] : []),
    `${files} files, ${counts.executions} executions, ${counts.steps} steps: ${verdict}${unread}`,
    `stale pages of seeded driver bugs: ${counts.staleExpected} recorded, ${counts.staleFound} found, ${counts.staleMissed} missed, ${counts.staleExtra} extra`,
    "",
  ].join("\n");
}

function mismatchLine(one: Mismatch & { readonly file: string }): string {
  const short = (value: unknown): string => {
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
  };
  return harmless(
    `${one.file}: ${one.execution} step ${one.step}: ${one.field}: expected ${short(one.expected)}, found ${short(one.actual)}`,
  );
}
