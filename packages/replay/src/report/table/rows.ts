/**
 * The rows of a table: one event each, in the order of the recording, indented by call and lock.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import type { Finding } from "../../recording/check-report.ts";
import type { Cast } from "./cast.ts";
import { foldRuns } from "./fold.ts";
import { inferredRemarks } from "./inferred.ts";
import { Nesting } from "./nesting.ts";
import { wordsOf } from "./vocabulary.ts";

/** One row in one column. */
export interface Row {
  readonly column: number;
  readonly depth: number;
  readonly text: string;
  /** Instead of the text where that takes more than two lines. */
  readonly short: string;
  /** Without their brackets. */
  readonly remarks: readonly string[];
  /** Indices of the events that it stands for, ascending. */
  readonly indices: readonly number[];
}

/** The rows of the chosen events; `order` says which task stands in which column. */
export function rowsOf(
  slice: readonly MmEvent[],
  chosen: readonly MmEvent[],
  order: readonly TaskId[],
  cast: Cast,
  finding: Finding,
): Row[] {
  const inferred = inferredRemarks(slice, chosen, cast, finding);
  const nestings = order.map(() => new Nesting());
  const rows: Row[] = [];
  for (const { event, indices } of foldRuns(chosen)) {
    const column = order.indexOf(event.task);
    const depth = nestings[column]?.take(event) ?? 0;
    const words = wordsOf(event, cast.notifier);
    if (words.quiet && !cast.proof.has(event.index)) continue;
    const remarks = [...(words.remarks ?? [])];
    const missing = inferred.get(event.index);
    if (missing !== undefined) remarks.push(missing);
    if (indices.includes(cast.at)) remarks.push(markOf(finding));
    rows.push({
      column,
      depth,
      text: words.text,
      short: words.short ?? words.text,
      remarks,
      indices,
    });
  }
  return rows;
}

function markOf({ rule, index }: Finding): string {
  return rule === "" ? `event ${index}` : `violates ${rule}`;
}
