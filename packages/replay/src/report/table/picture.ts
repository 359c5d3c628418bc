/**
 * A race as a picture: who stands in which column, one event a row, and what is said below.
 *
 * The picture is the same whether it is printed as a table, a comment or a sequence diagram.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import type { Finding, PointerNames } from "../../recording/check-report.ts";
import { type Cast, castOf } from "./cast.ts";
import { consequenceOf } from "./consequence.ts";
import { inferredRemarks } from "./inferred.ts";
import { roleOf } from "./role.ts";
import { type Row, rowsOf } from "./rows.ts";
import { selectEvents } from "./selection.ts";

/** What a picture shows. */
export interface PictureInput {
  readonly file: string;
  /** Events around the finding, in order. */
  readonly slice: readonly MmEvent[];
  /** What is violated; where its rule is empty, only the event that the picture is about. */
  readonly finding: Finding;
  readonly taskNames: Readonly<Record<number, string>>;
  readonly pointers: PointerNames;
}

/** A picture. */
export interface Picture {
  /** `CPU0 - stress-153 (device fault)`: the kernel's labels, not the numbers of processors. */
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
  /** Where it comes from. */
  readonly footer: readonly string[];
  /** The rule and what its violation leads to; empty where nothing is violated. */
  readonly conclusion: readonly string[];
}

/** The picture of a finding; undefined when the slice has nothing to show. `message`: says it, too. */
export function pictureOf(input: PictureInput, message: boolean): Picture | undefined {
  const cast = castOf(input.slice, input.finding);
  const chosen = selectEvents(input.slice, cast);
  if (chosen.length === 0) return undefined;
  const order = [...new Set(chosen.map(({ task }) => task))];
  const rows = rowsOf(chosen, order, {
    subject: cast.notifier,
    proof: cast.proof,
    marks: new Map([[cast.at, markOf(input.finding)]]),
    remarks: inferredRemarks(input.slice, chosen, cast, input.finding),
  });
  return {
    heads: order.map((task, column) => headOf(input, chosen, task, column)),
    rows,
    footer: footerOf(input, chosen, rows, cast),
    conclusion: conclusionOf(input.finding, message),
  };
}

/** The name of a file without its folders; also in a browser. */
function basename(file: string): string {
  return file.split("/").at(-1) ?? file;
}

function markOf({ rule, index }: Finding): string {
  return rule === "" ? `event ${index}` : rule;
}

function headOf(
  input: PictureInput,
  chosen: readonly MmEvent[],
  task: TaskId,
  column: number,
): string {
  const own = chosen.filter((event) => event.task === task);
  const role = roleOf(own);
  const name = input.taskNames[task] ?? `task${task}`;
  return `CPU${column} - ${name}${role === undefined ? "" : ` (${role})`}`;
}

function footerOf(
  input: PictureInput,
  chosen: readonly MmEvent[],
  rows: readonly Row[],
  cast: Cast,
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
    `(${place}, ${indices.length} of ${total} events shown${others})`,
    ...(name === undefined
      ? []
      : [`sub is ${name}${pointer === undefined ? "" : ` (${pointer})`}`]),
  ];
}

function conclusionOf({ rule, message }: Finding, withMessage: boolean): string[] {
  if (rule === "") return [];
  const consequence = consequenceOf(rule);
  const said = [
    ...(withMessage ? [message] : []),
    ...(consequence === undefined ? [] : [consequence]),
  ];
  const [first = message, ...others] = said;
  return [`Rule ${rule} violated: ${first}`, ...others];
}
