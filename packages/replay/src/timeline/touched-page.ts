/**
 * Which pages an event names: in its entries, in its range, or as its page.
 */
import { type Address, lastOf, type MmEvent, pageOf } from "@mmreplay/events";

/** Whether an event names a page. */
export function touchesPage(event: MmEvent, page: number): boolean {
  return stretchesOf(event).some(([first, last]) => first <= page && page <= last);
}

/** The first page that an event names; undefined: it names none. */
export function firstPageOf(event: MmEvent): number | undefined {
  return stretchesOf(event)[0]?.[0];
}

/** Pages from the first to the last of each stretch, both included. */
function stretchesOf(event: MmEvent): (readonly [number, number])[] {
  const { page, startPage, endPageExclusive, start, end, entries } = event as unknown as Record<
    string,
    unknown
  >;
  const stretches: (readonly [number, number])[] = [];
  if (typeof page === "number") stretches.push([page, page]);
  if (typeof startPage === "number" && typeof endPageExclusive === "number") {
    stretches.push([startPage, endPageExclusive - 1]);
  }
  if (typeof start === "string" && typeof end === "string") {
    stretches.push([pageOf(start as Address), pageOf(lastOf(end as Address))]);
  }
  if (!Array.isArray(entries)) return stretches;
  for (const entry of entries) {
    if (Array.isArray(entry) && typeof entry[0] === "number") stretches.push([entry[0], entry[0]]);
  }
  return stretches;
}
