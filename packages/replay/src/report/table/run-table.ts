/**
 * The table of a whole run: every task that moves in a column of its own, every step in order.
 *
 * For a run that a search has found there is nothing to leave out: it is a shortest one. Above the table
 * stands what its reader cannot know, below it what is wrong at its end.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import { consequenceOf } from "./consequence.ts";
import { layOut, wrapped } from "./layout.ts";
import { ascii } from "./names.ts";
import { rolesOf } from "./role.ts";
import { rowsOf, type Told } from "./rows.ts";

/** What a run table shows. */
export interface RunTableInput extends Omit<Told, "subject" | "proof"> {
  /** The events after the set-up. */
  readonly events: readonly MmEvent[];
  /** How things stand before them. */
  readonly beginning: readonly string[];
  /** What fails; empty where nothing does. */
  readonly rule: string;
  readonly message: string;
  /** What stands above each task's column. */
  readonly taskName: (task: TaskId) => string;
}

/** The lines of the table, at most so many columns of text wide. */
export function runTable(input: RunTableInput, width: number): string[] {
  const { events, rule, beginning } = input;
  const order = [...new Set(events.map(({ task }) => task))];
  const rows = rowsOf(events, order, { ...input, subject: null, proof: new Set() });
  const heads = order.map((task, column) => headOf(input, task, column));
  const message = inTheTablesNames(input);
  const consequence = consequenceOf(rule);
  return [
    ...block(`Before: ${beginning.join("; ")}.`, width),
    "",
    ...layOut(heads, rows, width, false),
    "",
    ...block(rule === "" ? message : `${rule}: ${message}`, width),
    ...(consequence === undefined ? [] : block(consequence, width)),
  ];
}

function headOf({ events, taskName }: RunTableInput, task: TaskId, column: number): string {
  const roles = rolesOf(events.filter((event) => event.task === task));
  return `CPU${column} - ${taskName(task)}${roles.length === 0 ? "" : ` (${roles.join(", ")})`}`;
}

/** Messages name ids; in a table they have names. */
function inTheTablesNames({ message, taskName, events }: RunTableInput): string {
  const region = (id: number): string => {
    const start = events.find(
      (event) => event.type === "mmu_notifier_invalidate_range_start" && event.region === id,
    );
    if (start?.type !== "mmu_notifier_invalidate_range_start") return `region${id}`;
    return `the ${start.event} of ${taskName(start.task)}`;
  };
  return message.replaceAll(/\b(task|notifier|region)(\d+)\b/g, (_, kind: string, id: string) => {
    if (kind === "task") return taskName(Number(id) as TaskId);
    return kind === "notifier" ? `sub${id}` : region(Number(id));
  });
}

function block(text: string, width: number): string[] {
  return wrapped(ascii(text), width - 2).map((line) => `  ${line}`);
}
