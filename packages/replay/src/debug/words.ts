/**
 * How a debugging session says where it stands: the event, and what it changed.
 */
import type { State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import type { Change } from "../report/changes.ts";
import { wordsOf } from "../report/table/vocabulary.ts";
import type { Moment } from "../timeline/timeline.ts";

/** Changes that are shown with an event; `diff` shows all. */
const CHANGES_MAX = 8;

/** An event in one line: its index, its line in the recording, its task, what it does. */
export function eventLine(event: MmEvent, nameOf: (task: number) => string): string {
  const line = event.evidence?.[0];
  const where = line === undefined ? "" : ` (line ${line})`;
  const { text, remarks = [] } = wordsOf(event, null);
  const more = remarks.length === 0 ? "" : `  [ ${remarks.join("; ")} ]`;
  return `#${event.index}${where} ${nameOf(event.task)}: ${text}${more}`;
}

/** The sequence numbers at a moment. */
export function sequences({ mms }: State): string {
  return mms
    .map(({ subs }, mm) => {
      if (subs === null) return `mm${mm} without subscriptions`;
      const parity = subs.seq % 2 === 1 ? "odd" : "even";
      return `mm${mm} seq ${subs.seq} (${parity}), ${subs.active} active`;
    })
    .join("; ");
}

/** Where a task's program goes on is not what somebody looks for in a race. */
const isControl = ({ path }: Change): boolean => /^tasks\[\d+\]\.(pc|label|calls)/.test(path);

/** What an event changed, in lines. */
export function changeLines(changes: readonly Change[], most: number = CHANGES_MAX): string[] {
  const told = changes.filter((change) => !isControl(change));
  const lines = told.slice(0, most).map(changeLine);
  return told.length > most ? [...lines, `  ... and ${told.length - most} more: diff`] : lines;
}

/** One leaf that differs. */
export function changeLine({ path, before, after }: Change): string {
  return `  ${path}: ${short(before)} -> ${short(after)}`;
}

/** Entries of a list that are told when the others are zero. */
const ENTRIES_MAX = 6;
/** A list that is no longer is told whole. */
const SHORT_LIST = 8;

/** A value in one line. */
export function short(value: unknown): string {
  const text = sparse(value) ?? JSON.stringify(value) ?? "absent";
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** A leaf of a page table: nearly all of it is zero, so what is not is told by its place. */
function sparse(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length <= SHORT_LIST) return undefined;
  const entries = value.flatMap((entry, place) => (entry === 0 ? [] : [`${place}: ${entry}`]));
  const numbers = value.every((entry) => typeof entry === "number");
  if (!numbers || entries.length > ENTRIES_MAX) return undefined;
  return `[${entries.join(", ")}; the other ${value.length - entries.length} are 0]`;
}

/** A moment: the event, and the sequence numbers after it. */
export function momentLines({ event, state }: Moment, nameOf: (task: number) => string): string[] {
  if (event === undefined) return ["at the beginning: nothing has happened"];
  return [eventLine(event, nameOf), `  ${sequences(state)}`];
}
