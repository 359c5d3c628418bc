/**
 * Programs and scenarios in few words; ranges are in pages, half-open.
 */
import { CORRECT_DRIVER, type DriverOptions, type Operation, type Scenario } from "@mmreplay/core";
import {
  ADDRESS_MAX,
  addressOfPage,
  type InvalidationEvent,
  type NotifierId,
  notifierId,
  plainId,
  regionId,
  seq,
} from "@mmreplay/events";

/** The notifiers of the litmus tests. */
export const N: NotifierId = notifierId(0);
export const M: NotifierId = notifierId(1);
export const P: NotifierId = notifierId(2);

type Start = Extract<Operation, { op: "inv_start" }>;
type Insert = Extract<Operation, { op: "insert" }>;

/** mmu_interval_notifier_insert over `[startPage, endPage)`. */
export function insert(
  n: NotifierId,
  startPage: number,
  endPage: number,
  more: Pick<Insert, "locked" | "force" | "inject"> = {},
): Operation {
  const length = addressOfPage(endPage - startPage);
  return { op: "insert", n, start: addressOfPage(startPage), length, ...more };
}

/** mmu_interval_notifier_insert over all that a notifier can cover but the last byte. */
export const insertEverything = (n: NotifierId): Operation => ({
  op: "insert",
  n,
  start: addressOfPage(0),
  length: ADDRESS_MAX,
});

/** A driver's whole removal of a notifier. */
export const remove = (n: NotifierId): Operation => ({ op: "remove", n });

/** A device fault on `np` pages from the `offset`-th page of a notifier. */
export const fault = (n: NotifierId, offset = 0, np = 1): Operation => ({
  op: "fault",
  n,
  pageOffset: offset,
  np,
});

/** How a region differs from a blockable CLEAR. */
export interface RegionOptions {
  event?: InvalidationEvent;
  blockable?: boolean;
}

/** mmu_notifier_invalidate_range_start over `[startPage, endPage)`. */
export function start(
  sid: number,
  startPage: number,
  endPage: number,
  { event = "CLEAR", blockable = true }: RegionOptions = {},
): Start {
  return {
    op: "inv_start",
    sid: regionId(sid),
    start: addressOfPage(startPage),
    end: addressOfPage(endPage),
    event,
    blockable,
  };
}

/** The CPU's page table changes inside a region. */
export const change = (sid: number): Operation => ({ op: "cpu_change", sid: regionId(sid) });

/** mmu_notifier_invalidate_range_end. */
export const end = (sid: number): Operation => ({ op: "inv_end", sid: regionId(sid) });

/** start, change, end. */
export function section(
  sid: number,
  startPage: number,
  endPage: number,
  options: RegionOptions = {},
): Operation[] {
  return [start(sid, startPage, endPage, options), change(sid), end(sid)];
}

/** CPU faults on pages that are absent. */
export const populate = (page: number, np: number): Operation => ({ op: "populate", page, np });

/** Somebody takes the driver's lock, and lets it go. */
export const hold: Operation = { op: "hold" };

/** Test set-up: the mm's invalidate_seq. */
export const presetSeq = (value: number): Operation => ({ op: "preset_seq", seq: seq(value) });

/** The last user leaves. */
export const exit: Operation = { op: "mm_exit" };

/** mmu_notifier_register; slot 1 has only a start callback, slots 0 and 2 have all. */
export const register = (m: number): Operation => ({ op: "mn_register", m: plainId(m) });

/** mmu_notifier_unregister. */
export const unregister = (m: number): Operation => ({ op: "mn_unregister", m: plainId(m) });

/** A call over the plain list for one page. */
export const testYoung = (page: number): Operation => ({
  op: "mn_test_young",
  start: addressOfPage(page),
  end: addressOfPage(page + 1),
});

/** What a scenario is made of; the rest has usual values. */
export interface ScenarioParts {
  pages?: number;
  /** Pages that are present at the beginning; by default all. */
  present?: number;
  driver?: Partial<DriverOptions>;
  /** Programs of the tasks; task 0 sets up alone. */
  programs: readonly (readonly Operation[])[];
}

/** A scenario of up to three interval and five plain notifiers. */
export function scenario({ pages = 16, present, driver, programs }: ScenarioParts): Scenario {
  const filled = present ?? pages;
  return {
    pages,
    cpu: Array.from({ length: pages }, (_, page) => (page < filled ? page + 1 : 0)),
    notifiers: 5,
    plainNotifiers: 5,
    driver: { ...CORRECT_DRIVER, ...driver },
    programs,
  };
}
