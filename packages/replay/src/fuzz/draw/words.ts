/**
 * Operations in few words; ranges are in pages, half-open.
 */
import type { Operation } from "@mmreplay/core";
import {
  addressOfPage,
  type InvalidationEvent,
  type MirrorId,
  type NotifierId,
  type RegionId,
} from "@mmreplay/events";

/** A range of pages. */
export type Range = readonly [from: number, to: number];

/** mmu_interval_notifier_insert, or its _locked form. */
export function insert(
  n: NotifierId,
  [from, to]: Range,
  more: { readonly mirror?: MirrorId; readonly locked?: boolean } = {},
): Operation {
  return { op: "insert", n, start: addressOfPage(from), length: addressOfPage(to - from), ...more };
}

/** A driver's whole removal of a notifier. */
export const remove = (n: NotifierId): Operation => ({ op: "remove", n });

/** A device fault on `np` pages from the `offset`-th page of a notifier. */
export const fault = (n: NotifierId, pageOffset: number, np: number): Operation => {
  return { op: "fault", n, pageOffset, np };
};

/** A CPU fault fills a page that is absent. */
export const populate = (page: number): Operation => ({ op: "populate", page, np: 1 });

/** The last user leaves. */
export const EXIT: Operation = { op: "mm_exit" };

/** How a region differs from a blockable CLEAR. */
export interface RegionForm {
  readonly event?: InvalidationEvent;
  readonly blockable?: boolean;
}

/** range_start, what is done inside, perhaps a change of the page table, range_end. */
export function section(
  sid: RegionId,
  [from, to]: Range,
  { event = "CLEAR", blockable = true }: RegionForm,
  changes: boolean,
  inside: readonly Operation[] = [],
): Operation[] {
  const [start, end] = [addressOfPage(from), addressOfPage(to)];
  return [
    { op: "inv_start", sid, start, end, event, blockable },
    ...inside,
    ...(changes ? [{ op: "cpu_change", sid } as const] : []),
    { op: "inv_end", sid },
  ];
}
