/**
 * The options that select what is judged or shown, and those that say what a file's clock is.
 *
 * A wrong value is one usage sentence. Nothing but commander is loaded here: `--help` shows these.
 */
import { type Command, InvalidArgumentError } from "commander";
import type { CheckOptions } from "../recording/check-options.ts";
import { CLOCK_NAMES, type ClockName } from "../recording/clock-names.ts";
import type { ClockChoice } from "../recording/clocks.ts";
import type { Position, Selection } from "../recording/selection.ts";
import { UsageError } from "./failure.ts";
import { type ReadFlags, readOptions } from "./read-options.ts";
import { list } from "./session.ts";

/** What commander gives for a selection. */
export interface SelectFlags {
  readonly mm?: readonly string[];
  readonly pid?: readonly number[];
  readonly cpu?: readonly number[];
  readonly range?: NonNullable<Selection["range"]>;
  readonly from?: Position;
  readonly to?: Position;
}

/** What commander gives for the clock. */
export interface ClockFlags {
  readonly clock?: ClockName;
  readonly tsOffset?: ReadonlyMap<string, bigint>;
}

/**
 * Adds the selection to a command; `what` it does with what is selected. `last` is the name of `--to` where a command
 * has that for something else.
 */
export function addSelectOptions(command: Command, what: string, last = "--to"): Command {
  return command
    .option("--mm <names>", `${what} only what concerns these mms: mm0, or pointers`, mms)
    .option("--pid <ids>", `${what} only what these threads took part in`, numbers)
    .option("--cpu <ids>", `${what} only what these processors wrote`, numbers)
    .option("--range <A-B>", `${what} only what concerns an address from A, below B (hex)`, range)
    .option("--from <place>", "begin with this event, or at this time as printed", position)
    .option(`${last} <place>`, "end with this event, or at this time", position);
}

/** Adds `--clock` and `--ts-offset` to a command. */
export function addClockOptions(command: Command): Command {
  return command
    .option("--clock <name>", "the recorder's clock, which its text does not name", clock)
    .option("--ts-offset <FILE=ns>", "add to the times of a file (repeatable)", offset);
}

/** The flags as a selection; undefined when there is none. */
export function selectionOf(flags: SelectFlags): Selection | undefined {
  const { mm, pid, cpu, range, from, to } = flags;
  const selection: Selection = {
    ...(mm === undefined ? {} : { mms: mm }),
    ...(pid === undefined ? {} : { pids: pid }),
    ...(cpu === undefined ? {} : { cpus: cpu }),
    ...(range === undefined ? {} : { range }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  return Object.keys(selection).length === 0 ? undefined : selection;
}

/** All that the flags say of how one file is read, and what of it is selected. */
export async function selectedOptions(
  flags: ReadFlags & ClockFlags & SelectFlags,
  file: string,
): Promise<CheckOptions> {
  const selection = selectionOf(flags);
  const options = {
    ...(await readOptions(flags)),
    ...(selection === undefined ? {} : { selection }),
  };
  return withClock(options, clockOf(flags, file, [file]));
}

/**
 * What is said of the clock of one of the command's files.
 *
 * @throws UsageError when `--ts-offset` names none of them.
 */
export function clockOf(
  { clock: name, tsOffset }: ClockFlags,
  file: string,
  files: readonly string[],
): ClockChoice | undefined {
  for (const one of tsOffset?.keys() ?? []) {
    if (files.includes(one)) continue;
    throw new UsageError(
      `--ts-offset names ${JSON.stringify(one)}, which is no file of this command: write it as it stands there`,
    );
  }
  const shift = tsOffset?.get(file);
  return name === undefined && shift === undefined ? undefined : { name, offset: shift };
}

/** Options with what is said of a file's clock. */
export function withClock(options: CheckOptions, clock: ClockChoice | undefined): CheckOptions {
  return clock === undefined ? options : { ...options, clock };
}

const MM = /^(?:mm\d+|(?:0x)?[0-9a-f]{4,16})$/i;

function mms(text: string, before: readonly string[] = []): string[] {
  const names = list(text);
  if (names.length > 0 && names.every((name) => MM.test(name))) return [...before, ...names];
  throw new InvalidArgumentError("Expected mm0, or a pointer as the recording prints it.");
}

/** A thread id of Linux has at most 22 bits, a processor's number fewer. */
const NUMBER = /^\d{1,7}$/;

function numbers(text: string, before: readonly number[] = []): number[] {
  const items = list(text);
  if (items.length > 0 && items.every((item) => NUMBER.test(item))) {
    return [...before, ...items.map(Number)];
  }
  throw new InvalidArgumentError("Expected whole numbers, separated by commas.");
}

const RANGE = /^(?:0x)?([0-9a-f]{1,16})-(?:0x)?([0-9a-f]{1,16})$/i;

function range(text: string): NonNullable<Selection["range"]> {
  const [, a = "", b = ""] = RANGE.exec(text) ?? [];
  const [start, end] = [a, b].map((digits) => `0x${digits.toLowerCase().padStart(16, "0")}`);
  if (a === "" || start === undefined || end === undefined || start >= end) {
    throw new InvalidArgumentError(
      "Expected two addresses, the lower one first: 0x7f0000001000-0x7f0000002000.",
    );
  }
  return { start, end } as NonNullable<Selection["range"]>;
}

const TIME = /^@?(\d{1,20}(?:\.\d{1,9})?(?:s|ms|us|ns)?)$/;

function position(text: string): Position {
  const index = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(index)) return { index };
  const time = TIME.exec(text)?.[1];
  if (time !== undefined) return { time };
  throw new InvalidArgumentError(
    "Expected an event's index (100), or a time as printed (6.875795, 16170us, @12489).",
  );
}

function clock(text: string): ClockName {
  const name = CLOCK_NAMES.find((one) => one === text);
  if (name !== undefined) return name;
  throw new InvalidArgumentError(`Expected one of ${CLOCK_NAMES.join(", ")}.`);
}

function offset(
  text: string,
  before: ReadonlyMap<string, bigint> = new Map(),
): Map<string, bigint> {
  const at = text.lastIndexOf("=");
  const shift = text.slice(at + 1);
  if (at > 0 && /^[+-]?\d{1,20}$/.test(shift)) {
    return new Map([...before, [text.slice(0, at), BigInt(shift.replace(/^\+/, ""))]]);
  }
  throw new InvalidArgumentError(
    "Expected FILE=ns, a whole number of nanoseconds: trace.txt=-1500.",
  );
}
