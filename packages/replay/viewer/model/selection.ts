/**
 * What was selected when the page was written: the list shows it alone at first, and its lanes come first.
 *
 * The page has all events all the same, since the state is folded from all of them.
 */
import type { PageHead } from "../../src/view/page-head.ts";
import type { Search, Store } from "./store.ts";

/** What is searched for, for the events that were selected. */
export const SELECTED = "selected";

/** Indexes of the events that were selected, ascending; null: nothing was. */
export function selectedIndexes({ selected }: Pick<PageHead, "selected">): Float64Array | null {
  if (selected === undefined) return null;
  const indexes: number[] = [];
  for (let at = 0; at < selected.length; at += 2) {
    const [first = 0, length = 0] = selected.slice(at, at + 2);
    for (let index = first; index < first + length; index += 1) indexes.push(index);
  }
  return Float64Array.from(indexes);
}

/** The search with which a page of a selection begins. */
export function searchOfSelection({ selected: matches }: Store): Search | undefined {
  if (matches === null) return undefined;
  return { text: SELECTED, matches, only: true, done: 1, problem: null };
}
