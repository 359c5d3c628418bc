/**
 * The caller's side of a region: the start returns, the end is called, the end returns.
 *
 * What the notifier core does in between is in interval-notifiers/epoch.ts.
 */
import type { EventOf } from "@mmreplay/events";
import { mmOf, type State, taskOf } from "../state/state.ts";
import { regionOf } from "./region.ts";

/** `mmu_notifier_invalidate_range_start_return`: open, or refused and gone. */
export function rangeStartReturn(
  state: State,
  event: EventOf<"mmu_notifier_invalidate_range_start_return">,
): void {
  const mm = mmOf(state, event.mm);
  const region = regionOf(mm, event.region);
  region.phase = "open";
  region.next = null;
  if (event.rc !== 0) delete mm.regions[event.region];
  taskOf(state, event.task).region = null;
}

/** `mmu_notifier_invalidate_range_end`: the caller is done with the page table. */
export function rangeEnd(state: State, event: EventOf<"mmu_notifier_invalidate_range_end">): void {
  regionOf(mmOf(state, event.mm), event.region).phase = "ending";
  taskOf(state, event.task).region = event.region;
}

/** `mmu_notifier_invalidate_range_end_return`: the region is over. */
export function rangeEndReturn(
  state: State,
  event: EventOf<"mmu_notifier_invalidate_range_end_return">,
): void {
  const mm = mmOf(state, event.mm);
  regionOf(mm, event.region);
  delete mm.regions[event.region];
  taskOf(state, event.task).region = null;
}
