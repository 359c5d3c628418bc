/**
 * Indexes that somebody gives: between two events there is no moment, and half an event is none.
 *
 * Beyond an end is that end, so a great number, Infinity among them, is no mistake where a moment is asked for.
 */
import { SimError } from "@mmreplay/events";

/**
 * The index of a moment.
 *
 * @throws SimError `E_INDEX` when it is no whole number.
 */
export function momentIndex(index: number): number {
  if (Number.isInteger(index) || Math.abs(index) === Number.POSITIVE_INFINITY) return index;
  throw new SimError({
    code: "E_INDEX",
    found: `the index ${index}`,
    expected: "the whole number of an event, or -1 for the beginning",
    action: "Round it.",
  });
}

/**
 * The index of one of so many events: Infinity is none.
 *
 * @throws SimError `E_INDEX` when it is none.
 */
export function placeIndex(index: number, length: number): number {
  if (Number.isInteger(index) && index >= 0 && index < length) return index;
  throw new SimError({
    code: "E_INDEX",
    found: `no event ${index}`,
    expected: length === 0 ? "no index: there are no events" : `an index from 0 to ${length - 1}`,
    action: "Timeline.length counts the events.",
  });
}
