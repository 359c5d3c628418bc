/**
 * A recording of any size, made from a seed: text as the recording tools print it.
 *
 * Processes run one after the other, each a workload of its own under the simulator, until there are
 * as many event lines as asked for; the last process may be cut in its midst, as a recorder that is
 * stopped cuts it. The text is made piece by piece, so size costs no memory. As in a real recording,
 * structures come back at the same addresses and thread ids count on.
 */
import type { DriverBug } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { choicesOf } from "./choices.ts";
import { type GeneratedFormat, LAYOUTS } from "./layouts.ts";
import { printingTo } from "./probe-lines.ts";
import type { Printed } from "./scene.ts";
import { simulate } from "./simulate.ts";
import { type WorkloadSize, workload } from "./workload.ts";

/** What a generated recording is made of. */
export interface RecordingOptions {
  /** Event lines. */
  readonly events: number;
  readonly seed: number;
  /** Absent: ftrace. */
  readonly format?: GeneratedFormat;
  /** What the driver does wrong; absent: nothing. */
  readonly bug?: DriverBug;
  /** The size of each process. */
  readonly process?: WorkloadSize;
}

/** Some 150,000 lines a process, with shares like those of the stress program in test/fixtures/traces. */
const PROCESS: WorkloadSize = {
  workers: 8,
  notifiers: 12,
  wide: 3,
  pages: 256,
  regionBits: 5,
  rounds: 450,
};

/** Different sets of addresses that processes use in turn. */
const ADDRESS_SETS = 4;

const CPUS = 4;
const PID_FIRST = 1000;
const PID_LAST = 32_767;
const COMM = "stress";
const BOOTED_MICROSECONDS = 14_000_000;

/** Text is given in pieces of at least this many characters. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * The text of a recording, in pieces; equal options give equal text.
 *
 * @example
 * ```ts
 * const text = Array.from(recordingText({ events: 3, seed: 1 })).join("");
 * text.split("\n").filter((line) => line.includes(": insert: ")).length; // 1
 * ```
 */
export function* recordingText(options: RecordingOptions): Generator<string> {
  const { events, seed, format = "ftrace", bug = "none", process = PROCESS } = options;
  const layout = LAYOUTS[format];
  const choices = choicesOf(seed);
  let text = layout.head(events, CPUS);
  let left = events;
  let microseconds = BOOTED_MICROSECONDS;
  for (let number = 0; left > 0; number++) {
    const scenario = workload(process, choices, bug);
    const before = number * scenario.programs.length;
    const print = ({ task }: MmEvent, printed: Printed): void => {
      if (left === 0) return;
      microseconds += 1 + choices(12);
      const pid = PID_FIRST + ((before + task) % (PID_LAST - PID_FIRST));
      const line = layout.line({ comm: COMM, pid, cpu: task % CPUS, microseconds }, printed);
      if (line === undefined) return;
      text += line;
      left -= 1;
    };
    for (const _ of simulate(
      scenario,
      choices,
      printingTo(print, scenario, number % ADDRESS_SETS),
    )) {
      if (left === 0) break;
      if (text.length < PIECE_CHARACTERS) continue;
      yield text;
      text = "";
    }
  }
  yield text;
}
