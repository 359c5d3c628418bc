/**
 * What an event is about: its address space, and its addresses.
 *
 * Many events name neither: a callback names a region, a check a notifier. The folded state knows
 * them, so an event is looked at before it is reduced and again after it: a region is gone after its
 * end, a notifier is there only after its insertion.
 */
import type { State } from "@mmreplay/core";
import {
  ADDRESS_MAX,
  type Address,
  addLength,
  addressOfPage,
  lastOf,
  type MmEvent,
  type MmId,
  regionId,
  type TaskId,
} from "@mmreplay/events";

/** Addresses from `start` to `last`, inclusive. */
export interface Extent {
  readonly start: Address;
  readonly last: Address;
}

/** What an event is about; what it does not say is absent. */
export interface Subject {
  readonly mm: MmId | undefined;
  readonly extents: readonly Extent[];
}

/** Ranges that tasks are faulting: the read section of a task concerns this part of its notifier. */
export type Faults = Map<TaskId, Extent>;

/** Notes what a task faults. */
export function noteFault(faults: Faults, event: MmEvent): void {
  if (event.type === "mmu_interval_read_begin") faults.delete(event.task);
  else if (event.type === "hmm_range_fault") faults.set(event.task, halfOpen(event));
}

/** The subject as far as the event and the state tell. */
export function subjectOf(event: MmEvent, state: State, faults: Faults): Subject {
  const fields: Fields = event;
  const notifier = fields.notifier == null ? undefined : state.notifiers[fields.notifier];
  const mm = fields.mm ?? notifier?.mm ?? mmOfMirror(state, fields.mirror);
  return { mm, extents: ownExtents(fields) ?? regionExtent(fields, mm, state) ?? outer() };

  function outer(): readonly Extent[] {
    const fault = faults.get(event.task);
    if (fault !== undefined && notifier !== undefined) return [fault];
    return notifier?.seq == null ? [] : [notifier];
  }
}

/** Fields of events that tell what they are about. */
interface Fields {
  readonly type: MmEvent["type"];
  readonly mm?: MmId;
  readonly notifier?: number | null;
  readonly mirror?: number;
  readonly region?: number | null;
  readonly start?: Address;
  readonly end?: Address;
  readonly last?: Address;
  readonly length?: Address;
  readonly entries?: readonly (readonly [number, ...unknown[]])[];
  readonly startPage?: number;
  readonly endPageExclusive?: number;
}

function mmOfMirror(state: State, mirror: number | undefined): MmId | undefined {
  if (mirror === undefined) return undefined;
  return state.notifiers.find((one) => one.mirror === mirror)?.mm ?? undefined;
}

/** The addresses that the event itself names. */
function ownExtents(fields: Fields): readonly Extent[] | undefined {
  const { start, end, last, length, entries, startPage, endPageExclusive } = fields;
  if (start !== undefined && last !== undefined) return [{ start, last }];
  if (start !== undefined && end !== undefined) return [halfOpen({ start, end })];
  if (start !== undefined && length !== undefined) {
    return [halfOpen({ start, end: addLength(start, length) ?? ADDRESS_MAX })];
  }
  if (entries !== undefined) return entries.map(([page]) => pages(page, page + 1));
  if (startPage !== undefined && endPageExclusive !== undefined) {
    return [pages(startPage, endPageExclusive)];
  }
  return undefined;
}

function regionExtent(
  { region }: Fields,
  mm: MmId | undefined,
  state: State,
): readonly Extent[] | undefined {
  if (region == null || mm === undefined) return undefined;
  const open = state.mms[mm]?.regions[regionId(region)];
  return open === undefined ? undefined : [open];
}

function halfOpen({ start, end }: { readonly start: Address; readonly end: Address }): Extent {
  return { start, last: lastOf(end) };
}

function pages(from: number, toExclusive: number): Extent {
  return { start: addressOfPage(from), last: lastOf(addressOfPage(toExclusive)) };
}
