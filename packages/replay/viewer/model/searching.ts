/**
 * A search in the store: begun, replaced by the next one, and walked through.
 */
import { goTo } from "./moves.ts";
import { eventNumber, findAll, searchOf } from "./search.ts";
import { NO_SEARCH, type Search, type Store } from "./store.ts";

/**
 * Searches for a text; an event's number is gone to.
 *
 * @param goes Whether the cursor goes to the first match.
 */
export function runSearch(store: Store, text: string, goes = true): void {
  const number = eventNumber(text);
  if (number !== undefined) {
    store.show({ search: { ...NO_SEARCH, only: false } });
    goTo(store, number);
    return;
  }
  if (text.trim() === "") {
    store.show({ search: NO_SEARCH });
    return;
  }
  const begun: Search = {
    text,
    matches: new Float64Array(),
    only: store.shown.search.only,
    done: 0,
    problem: null,
  };
  try {
    const { selected } = store;
    const condition = searchOf(text, {
      selected: selected === null ? null : new Set(selected),
      violations: new Set(store.violating),
      violationsOf: (rule) =>
        new Set(store.violations.filter((one) => one.rule === rule).map(({ index }) => index)),
      taskNames: store.report.taskNames,
    });
    store.show({ search: begun });
    let gone = !goes;
    const isOld = (): boolean => store.shown.search.text !== text;
    const found = (matches: Float64Array, done: number): void => {
      if (isOld()) return;
      store.show({ search: { ...store.shown.search, matches, done } });
      if (gone || matches.length === 0) return;
      gone = true;
      stepMatch(store, 1);
    };
    findAll(store.loaded.timeline, condition, isOld, found).catch((error: unknown) =>
      fail(store, text, error),
    );
  } catch (error) {
    fail(store, text, error);
  }
}

function fail(store: Store, text: string, error: unknown): void {
  const problem = error instanceof Error ? error.message : String(error);
  store.show({ search: { ...NO_SEARCH, text, problem } });
}

/** Goes to the next or the previous match, from the last one to the first. */
export function stepMatch(store: Store, direction: 1 | -1): void {
  const { search, cursor } = store.shown;
  const matches = [...(search.matches ?? [])];
  const next =
    direction > 0
      ? (matches.find((index) => index > cursor) ?? matches[0])
      : (matches.findLast((index) => index < cursor) ?? matches.at(-1));
  if (next === undefined) store.show({ notice: "nothing was found" });
  else goTo(store, next);
}
