/**
 * Stepping along one thing: the next or the previous event of a task, of a notifier, or of a page.
 *
 * These are the conditions `task N`, `notifier N` and `page 0x…`; what one steps along is named, or is that of the event
 * at which one stands.
 */
import { type MmEvent, SimError } from "@mmreplay/events";
import type { Condition } from "./condition.ts";
import { findNext, findPrevious } from "./find.ts";
import type { Moment, Timeline } from "./timeline.ts";
import { firstPageOf, touchesPage } from "./touched-page.ts";

/** Kinds of things that one can step along. */
export const ALONG_KINDS = ["task", "notifier", "page"] as const;

/** A task or a notifier by its id, or a page by its number. */
export interface Along {
  readonly kind: (typeof ALONG_KINDS)[number];
  readonly id: number;
}

/** The thing of a kind that an event concerns; undefined: none. */
export function alongOf(event: MmEvent, kind: Along["kind"]): Along | undefined {
  const id = idOf(event, kind);
  return id === undefined ? undefined : { kind, id };
}

/** Whether an event concerns a thing. */
export function concerns(event: MmEvent, { kind, id }: Along): boolean {
  return kind === "page" ? touchesPage(event, id) : idOf(event, kind) === id;
}

/** Meets the events that concern a thing. */
export function conditionAlong(along: Along): Condition {
  return () => ({ after: (event) => concerns(event, along) });
}

/**
 * Goes to the next event of the same task, notifier or page, or to the previous one; stays where there is none.
 *
 * @param along A kind: that of the event at which one stands; or a thing.
 * @returns The moment; undefined when there is no such event.
 * @throws SimError `E_ALONG` when a kind is given and the event at which one stands concerns none.
 * @example
 * ```ts
 * const { timeline } = await openTimeline("tiny.txt", bytes);
 * stepAlong(timeline, { kind: "notifier", id: 0 }, "next");
 * stepAlong(timeline, "task", "next")?.event?.type;
 * timeline.moment.index > 0; // true
 * ```
 */
export function stepAlong(
  timeline: Timeline,
  along: Along | Along["kind"],
  way: "next" | "back",
): Moment | undefined {
  const thing = typeof along === "string" ? alongHere(timeline.moment, along) : along;
  const find = way === "next" ? findNext : findPrevious;
  const found = find(timeline, conditionAlong(thing));
  return found === undefined ? undefined : timeline.seek(found);
}

/**
 * The thing of a kind at a moment.
 *
 * @throws SimError `E_ALONG` when there is none.
 */
export function alongHere({ event, index }: Moment, kind: Along["kind"]): Along {
  const thing = event === undefined ? undefined : alongOf(event, kind);
  if (thing !== undefined) return thing;
  throw new SimError({
    code: "E_ALONG",
    found: event === undefined ? "the beginning" : `event ${index} (${event.type})`,
    expected: `an event that names a ${kind}`,
    action: `Name one: ${kind} ${kind === "page" ? "0xADDRESS" : "N"}.`,
  });
}

function idOf(event: MmEvent, kind: Along["kind"]): number | undefined {
  if (kind === "page") return firstPageOf(event);
  const id = (event as unknown as Record<string, unknown>)[kind];
  return typeof id === "number" ? id : undefined;
}
