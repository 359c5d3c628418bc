/**
 * A search that lets the process look at its signals: a long one can be interrupted.
 */
import { setImmediate } from "node:timers/promises";
import type { Searching } from "./search.ts";

/** Runs a search to its end, with a look at the event loop whenever it pauses. */
export async function atEase<T>(searching: Searching<T>): Promise<T> {
  for (;;) {
    const { done, value } = searching.next();
    if (done === true) return value;
    await setImmediate();
  }
}

/** The same, but it is left where it is once `stopped` says so; undefined: it was. */
export async function atEaseUntil<T>(
  searching: Searching<T>,
  stopped: () => boolean,
): Promise<T | undefined> {
  while (!stopped()) {
    const { done, value } = searching.next();
    if (done === true) return value;
    await setImmediate();
  }
  return undefined;
}
