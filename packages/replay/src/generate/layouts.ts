/**
 * One line of a recording in each text format that is imported.
 *
 * Widths and separators are those that the tools print (test/fixtures/traces has all of them). tracefs
 * says in its head how many events follow, so the number must be known before the first one.
 */
import type { TextFormat } from "@mmreplay/events";
import { BPFTRACE } from "./bpftrace-layout.ts";
import type { Printed } from "./scene.ts";

/** When, where and by whom a line is printed. */
export interface LineHead {
  readonly comm: string;
  readonly pid: number;
  readonly cpu: number;
  readonly microseconds: number;
}

/** How a format prints. */
export interface Layout {
  /** What stands before the first event. */
  head(events: number, cpus: number): string;
  /** A line with its newline; undefined: the format's recorder has no such probe. */
  line(head: LineHead, printed: Printed): string | undefined;
}

/** A format that can be generated. */
export type GeneratedFormat = Exclude<TextFormat, "ftrace-latency">;

function seconds(microseconds: number): string {
  const whole = String(Math.floor(microseconds / 1e6)).padStart(5);
  return `${whole}.${String(microseconds % 1e6).padStart(6, "0")}`;
}

const task = ({ comm, pid }: LineHead): string => `${comm.padStart(16)}-${String(pid).padEnd(7)}`;
const cpuColumn = ({ cpu }: LineHead): string => `[${String(cpu).padStart(3, "0")}]`;
const afterSpace = (fields: string): string => (fields === "" ? "" : ` ${fields}`);

const FTRACE: Layout = {
  head: (events, cpus) =>
    [
      "# tracer: nop",
      "#",
      `# entries-in-buffer/entries-written: ${events}/${events}   #P:${cpus}`,
      "#",
      "#                                _-----=> irqs-off/BH-disabled",
      "#                               / _----=> need-resched",
      "#                              | / _---=> hardirq/softirq",
      "#                              || / _--=> preempt-depth",
      "#                              ||| / _-=> migrate-disable",
      "#                              |||| /     delay",
      "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION",
      "#              | |         |   |||||     |         |",
      "",
    ].join("\n"),
  line: (head, { site, fields }) =>
    `${task(head)} ${cpuColumn(head)} ..... ${seconds(head.microseconds)}: ${site.probe}: ${site.symbols}${afterSpace(fields)}\n`,
};

const TRACE_CMD: Layout = {
  head: (_, cpus) => `cpus=${cpus}\n`,
  line: (head, { site, fields }) =>
    `${task(head)} ${cpuColumn(head)} ${seconds(head.microseconds)}: ${`${site.probe}:`.padEnd(21)} ${site.addresses}${afterSpace(fields)}\n`,
};

const PERF: Layout = {
  head: () => "",
  line: (head, { site, fields }) => {
    const { comm, pid } = head;
    const who = `${comm.padStart(16)} ${String(pid).padStart(5)}/${String(pid).padEnd(5)}`;
    const event = `${site.group}:${site.probe}`.padStart(24);
    return `${who} ${cpuColumn(head)} ${seconds(head.microseconds)}000: ${event}: ${site.addresses}${afterSpace(fields)}\n`;
  },
};

/** The layout of each format. */
export const LAYOUTS: Readonly<Record<GeneratedFormat, Layout>> = {
  ftrace: FTRACE,
  "trace-cmd": TRACE_CMD,
  "perf-script": PERF,
  bpftrace: BPFTRACE,
};
