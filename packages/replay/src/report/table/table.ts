/**
 * The kernel's own picture of a race: the tasks side by side, one event a row, in their order.
 *
 * Commit messages and mails explain races like this (319561669a59, 60bae7370896), so the table is made
 * to be pasted: 75 columns, spaces, ASCII, kernel names. Below it stand the lines of the recording that
 * it comes from, the rule, and what its violation leads to.
 */
import { basename } from "node:path";
import type { MmEvent, TaskId } from "@mmreplay/events";
import type { Finding, PointerNames } from "../../recording/check-report.ts";
import { type Cast, castOf } from "./cast.ts";
import { consequenceOf } from "./consequence.ts";
import { layOut, WIDTH_DEFAULT, WIDTH_MIN, wrapped } from "./layout.ts";
import { ascii } from "./names.ts";
import { type Row, rowsOf } from "./rows.ts";
import { selectEvents } from "./selection.ts";

/** What a table shows. */
export interface TableInput {
  readonly file: string;
  /** Events around the finding, in order. */
  readonly slice: readonly MmEvent[];
  readonly finding: Finding;
  readonly taskNames: Readonly<Record<number, string>>;
  readonly pointers: PointerNames;
}

/** How it is printed. */
export interface TableOptions {
  /** Columns of text; 75 when absent. */
  readonly width?: number;
  /** Each line begins with ` * `, for a comment in C. */
  readonly comment?: boolean;
  /** Says what the violation is; off where that stands above the table. On when absent. */
  readonly message?: boolean;
  /** A fence of Markdown around it. */
  readonly markdown?: boolean;
}

const COMMENT = " * ";

/** A task that does one of these serves a device fault. */
const FAULT_EVENTS: ReadonlySet<string> = new Set([
  "mmu_interval_read_begin",
  "hmm_range_fault_return",
  "device_map_begin",
]);

/**
 * The lines of the table for a finding; empty when the slice has nothing to show.
 *
 * @example
 * ```ts
 * const lines = twoColumnTable({ file, slice, finding, taskNames, pointers }, { width: 75 });
 * ```
 */
export function twoColumnTable(input: TableInput, options: TableOptions = {}): string[] {
  const width = Math.max(WIDTH_MIN, options.width ?? WIDTH_DEFAULT);
  const inner = options.comment ? width - COMMENT.length : width;
  const cast = castOf(input.slice, input.finding);
  const chosen = selectEvents(input.slice, cast);
  if (chosen.length === 0) return [];
  const order = [...new Set(chosen.map(({ task }) => task))];
  const rows = rowsOf(input.slice, chosen, order, cast, input.finding);
  const heads = order.map((task, column) => headOf(input, chosen, task, column));
  const lines = [
    ...layOut(heads, rows, inner),
    "",
    ...footer(input, chosen, rows, cast, inner),
    ...conclusion(input.finding, options.message ?? true, inner),
  ];
  const commented = options.comment ? lines.map((line) => (COMMENT + line).trimEnd()) : lines;
  return options.markdown ? fenced(commented) : commented;
}

/** A fence longer than any run of backticks inside, so that no task's name can close it. */
function fenced(lines: readonly string[]): string[] {
  const runs = lines.flatMap((line) => line.match(/`{3,}/g) ?? []);
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [fence, ...lines, fence];
}

/** `CPU0 - stress-153 (device fault)`: the kernel's labels, not the numbers of processors. */
function headOf(
  input: TableInput,
  chosen: readonly MmEvent[],
  task: TaskId,
  column: number,
): string {
  const own = chosen.filter((event) => event.task === task);
  const invalidation = own.find(({ type }) => type === "mmu_notifier_invalidate_range_start");
  const faults = own.some(({ type }) => FAULT_EVENTS.has(type));
  const role =
    invalidation?.type === "mmu_notifier_invalidate_range_start"
      ? ` (${invalidation.event})`
      : faults
        ? " (device fault)"
        : "";
  return `CPU${column} - ${input.taskNames[task] ?? `task${task}`}${role}`;
}

function footer(
  input: TableInput,
  chosen: readonly MmEvent[],
  rows: readonly Row[],
  cast: Cast,
  width: number,
): string[] {
  const lines = chosen.flatMap(({ evidence }) => evidence ?? []);
  const indices = rows.flatMap((row) => row.indices);
  const total = (indices.at(-1) ?? 0) - (indices[0] ?? 0) + 1;
  const place =
    lines.length > 0
      ? `${basename(input.file)}:${Math.min(...lines)}-${Math.max(...lines)}`
      : `${basename(input.file)}: events ${indices[0]}-${indices.at(-1)}`;
  const others = cast.left > 0 ? `, ${cast.left} more tasks left out` : "";
  const name = cast.notifier === null ? undefined : `notifier${cast.notifier}`;
  const pointer = name === undefined ? undefined : input.pointers[name];
  return [
    ...block(`(${place}, ${indices.length} of ${total} events shown${others})`, width),
    ...(name === undefined
      ? []
      : block(`sub is ${name}${pointer === undefined ? "" : ` (${pointer})`}`, width)),
  ];
}

function conclusion(finding: Finding, message: boolean, width: number): string[] {
  const consequence = consequenceOf(finding.rule);
  if (!message) return block(`Rule ${finding.rule} violated: ${consequence}`, width);
  return [
    ...block(`Rule ${finding.rule} violated: ${finding.message}`, width),
    ...block(consequence, width),
  ];
}

function block(text: string, width: number): string[] {
  return wrapped(ascii(text), width - 2).map((line) => `  ${line}`);
}
