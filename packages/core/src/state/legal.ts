/**
 * What may happen in which state.
 *
 * Recipes are total over legal events. The simulator makes only legal ones; a journal from outside
 * may hold others, and then the reader is told which event does not fit and why.
 */
import { SimError } from "@mmreplay/events";

/**
 * Refuses an event that cannot happen in this state.
 *
 * @throws SimError `E_ILLEGAL_EVENT`; the engine adds the event's index.
 */
export function legal(condition: boolean, found: string, expected: string): asserts condition {
  if (condition) return;
  throw new SimError({
    code: "E_ILLEGAL_EVENT",
    found,
    expected,
    action: "The journal does not describe a possible run: record or import it again.",
  });
}
