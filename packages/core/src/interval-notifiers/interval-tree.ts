/**
 * The interval tree, in the kernel's order.
 *
 * What matters of include/linux/interval_tree.h is its order of iteration: by start, and equal
 * starts in the order of insertion. A sorted list of ids with the running maximum of the last bytes
 * has that order, is plain data, and finds the first overlap by two binary searches.
 */
import type { Address, NotifierId } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import type { State } from "../state/state.ts";
import type { IntervalNotifier } from "./interval-notifier.ts";
import type { Subscriptions } from "./subscriptions.ts";

const node = (state: State, id: NotifierId): IntervalNotifier =>
  state.notifiers[id] as IntervalNotifier;

/** Puts a notifier into the tree. */
export function treeInsert(state: State, subs: Subscriptions, id: NotifierId): void {
  const added = node(state, id);
  legal(!added.inTree, `a second way of notifier${id} into the tree`, "one that is not in it");
  const at = firstIndex(subs, (other) => node(state, other).start > added.start);
  subs.tree.splice(at, 0, id);
  subs.maxLast.splice(at, 0, added.last);
  raiseMaxLast(state, subs, at);
  added.inTree = true;
}

/** Takes a notifier out of the tree. */
export function treeRemove(state: State, subs: Subscriptions, id: NotifierId): void {
  const removed = node(state, id);
  const at = removed.inTree ? positionOf(state, subs, id) : -1;
  legal(at >= 0, `a way of notifier${id} out of a tree that it is not in`, "a notifier of this mm");
  subs.tree.splice(at, 1);
  subs.maxLast.splice(at, 1);
  raiseMaxLast(state, subs, at);
  removed.inTree = false;
}

/** The first index whose notifier satisfies a condition that, once true, stays true. */
function firstIndex(
  subs: Subscriptions,
  holds: (id: NotifierId, index: number) => boolean,
): number {
  let low = 0;
  let high = subs.tree.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(subs.tree[middle] as NotifierId, middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function positionOf(state: State, subs: Subscriptions, id: NotifierId): number {
  const start = state.notifiers[id]?.start;
  // A journal may name a notifier that never was.
  if (start === undefined) return -1;
  let at = firstIndex(subs, (other) => node(state, other).start >= start);
  while (at < subs.tree.length && subs.tree[at] !== id) {
    if (node(state, subs.tree[at] as NotifierId).start > start) return -1;
    at++;
  }
  return at < subs.tree.length ? at : -1;
}

function raiseMaxLast(state: State, subs: Subscriptions, from: number): void {
  let greatest = from > 0 ? (subs.maxLast[from - 1] as Address) : undefined;
  for (let i = from; i < subs.tree.length; i++) {
    const last = node(state, subs.tree[i] as NotifierId).last;
    if (greatest === undefined || last > greatest) greatest = last;
    if (i > from && subs.maxLast[i] === greatest) return;
    subs.maxLast[i] = greatest;
  }
}

/** The first notifier in tree order that overlaps the closed interval, or null. */
export function firstOverlap(
  state: State,
  subs: Subscriptions,
  start: Address,
  last: Address,
): NotifierId | null {
  const from = firstIndex(subs, (_, index) => (subs.maxLast[index] as Address) >= start);
  return overlapFrom(state, subs, from, start, last);
}

/** The notifier after `id` in tree order that overlaps the closed interval, or null. */
export function nextOverlap(
  state: State,
  subs: Subscriptions,
  id: NotifierId,
  start: Address,
  last: Address,
): NotifierId | null {
  const at = positionOf(state, subs, id);
  return at < 0 ? null : overlapFrom(state, subs, at + 1, start, last);
}

function overlapFrom(
  state: State,
  subs: Subscriptions,
  from: number,
  start: Address,
  last: Address,
): NotifierId | null {
  for (let i = from; i < subs.tree.length; i++) {
    const id = subs.tree[i] as NotifierId;
    const candidate = node(state, id);
    if (candidate.start > last) return null;
    if (candidate.last >= start) return id;
  }
  return null;
}
