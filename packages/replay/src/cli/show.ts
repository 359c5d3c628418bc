/**
 * `show FILE --at N [--diff M]`: the state after event N, or what changed between two.
 */

import type { State } from "@mmreplay/core";
import type { Command } from "commander";
import type { Change } from "../report/changes.ts";
import { counted } from "./counted.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { harmless } from "./harmless.ts";
import { jsonText } from "./json-output.ts";
import { addReadOptions, type ReadFlags, readOptions } from "./read-options.ts";
import { natural, type Session } from "./session.ts";

interface Flags extends ReadFlags {
  readonly at: number;
  readonly diff?: number;
  readonly json?: boolean;
}

/** Adds `show` to the program. */
export function defineShow(program: Command, session: Session): void {
  const command = program
    .command("show")
    .description("print the state after an event, or what changed between two events")
    .argument("<file>", "a journal, text of a recording, gzip of either, or -")
    .requiredOption("--at <index>", "the event, counted from 0", natural());
  addReadOptions(command)
    .option("--diff <index>", "print what changes from --at to this event", natural())
    .option("--json", "print one JSON object")
    .action(session.action((file: string, flags: Flags) => show(file, flags, session)));
}

async function show(file: string, flags: Flags, session: Session): Promise<number> {
  const { io } = session;
  const { changesBetween, leavesOf } = await import("../report/changes.ts");
  const states = await statesAt(file, flags, session);
  if (states === undefined) return EXIT_INTERRUPTED;
  const [state, other] = states;
  if (other === undefined) {
    const text = flags.json
      ? jsonText({ at: flags.at, state })
      : `state after event ${flags.at}\n${leavesOf(state).map(leafLine).join("")}`;
    await io.stdout.write(text);
    return EXIT_OK;
  }
  const changes = changesBetween(state, other);
  const text = flags.json
    ? jsonText({ at: flags.at, diff: flags.diff, changes })
    : `from event ${flags.at} to event ${flags.diff}: ${counted(changes.length, "change")}\n${changes.map(changeLine).join("")}`;
  await io.stdout.write(text);
  return EXIT_OK;
}

/** Copies of the states after the asked events; undefined when the user interrupted. */
async function statesAt(
  file: string,
  { at, diff, ...flags }: Flags,
  { io }: Session,
): Promise<[State, State | undefined] | undefined> {
  const [{ foldBytes }, { openInput }, { SimError }] = await Promise.all([
    import("../stream/fold.ts"),
    import("../input/open.ts"),
    import("@mmreplay/events"),
  ]);
  const states = new Map<number, State>();
  const fold = await foldBytes(
    file,
    openInput(file, io.stdin, io.signal),
    await readOptions(flags),
    ({ index, state }) => {
      if (index === at || index === diff) states.set(index, structuredClone(state));
    },
    io.signal,
  );
  if (io.signal.aborted) return undefined;
  const stateOf = (index: number): State => {
    const state = states.get(index);
    if (state !== undefined) return state;
    throw new SimError({
      code: "E_INDEX",
      place: file,
      found: `no event ${index}`,
      expected: `an index from 0 to ${fold.events - 1}`,
      action: "mmreplay replay FILE counts the events.",
    });
  };
  return [stateOf(at), diff === undefined ? undefined : stateOf(diff)];
}

function leafLine({ path, value }: { path: string; value: unknown }): string {
  return `${harmless(`  ${path} = ${JSON.stringify(value)}`)}\n`;
}

function changeLine({ path, before, after }: Change): string {
  const short = (value: unknown): string => JSON.stringify(value) ?? "absent";
  return `${harmless(`  ${path}: ${short(before)} -> ${short(after)}`)}\n`;
}
