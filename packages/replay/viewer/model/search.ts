/**
 * What stands in the search field: a condition of the debugger, several with `and`, an event's number, or text.
 *
 * The page has a task's name, an address alone and `selected` besides; any other text, also one that goes on after a
 * condition as `seq 7` does, is looked for in what the list prints.
 */
import { reduceInPlace } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import {
  allOf,
  type Condition,
  type ConditionContext,
  conditionOfTerm,
} from "../../src/timeline/condition.ts";
import { termIn, textsOf } from "../../src/timeline/condition-grammar.ts";
import type { Timeline } from "../../src/timeline/timeline.ts";
import { Breath } from "../load/breath.ts";
import { SELECTED } from "./selection.ts";
import { sentence } from "./sentence.ts";

/** What a search asks besides the events. */
export interface SearchContext extends Pick<ConditionContext, "violationsOf"> {
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
 * @throws SimError when what follows the word of a condition, or an operator, is wrong.
 */
export function searchOf(text: string, context: SearchContext): Condition {
  return allOf(textsOf(text).map((one) => searchOfOne(one, context)));
}

function searchOfOne(text: string, context: SearchContext): Condition {
  const { taskNames, selected } = context;
  if (text === SELECTED && selected !== null) {
    return () => ({ after: ({ index }) => selected.has(index) });
  }
  const named = /^task\s+(?!\d+$)(.+)$/.exec(text)?.[1];
  if (named !== undefined) {
    const ids = Object.entries(taskNames)
      .filter(([, name]) => name.includes(named))
      .map(([id]) => Number(id));
    return () => ({ after: (event) => ids.includes(event.task) });
  }
  const term = termIn(/^0x[0-9a-f]+$/i.test(text) ? `page ${text}` : text);
  if (term.kind !== "none") {
    return conditionOfTerm(term, { ...context, violations: () => context.violations });
  }
  if (!term.isText) throw term.error;
  return printed(text, taskNames);
}

/** Meets the events in whose line of the list a text stands. */
function printed(text: string, taskNames: SearchContext["taskNames"]): Condition {
  const wanted = text.toLowerCase();
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
