/**
 * `diff A B`: where two runs first differ, aligned by what each task did and by who met whom first.
 */
import type { Command } from "commander";
import type { Alignment, Difference } from "../diff/align.ts";
import type { OpenedTimeline } from "../timeline/open.ts";
import { counted } from "./counted.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_VIOLATED } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import { addReadOptions, type ReadFlags, readOptions } from "./read-options.ts";
import type { Session } from "./session.ts";

/** Differences that are printed; `--json` has more. */
const PRINTED_MAX = 20;

interface Flags extends ReadFlags {
  readonly json?: boolean;
}

/** Adds `diff` to the program. */
export function defineDiff(program: Command, session: Session): void {
  const command = program
    .command("diff")
    .description("say where two runs first differ, apart from orders that mean nothing")
    .argument("<a>", "a journal, text of a recording, gzip of either, or -")
    .argument("<b>", "the other one");
  addReadOptions(command)
    .option("--json", "print one JSON object")
    .action(session.action((a: string, b: string, flags: Flags) => diff([a, b], flags, session)));
}

async function diff(files: [string, string], flags: Flags, { io }: Session): Promise<number> {
  if (files.every((file) => file === "-")) throw new UsageError("Only one of them can be -.");
  const [{ openTimeline }, { align }, { openInput }, words] = await Promise.all([
    import("../timeline/open.ts"),
    import("../diff/align.ts"),
    import("../input/open.ts"),
    import("../debug/words.ts"),
  ]);
  const options = await readOptions(flags);
  const open = (file: string): Promise<OpenedTimeline> =>
    openTimeline(file, openInput(file, io.stdin, io.signal), options, { signal: io.signal });
  const first = await open(files[0]);
  // A file that nobody reads any more looks empty.
  const second = io.signal.aborted ? undefined : await open(files[1]);
  if (second === undefined || io.signal.aborted) {
    await io.stderr.write("mmreplay: interrupted, nothing was compared\n");
    return EXIT_INTERRUPTED;
  }
  const opened = [first, second] as const;
  const recorded = opened.some(({ summary }) => summary.kind === "recording");
  const alignment = align(opened[0].timeline, opened[1].timeline, recorded);
  const told = (at: number, which: 0 | 1): string => {
    const { timeline, summary } = opened[which];
    const nameOf = (task: number): string => summary.taskNames.get(task) ?? `task${task}`;
    return words.eventLine(timeline.eventAt(at), nameOf);
  };
  const text = flags.json
    ? jsonText({
        equal: alignment.equal,
        firstDivergence: alignment.first,
        differences: alignment.differences,
        more: alignment.more,
      })
    : textOf(alignment, told);
  await io.stdout.write(text);
  return alignment.equal ? EXIT_OK : EXIT_VIOLATED;
}

type Tell = (at: number, which: 0 | 1) => string;

function textOf({ equal, differences, more }: Alignment, told: Tell): string {
  if (equal) return "equal: each task did the same, and all met in the same order\n";
  const shown = differences.slice(0, PRINTED_MAX).flatMap((one) => linesOf(one, told));
  const left = differences.length - PRINTED_MAX;
  const rest =
    left > 0 ? [`... and ${counted(left, "more difference")}${more ? " or more" : ""}`] : [];
  return [...shown, ...rest].map((line) => `${harmless(line)}\n`).join("");
}

function linesOf(difference: Difference, told: Tell): string[] {
  const { kind, a, b, object, fields, apart } = difference;
  const heads = {
    event:
      fields === undefined ? "a task goes another way" : `a task differs in ${fields.join(", ")}`,
    missing: "a task does more in one of them",
    order: `${object} is met in another order`,
  };
  const counts =
    apart === undefined || apart.a + apart.b <= 1 || (apart.a === 1 && apart.b === 1)
      ? ""
      : `, ${apart.a} against ${counted(apart.b, "event")} until both go on alike`;
  const absent = "no such step";
  return [
    `${heads[kind]}${counts}:`,
    `  a  ${a === null ? absent : told(a, 0)}`,
    `  b  ${b === null ? absent : told(b, 1)}`,
  ];
}
