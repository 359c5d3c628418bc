/** Events for tests of the page, with only the fields that a test is about. */
import type { MmEvent } from "@mmreplay/events";
import { Recorded } from "../../../packages/replay/viewer/model/recorded.ts";

/** A page's view of some events, in order. */
export function recordedOf(bodies: readonly Readonly<Record<string, unknown>>[]): Recorded {
  const recorded = new Recorded();
  for (const [index, body] of bodies.entries()) {
    recorded.saw({ index, ...body } as unknown as MmEvent);
  }
  return recorded;
}
