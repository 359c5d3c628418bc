/**
 * Which events may go on in the next line.
 *
 * A marker is written by a program and may hold newlines; the kernel prints them as they are, so
 * the rest of the text arrives as lines without a head. The same happens to free text and to a string
 * argument. A line without a head that follows anything else is not understood, and says so.
 */
import type { ProbeObservation } from "../observation/observation.ts";

/** Whether a line without a head can belong to the body of this event. */
export function mayContinue(event: ProbeObservation | undefined): boolean {
  if (event === undefined) return false;
  if (event.rest !== "" && !event.rest.startsWith("(")) return true;
  return Object.values(event.fields).some((value) => /^"[^"]*$/.test(value));
}
