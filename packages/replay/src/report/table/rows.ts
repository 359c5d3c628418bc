/**
 * The rows of a table: one event each, in the order of the recording, indented by call and lock.
 *
 * An event that says nothing new has no row. What is to be said of it all the same, because it is marked or
 * changed a number, stands at the row above where that is the same task's.
 */
import type { MmEvent, NotifierId, TaskId } from "@mmreplay/events";
import { foldRuns } from "./fold.ts";
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
  /** What an arrow points out here: the rule that is violated. */
  readonly mark?: string;
  /** Indices of the events that it stands for, ascending. */
  readonly indices: readonly number[];
}

/** What is said of events beyond their own words; keys are their indices. */
export interface Told {
  /** The notifier that is called `sub`. */
  readonly subject: NotifierId | null;
  /** Events that have a row even if they say nothing new. */
  readonly proof: ReadonlySet<number>;
  readonly marks: ReadonlyMap<number, string>;
  readonly remarks: ReadonlyMap<number, readonly string[]>;
  /** Words that replace the event's: what it says did not come about. */
  readonly instead?: ReadonlyMap<number, string>;
}

/** The rows of the chosen events; `order` says which task stands in which column. */
export function rowsOf(
  chosen: readonly MmEvent[],
  order: readonly TaskId[],
  { subject, proof, marks, remarks, instead }: Told,
): Row[] {
  const nestings = order.map(() => new Nesting());
  const rows: Row[] = [];
  for (const { event, indices } of foldRuns(chosen)) {
    const column = order.indexOf(event.task);
    const depth = nestings[column]?.take(event) ?? 0;
    const words = wordsOf(event, subject);
    const said = remarks.get(event.index) ?? [];
    const mark = indices.map((index) => marks.get(index)).find((one) => one !== undefined);
    const marked = mark === undefined ? {} : { mark };
    if (words.quiet && !proof.has(event.index)) {
      if (said.length === 0 && mark === undefined) continue;
      const above = rows.at(-1);
      if (above?.column === column && above.mark === undefined) {
        rows[rows.length - 1] = { ...above, remarks: [...above.remarks, ...said], ...marked };
        continue;
      }
    }
    const text = instead?.get(event.index) ?? words.text;
    rows.push({
      column,
      depth,
      text,
      short: instead?.has(event.index) ? text : (words.short ?? text),
      remarks: [...(words.remarks ?? []), ...said],
      ...marked,
      indices,
    });
  }
  return rows;
}
