/**
 * A long search inside a process that is to hear Ctrl-C.
 */
import { setImmediate } from "node:timers/promises";
import type { Searching } from "../explore/search.ts";

/** Runs a search, and lets the process look at its signals when it pauses. */
export async function atEase<T>(searching: Searching<T>): Promise<T> {
  for (;;) {
    const { done, value } = searching.next();
    if (done === true) return value;
    await setImmediate();
  }
}
