/**
 * The epoch: from the start that makes the sequence odd to the end that makes it even.
 *
 * START counts the region and freezes the tree if it overlaps a notifier; `|= 1` and not `+= 1`,
 * so all regions of an epoch share one number. END uncounts it; only the last end of an epoch moves
 * the sequence, applies the deferred list and wakes the sleepers.
 * Kernel counterparts: mn_itree_inv_start_range, mn_itree_inv_next, mn_itree_inv_end
 * (mm/mmu_notifier.c).
 */
import { type EventOf, lastOf, type NotifierId } from "@mmreplay/events";
import { openRegion, type Region, regionOf } from "../address-space/region.ts";
import { legal } from "../state/legal.ts";
import { isOdd, seqAfter } from "../state/seq.ts";
import { mmOf, notifierOf, peekMm, peekNotifier, type State, taskOf } from "../state/state.ts";
import { firstOverlap, nextOverlap, treeInsert, treeRemove } from "./interval-tree.ts";

/** `mmu_notifier_invalidate_range_start`: START. */
export function rangeStart(
  state: State,
  event: EventOf<"mmu_notifier_invalidate_range_start">,
): void {
  const mm = mmOf(state, event.mm);
  legal(
    openRegion(mm, event.region) === undefined,
    `a start of region${event.region}, which is open`,
    "an id that is not in use",
  );
  const region: Region = {
    id: event.region,
    task: event.task,
    start: event.start,
    last: lastOf(event.end),
    end: event.end,
    event: event.event,
    blockable: event.blockable,
    owner: event.owner,
    seq: null,
    counted: false,
    next: null,
    phase: "starting",
  };
  const { subs } = mm;
  if (subs?.hasItree) {
    subs.active += 1;
    region.counted = true;
    region.next = firstOverlap(state, subs, region.start, region.last);
    if (region.next !== null && !isOdd(subs.seq)) subs.seq = seqAfter(subs.seq, state.seqModulus);
    region.seq = subs.seq;
  }
  mm.regions[event.region] = region;
  taskOf(state, event.task).region = event.region;
}

/** The notifier whose callback follows that of `current` in a region, or null. */
export function notifierAfter(
  state: State,
  mm: EventOf<"invalidate_return">["mm"],
  region: Region,
  current: NotifierId,
): NotifierId | null {
  const { subs } = peekMm(state, mm);
  return subs === null ? null : nextOverlap(state, subs, current, region.start, region.last);
}

/** `invalidate_return`: the walk goes on, or ends at a refusal in a non-blockable region. */
export function invalidateReturn(state: State, event: EventOf<"invalidate_return">): void {
  const region = regionOf(mmOf(state, event.mm), event.region);
  const goesOn = event.result || region.blockable === true;
  region.next = goesOn ? notifierAfter(state, event.mm, region, event.notifier) : null;
  if (event.result && region.event === "MIGRATE") noteMissed(state, region, event.notifier);
}

/**
 * A callback that leaves its owner's migration alone: who reads through the notifier will not notice. (Its owner's
 * EXCLUSIVE may be left alone: the page's lock keeps the reader away.)
 */
function noteMissed(state: State, region: Region, notifier: NotifierId): void {
  if (peekNotifier(state, notifier).seq === region.seq) return;
  for (const { section } of state.tasks) if (section?.notifier === notifier) section.missed = true;
}

/** Whether END of this region makes the sequence even. */
export function endsEpoch(state: State, event: { mm: EventOf<"mn_itree_inv_end">["mm"] }): boolean {
  const { subs } = peekMm(state, event.mm);
  return subs !== null && subs.active === 1 && isOdd(subs.seq);
}

/** `mn_itree_inv_end`: END. */
export function itreeInvEnd(state: State, event: EventOf<"mn_itree_inv_end">): void {
  const mm = mmOf(state, event.mm);
  const region = regionOf(mm, event.region);
  const { subs } = mm;
  legal(
    subs !== null && region.counted && subs.active > 0,
    "an end without start",
    "a counted region",
  );
  const final = endsEpoch(state, event);
  subs.active -= 1;
  region.counted = false;
  if (!final) return;
  subs.seq = seqAfter(subs.seq, state.seqModulus);
  subs.draining = subs.deferred.length > 0;
}

/** `deferred_list_apply`: one deferred insert or removal happens. */
export function deferredListApply(state: State, event: EventOf<"deferred_list_apply">): void {
  const { subs } = mmOf(state, event.mm);
  // A mutant's END that another one was ahead of names none.
  legal(event.notifier !== undefined, "an empty deferred list", "a deferred notifier");
  legal(subs?.deferred[0] === event.notifier, "a deferred notifier out of turn", "the list's head");
  subs.deferred.shift();
  const notifier = notifierOf(state, event.notifier);
  notifier.deferred = false;
  if (notifier.inTree) treeRemove(state, subs, event.notifier);
  else treeInsert(state, subs, event.notifier);
  if (subs.deferred.length === 0) subs.draining = false;
}

/** `wake_up_all`: sleepers whose sequence has moved will go on. */
export function wakeUpAll(state: State, event: EventOf<"wake_up_all">): void {
  const { subs } = mmOf(state, event.mm);
  for (const { sleep } of state.tasks) {
    if (sleep !== null && sleep.mm === event.mm && sleep.seq !== subs?.seq) sleep.woken = true;
  }
}
