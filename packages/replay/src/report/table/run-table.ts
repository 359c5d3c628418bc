/**
 * The table of a whole run: every task that moves in a column of its own, every step in order.
 *
 * For a run that a search has found there is nothing to leave out: it is a shortest one.
 */
import type { MmEvent } from "@mmreplay/events";
import type { Finding } from "../../recording/check-report.ts";
import type { Cast } from "./cast.ts";
import { consequenceOf } from "./consequence.ts";
import { layOut, WIDTH_DEFAULT, WIDTH_MIN, wrapped } from "./layout.ts";
import { ascii } from "./names.ts";
import { rowsOf } from "./rows.ts";

/** What a run table shows. */
export interface RunTableInput {
  /** The events after the set-up. */
  readonly events: readonly MmEvent[];
  readonly rule: string;
  readonly message: string;
  /** The last event of the step that failed. */
  readonly at: number;
  /** What stands above each task's column, by task. */
  readonly heads: Readonly<Record<number, string>>;
}

/** The lines of the table, at most so many columns of text wide. */
export function runTable(input: RunTableInput, widthWanted: number = WIDTH_DEFAULT): string[] {
  const width = Math.max(WIDTH_MIN, widthWanted);
  const order = [...new Set(input.events.map(({ task }) => task))];
  const cast: Cast = {
    actors: order,
    left: 0,
    notifier: null,
    mirror: null,
    regions: new Set(),
    proof: new Set(),
    at: input.at,
  };
  const finding: Finding = {
    rule: input.rule,
    verdict: "violated",
    line: null,
    index: input.at,
    task: "",
    address: null,
    at: null,
    message: input.message,
    evidence: [],
  };
  const rows = rowsOf(input.events, input.events, order, cast, finding);
  const heads = order.map((task, column) => `CPU${column} - ${input.heads[task] ?? `task${task}`}`);
  return [
    ...layOut(heads, rows, width),
    "",
    ...block(`${input.rule}: ${input.message}`, width),
    ...(input.rule === "deadlock" ? [] : block(consequenceOf(input.rule), width)),
  ];
}

function block(text: string, width: number): string[] {
  return wrapped(ascii(text), width - 2).map((line) => `  ${line}`);
}
