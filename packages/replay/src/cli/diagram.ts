/**
 * `diagram FILE [--at N]`: a race as the two-column table of commit messages, ready to be pasted.
 *
 * Without `--at` it shows what `check` would show first.
 */
import type { Command } from "commander";
import type { CheckOptions } from "../recording/check-options.ts";
import type { PictureInput } from "../report/table/picture.ts";
import type { TableFrame } from "../report/table/table.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { addReadOptions, type ReadFlags } from "./read-options.ts";
import {
  addClockOptions,
  addSelectOptions,
  type ClockFlags,
  type SelectFlags,
  selectedOptions,
} from "./select-options.ts";
import { natural, type Session } from "./session.ts";
import { addTableOptions, frameOf, type TableFlags } from "./table-options.ts";

interface Flags extends ReadFlags, ClockFlags, SelectFlags, TableFlags {
  readonly at?: number;
  readonly mermaid?: boolean;
}

/** Adds `diagram` to the program. */
export function defineDiagram(program: Command, session: Session): void {
  const command = program
    .command("diagram")
    .description("print a race as the two-column table of commit messages")
    .argument("<file>", "a journal, text of a recording, gzip of either, or -");
  addSelectOptions(addClockOptions(addReadOptions(command)), "show");
  command.option("--at <index>", "what happened around this event, counted from 0", natural());
  addTableOptions(command)
    .option("--mermaid", "as a sequence diagram of Mermaid")
    .action(session.action((file: string, flags: Flags) => diagram(file, flags, session)));
}

async function diagram(file: string, flags: Flags, { io }: Session): Promise<number> {
  const form = formOf(flags);
  const [{ openInput }, { SimError }] = await Promise.all([
    import("../input/open.ts"),
    import("@mmreplay/events"),
  ]);
  const options = await selectedOptions(flags, file);
  const bytes = openInput(file, io.stdin, io.signal);
  const input =
    flags.at === undefined
      ? await headline(file, bytes, options, io.signal)
      : await (await import("../recording/around.ts")).eventsAround(
          file,
          bytes,
          options,
          flags.at,
          io.signal,
        );
  if (io.signal.aborted) return EXIT_INTERRUPTED;
  const lines = input === undefined ? [] : await drawn(input, form, flags.width);
  if (lines.length === 0) {
    throw new SimError({
      code: "E_NO_PICTURE",
      place: file,
      found: input === undefined ? "no violation" : `no step of the protocol at event ${flags.at}`,
      expected: "a race to show",
      action: "Name an event with --at; mmreplay replay FILE --every 1 lists them.",
    });
  }
  await io.stdout.write(`${lines.join("\n")}\n`);
  return EXIT_OK;
}

function formOf(flags: Flags): TableFrame | "mermaid" {
  const frame = frameOf(flags);
  if (flags.mermaid !== true) return frame ?? "plain";
  if (frame !== undefined) throw new UsageError(`--${frame} and --mermaid exclude each other.`);
  return "mermaid";
}

/** What `check` shows first; undefined when nothing is violated. */
async function headline(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<PictureInput | undefined> {
  const [{ checkBytes }, { headlineOf }] = await Promise.all([
    import("../recording/check.ts"),
    import("../report/check/outcome.ts"),
  ]);
  const report = await checkBytes(file, bytes, options, undefined, signal);
  const finding = headlineOf(report);
  return finding === undefined ? undefined : { ...report, finding };
}

async function drawn(
  input: PictureInput,
  form: TableFrame | "mermaid",
  width: number,
): Promise<string[]> {
  if (form === "mermaid") {
    return (await import("../report/table/mermaid.ts")).mermaidDiagram(input);
  }
  return (await import("../report/table/table.ts")).twoColumnTable(input, { width, frame: form });
}
