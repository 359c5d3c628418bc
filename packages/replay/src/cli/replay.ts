/**
 * `replay FILE`: folds a journal, or the explained part of a recording, and prints what it leads to.
 *
 * With `--from`, `--to` or `--every` it prints frames on the way: an event and the state after it.
 */
import type { Command } from "commander";
import type { Fold, FoldFrame } from "../stream/fold.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import { addReadOptions, type ReadFlags, readOptions } from "./read-options.ts";
import { natural, type Session } from "./session.ts";

/** Frames of one replay; each holds a whole state. */
const FRAMES_MAX = 10_000;

interface Flags extends ReadFlags {
  readonly from?: number;
  readonly to?: number;
  readonly every?: number;
  readonly json?: boolean;
}

/** Adds `replay` to the program. */
export function defineReplay(program: Command, session: Session): void {
  const command = program
    .command("replay")
    .description("fold a journal or a recording; print its final state's hash, and frames")
    .argument("<file>", "a journal, text of a recording, gzip of either, or -");
  addReadOptions(command)
    .option("--from <index>", "print frames from this event on", natural())
    .option("--to <index>", "print frames up to this event", natural())
    .option("--every <n>", "print the frame of every n-th event", natural(1))
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
  const wanted = frameFilter(flags);
  const frames: FoldFrame[] = [];
  const lines: string[] = [];
  const visit = (frame: FoldFrame): void => {
    if (!wanted(frame.index)) return;
    if (frames.length + lines.length >= FRAMES_MAX) {
      throw new SimError({
        code: "E_FRAMES",
        place: file,
        found: `more than ${FRAMES_MAX} frames`,
        expected: "fewer",
        action: "Choose fewer with --from, --to and --every.",
      });
    }
    // The state belongs to the fold and goes on changing.
    if (flags.json) frames.push(structuredClone(frame));
    else lines.push(frameLine(frame, wordsOf(frame.event, null).text));
  };
  const options = await readOptions(flags);
  const bytes = openInput(file, io.stdin, io.signal);
  const fold = await foldBytes(file, bytes, options, visit, io.signal);
  const text = flags.json ? jsonText(fieldsOf(fold, flags, frames)) : textOf(fold, lines);
  await io.stdout.write(text);
  return io.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

/** Which events' frames are printed: none unless one of the three options is given. */
function frameFilter({ from, to, every }: Flags): (index: number) => boolean {
  if (from === undefined && to === undefined && every === undefined) return () => false;
  const first = from ?? 0;
  const last = to ?? Number.POSITIVE_INFINITY;
  return (index) => index >= first && index <= last && (index - first) % (every ?? 1) === 0;
}

function fieldsOf(fold: Fold, flags: Flags, frames: readonly FoldFrame[]): object {
  const { kind, events, unexplained, finalState, stateHash } = fold;
  const fields = { kind, events, unexplained, finalState, stateHash };
  return [flags.from, flags.to, flags.every].every((flag) => flag === undefined)
    ? fields
    : { ...fields, frames };
}

function textOf(fold: Fold, lines: readonly string[]): string {
  const { mms, notifiers, tasks } = fold.finalState;
  return [
    ...lines,
    `${fold.kind}: ${fold.events} events, ${fold.unexplained} recorded values unexplained`,
    `final state: ${mms.length} mms, ${notifiers.length} notifiers, ${tasks.length} tasks; hash ${fold.stateHash}`,
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
