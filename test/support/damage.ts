/**
 * Damage to the text of a recording, from a seed.
 *
 * Each kind is something that happens: a trace is cut by a full disk, thinned by grep, read from a
 * pipe that lost events, overwritten by its own ring buffer, pasted together, or hit by a bad byte.
 */
import { type Choices, chance, pick } from "./random.ts";
import { begun } from "./written-trace.ts";

/** Lines of a recording without their ends; the last one is empty where the text ends in a newline. */
export type Lines = readonly string[];

/** One kind of damage. */
export interface Damage {
  readonly name: string;
  /** The damaged lines. */
  damage(lines: Lines, choices: Choices): string[];
  /**
   * What is left may say something that never happened: a letter makes another name of a probe's, a
   * blank makes two numbers of one. No reader can know.
   */
  readonly lies?: boolean;
}

/** Names of probes of the recorders. */
export const PROBES: readonly string[] = [
  "read_begin read_begin_ret inv_start inv_start_ret inv_end inv_end_ret invalidate invalidate_ret",
  "locked unlocking set_seq read_retry read_retry_ret do_fault do_fault_ret pte_store pte_erase",
  "do_update insert insert_ret remove remove_ret hmm_range_fault hmm_range_fault_ret register",
  "release itree_insert itree_remove itree_inv_end",
].flatMap((names) => names.split(" "));

const COUNTS = /(written: |latency: )\d+\/\d+/;
const EVENT = /^.{16}-(\d+) +\[(\d+)\] .*? ([\d.]+): /;

const isHead = (line: string): boolean => line.startsWith("#");
const heads = (lines: Lines): string[] => lines.filter(isHead);
const bodies = (lines: Lines): string[] => lines.filter((line) => !isHead(line));
const cpuOf = (line: string): string | undefined => EVENT.exec(line)?.[2];

/** A number from `low` up to, not including, `high`. */
function between(choices: Choices, low: number, high: number): number {
  return low + choices.below(Math.max(high - low, 1));
}

function withCounts(lines: Lines, inBuffer: number, written: number): string[] {
  return lines.map((line) => line.replace(COUNTS, `$1${inBuffer}/${written}`));
}

const eventCount = (lines: Lines): number => lines.filter((line) => EVENT.test(line)).length;

function withoutEvery(lines: Lines, n: number): string[] {
  return lines.filter((line, at) => isHead(line) || at % n !== 0);
}

/** The recording as it would have been without a probe: its head counts what is there. */
export function notRecorded(lines: Lines, probe: string): string[] {
  const kept = withoutProbe(lines, probe);
  return withCounts(kept, eventCount(kept), eventCount(kept));
}

function withoutProbe(lines: Lines, probe: string): string[] {
  return lines.filter((line) => !line.includes(`: ${probe}: `));
}

/** Neighbours of one time stamp and two processors change places: no clock tells their order. */
function swapped(lines: Lines, choices: Choices): string[] {
  const result = [...lines];
  for (let at = 0; at + 1 < result.length; at += 1) {
    const [here = "", next = ""] = [result[at], result[at + 1]];
    const [, task, cpu, time] = EVENT.exec(here) ?? [];
    const [, otherTask, otherCpu, otherTime] = EVENT.exec(next) ?? [];
    if (time === undefined || time !== otherTime || task === otherTask || cpu === otherCpu)
      continue;
    if (chance(choices, 1, 2)) [result[at], result[at + 1]] = [next, here];
  }
  return result;
}

/** Lines of one time stamp come in any order, even those of one task. */
function shuffled(lines: Lines, choices: Choices): string[] {
  const result: string[] = [];
  let stamp: string | undefined;
  let group: string[] = [];
  const close = () => {
    while (group.length > 0) result.push(...group.splice(choices.below(group.length), 1));
  };
  for (const line of lines) {
    const time = EVENT.exec(line)?.[3];
    if (time === undefined || time !== stamp) close();
    stamp = time;
    group = [...group, line];
  }
  close();
  return result;
}

/** A run of one processor's lines becomes the marker of their loss, where its next event stands. */
function lost(lines: Lines, choices: Choices): string[] {
  const cpus = [...new Set(lines.flatMap((line) => cpuOf(line) ?? []))];
  const cpu = pick(choices, cpus);
  const from = choices.below(Math.floor(lines.length * 0.9));
  const most = between(choices, 1, 500);
  const result: string[] = [];
  let dropped = 0;
  let marked = false;
  for (const [at, line] of lines.entries()) {
    if (at >= from && !marked && cpuOf(line) === cpu) {
      if (dropped < most) {
        dropped += 1;
        continue;
      }
      marked = true;
      result.push(`CPU:${Number(cpu)} [LOST ${dropped} EVENTS]`);
    }
    result.push(line);
  }
  return result;
}

