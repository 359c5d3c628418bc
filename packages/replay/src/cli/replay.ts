/**
 * `replay FILE`: folds a journal, or the explained part of a recording, and prints what it leads to.
 *
 * With a selection or `--every` it prints frames on the way: an event and the state after it. All
 * events are folded, whatever is printed.
 */
import type { Command } from "commander";
import type { Fold, FoldFrame } from "../stream/fold.ts";
import { counted } from "./counted.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import { addReadOptions, type ReadFlags } from "./read-options.ts";
import {
  addClockOptions,
  addSelectOptions,
  type ClockFlags,
  type SelectFlags,
  selectedOptions,
  selectionOf,
} from "./select-options.ts";
import { natural, type Session } from "./session.ts";

/** Frames of one replay; each holds a whole state. */
const FRAMES_MAX = 10_000;

interface Flags extends ReadFlags, SelectFlags, ClockFlags {
  readonly every?: number;
  readonly json?: boolean;
}

/** Adds `replay` to the program. */
export function defineReplay(program: Command, session: Session): void {
  const command = program
    .command("replay")
    .description("fold a journal or a recording; print its final state's hash, and frames")
    .argument("<file>", "a journal, text of a recording, gzip of either, or -");
  addSelectOptions(addClockOptions(addReadOptions(command)), "print frames of")
    .option("--every <n>", "print the frame of every n-th event that is selected", natural(1))
    .option("--json", "print one JSON object")
    .action(session.action((file: string, flags: Flags) => replay(file, flags, session)));
}

async function replay(file: string, flags: Flags, session: Session): Promise<number> {
  const { io } = session;
  const [{ foldBytes }, { openInput }, { SimError }, { wordsOf }] = await Promise.all([
    import("../stream/fold.ts"),
    import("../input/open.ts"),
    import("@mmreplay/events"),
    import("../report/table/vocabulary.ts"),
  ]);
  const selection = selectionOf(flags);
  const every = flags.every ?? (selection === undefined ? Number.POSITIVE_INFINITY : 1);
  let selected = 0;
  const frames: FoldFrame[] = [];
  const lines: string[] = [];
  const visit = (frame: FoldFrame): void => {
    selected += 1;
    if (every === Number.POSITIVE_INFINITY || (selected - 1) % every !== 0) return;
    if (frames.length + lines.length >= FRAMES_MAX) {
      throw new SimError({
        code: "E_FRAMES",
        place: file,
        found: `more than ${FRAMES_MAX} frames`,
        expected: "fewer",
        action: "Choose fewer with --from, --to, --every or another selection.",
      });
    }
    // The state belongs to the fold and goes on changing.
    if (flags.json) frames.push(structuredClone(frame));
    else lines.push(frameLine(frame, wordsOf(frame.event, null).text));
  };
  const options = await selectedOptions(flags, file);
  const bytes = openInput(file, io.stdin, io.signal);
  const fold = await foldBytes(file, bytes, options, visit, io.signal);
  const asked = selection !== undefined || flags.every !== undefined;
  if (asked && selected === 0) lines.push("no frame: no event belongs to what was selected");
  const text = flags.json
    ? jsonText({ ...fieldsOf(fold), ...(asked ? { frames } : {}) })
    : textOf(fold, lines);
  await io.stdout.write(text);
  return io.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

function fieldsOf({ kind, events, unexplained, finalState, stateHash }: Fold): object {
  return { kind, events, unexplained, finalState, stateHash };
}

function textOf(fold: Fold, lines: readonly string[]): string {
  const { mms, notifiers, tasks } = fold.finalState;
  return [
    ...lines,
    `${fold.kind}: ${counted(fold.events, "event")}, ${counted(fold.unexplained, "recorded value")} unexplained`,
    `final state: ${counted(mms.length, "mm")}, ${counted(notifiers.length, "notifier")}, ${counted(tasks.length, "task")}; hash ${fold.stateHash}`,
    "",
  ].join("\n");
}

function frameLine({ index, event, state }: FoldFrame, words: string): string {
  const sequences = state.mms.map((mm, id) => `mm${id} ${sequenceOf(mm)}`).join(", ");
  const line = event.evidence?.[0];
  const where = line === undefined ? "" : ` (line ${line})`;
  const told = `#${index}${where} task${event.task} ${words}`;
  return harmless(sequences === "" ? told : `${told}  [ ${sequences} ]`);
}

function sequenceOf({ subs }: FoldFrame["state"]["mms"][number]): string {
  return subs === null ? "without subscriptions" : `seq ${subs.seq}, ${subs.active} active`;
}
