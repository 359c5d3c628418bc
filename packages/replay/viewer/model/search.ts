/**
 * What stands in the search field: a condition of the debugger, several with `and`, an event's number, or text.
 *
 * `type NAME`, `task N` or a task's name, `notifier N`, `page 0x…`, `retry`, `violation`, `seq`, `changes PATH`
 * and comparisons are `conditionOf`'s; any other text is looked for in what the list prints.
 */
import { reduceInPlace } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { type Condition, conditionOf } from "../../src/timeline/condition.ts";
import type { Timeline, Visitor } from "../../src/timeline/timeline.ts";
import { Breath } from "../load/breath.ts";
import { SELECTED } from "./selection.ts";
import { sentence } from "./sentence.ts";

const WORDS = /^(violation|retry|seq|type|task|notifier|page|changes)\b/;
const COMPARISON = /[^<>=!](==|!=|<=|>=|<|>)/;

/** What a search asks besides the events. */
export interface SearchContext {
  readonly violations: ReadonlySet<number>;
  readonly taskNames: Readonly<Record<number, string>>;
  /** What was selected when the page was written; null: nothing was. */
  readonly selected: ReadonlySet<number> | null;
}

/** The number of `#18234`; undefined for any other text. */
export function eventNumber(text: string): number | undefined {
  const number = /^#(\d{1,15})$/.exec(text.trim())?.[1];
  return number === undefined ? undefined : Number(number);
}

/**
 * The condition of a text.
 *
 * @throws SimError when it begins like a condition and is none.
 */
export function searchOf(text: string, context: SearchContext): Condition {
  const terms = text.split(/\s+and\s+/).map((term) => termOf(term.trim(), context));
  return () => both(terms.map((term) => term()));
}

function both(visitors: readonly Visitor[]): Visitor {
  return {
    before(event, state) {
      for (const visitor of visitors) visitor.before?.(event, state);
    },
    after(event, state) {
      // Every visitor sees every event: some remember the one before.
      return visitors.map((visitor) => visitor.after(event, state)).every(Boolean);
    },
  };
}

function termOf(term: string, { violations, taskNames, selected }: SearchContext): Condition {
  if (term === SELECTED && selected !== null) {
    return () => ({ after: ({ index }) => selected.has(index) });
  }
  const named = /^task\s+(?!\d+$)(.+)$/.exec(term)?.[1];
  if (named !== undefined) {
    const ids = Object.entries(taskNames)
      .filter(([, name]) => name.includes(named))
      .map(([id]) => Number(id));
    return () => ({ after: (event) => ids.includes(event.task) });
  }
  if (/^0x[0-9a-f]+$/i.test(term)) {
    return conditionOf(`page ${term}`, { violations: () => violations });
  }
  if (WORDS.test(term) || COMPARISON.test(term)) {
    return conditionOf(term, { violations: () => violations });
  }
  const wanted = term.toLowerCase();
  const found = (event: MmEvent): boolean =>
    event.type.includes(wanted) ||
    sentence(event).toLowerCase().includes(wanted) ||
    (taskNames[event.task] ?? "").toLowerCase().includes(wanted);
  return () => ({ after: found });
}

/** Goes through all events in short turns; ends early when `stopped`. */
export async function findAll(
  timeline: Timeline,
  condition: Condition,
  stopped: () => boolean,
  found: (matches: Float64Array, done: number) => void,
): Promise<void> {
  const visitor = condition();
  const matches: number[] = [];
  const breath = new Breath();
  // A walk between two checkpoints takes longer than a turn may, so the state is folded here, event by event.
  const state = timeline.stateAt(-1);
  for (let index = 0; index < timeline.length; index += 1) {
    const event = timeline.eventAt(index);
    visitor.before?.(event, state);
    reduceInPlace(state, event, timeline.recipes);
    if (visitor.after(event, state)) matches.push(index);
    if (!breath.due) continue;
    found(Float64Array.from(matches), (index + 1) / timeline.length);
    await breath.take();
    if (stopped()) return;
  }
  found(Float64Array.from(matches), 1);
}