/** Each processor's buffer has overwritten its oldest events; the head counts all. */
function overwritten(lines: Lines, choices: Choices): string[] {
  const begins = new Map<string, number>();
  const started = new Set<string>();
  const kept: string[] = [];
  for (const [at, line] of lines.entries()) {
    const cpu = cpuOf(line);
    if (cpu === undefined) {
      kept.push(line);
      continue;
    }
    if (!begins.has(cpu)) begins.set(cpu, choices.below(Math.floor(lines.length * 0.7)));
    if (at < (begins.get(cpu) ?? 0)) continue;
    if (!started.has(cpu) && started.size > 0) {
      kept.push(`##### CPU ${Number(cpu)} buffer started ####`);
    }
    started.add(cpu);
    kept.push(line);
  }
  return withCounts(kept, eventCount(kept), eventCount(lines));
}

/** Up to eight bytes of event lines become others. */
function badBytes(lines: Lines, choices: Choices, byte: () => number): string[] {
  const result = [...lines];
  for (let left = between(choices, 1, 9); left > 0; left -= 1) {
    const row = choices.below(result.length);
    const line = result[row] ?? "";
    if (line === "" || isHead(line)) continue;
    const at = choices.below(line.length);
    result[row] = line.slice(0, at) + String.fromCharCode(byte()) + line.slice(at + 1);
  }
  return result;
}

/** Every kind of damage. */
export const DAMAGES: readonly Damage[] = [
  {
    name: "the beginning is cut off, head and all",
    damage: (lines, choices) => lines.slice(between(choices, 1, lines.length * 0.8)),
  },
  {
    name: "the beginning is cut off after the head",
    damage: (lines, choices) => [
      ...heads(lines),
      ...bodies(lines).slice(between(choices, 1, lines.length * 0.8)),
    ],
  },
  {
    name: "the end is cut off",
    damage: (lines, choices) => [...lines.slice(0, between(choices, 20, lines.length - 1)), ""],
  },
  {
    name: "every n-th line is missing",
    damage: (lines, choices) => withoutEvery(lines, between(choices, 2, 62)),
  },
  {
    name: "every n-th line and the head are missing",
    damage: (lines, choices) => bodies(withoutEvery(lines, between(choices, 2, 62))),
  },
  {
    name: "the lines of a probe are missing",
    damage: (lines, choices) => withoutProbe(lines, pick(choices, PROBES)),
  },
  {
    name: "a probe was not recorded",
    damage: (lines, choices) => notRecorded(lines, pick(choices, PROBES)),
  },
  {
    name: "the lines of a probe and the head are missing",
    damage: (lines, choices) => bodies(withoutProbe(lines, pick(choices, PROBES))),
  },
  { name: "lines of one time stamp are swapped", damage: swapped },
  { name: "lines of one time stamp come in any order", damage: shuffled },
  {
    name: "another recording follows it",
    damage: (lines) => [...lines.slice(0, -1), ...begun().text().toString("latin1").split("\n")],
  },
  { name: "events of a processor are lost, and a marker says so", damage: lost },
  { name: "the buffers were overwritten", damage: overwritten },
  {
    name: "the last line is interrupted",
    damage(lines, choices) {
      const kept = lines.slice(0, between(choices, 30, lines.length - 1));
      const last = kept.pop() ?? "";
      return [...kept, last.slice(0, between(choices, 1, last.length))];
    },
  },
  {
    name: "its head stands in it twice",
    damage(lines, choices) {
      const at = between(choices, 1, bodies(lines).length - 1);
      const head = heads(lines);
      return [...head, ...bodies(lines).slice(0, at), ...head, ...bodies(lines).slice(at)];
    },
  },
  { name: "it stands twice in the file", damage: (lines) => [...lines.slice(0, -1), ...lines] },
  {
    name: "a part of it follows the whole",
    damage: (lines, choices) => [
      ...lines.slice(0, -1),
      ...lines.slice(between(choices, 13, lines.length * 0.9)),
    ],
  },
  {
    name: "a part of it comes before the whole",
    damage: (lines, choices) => [
      ...lines.slice(0, between(choices, 13, lines.length * 0.9)),
      ...lines,
    ],
  },
  {
    name: "single bytes are not of the text",
    damage: (lines, choices) =>
      badBytes(lines, choices, () => pick(choices, [0, 7, 9, 27, 34, 61, 127, 128, 155, 255])),
  },
  {
    name: "single bytes are letters or blanks",
    lies: true,
    damage: (lines, choices) =>
      badBytes(lines, choices, () => pick(choices, [32, 33, 44, 45, 58, 71, 90, 95, 103, 122])),
  },
];
