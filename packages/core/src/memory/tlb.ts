/**
 * The CPU's TLB, as far as it matters: translations that outlive their entries.
 *
 * A change of an entry flushes at once, unless its event says otherwise; then the old translation is
 * used until flush_tlb_range. The correct model never lets one survive (K-I16).
 */
import type { EventOf } from "@mmreplay/events";
import type { AddressSpace } from "../address-space/address-space.ts";
import { clearEntries, entryOf, setEntry } from "../state/page-table.ts";
import { mmOf, type State } from "../state/state.ts";
import { allows } from "./cpu-entry.ts";

/** The entry that the CPU uses for a page. */
export function translation(mm: AddressSpace, page: number): number {
  const stale = entryOf(mm.tlb, page);
  return stale === 0 ? entryOf(mm.cpu, page) : stale;
}

/** The entry of a page is about to change and the CPU is not told. */
export function keepTranslation(mm: AddressSpace, page: number): void {
  const entry = entryOf(mm.cpu, page);
  if (allows(entry, false)) setEntry(mm.tlb, page, entry);
}

/** `flush_tlb_range`. */
export function flushTlb(state: State, event: EventOf<"flush_tlb_range">): void {
  clearEntries(mmOf(state, event.mm).tlb, event.startPage, event.endPageExclusive);
}
