/**
 * The subscriptions of one mm (struct mmu_notifier_subscriptions, mm/mmu_notifier.c).
 *
 * `seq` is the state in one number: odd means that an invalidation which hit a notifier is open and
 * the tree is frozen. All regions that overlap in time while it is odd share that one number; only
 * the end that brings `active` to 0 makes it even again.
 */
import type { Address, NotifierId, PlainId, Seq } from "@mmreplay/events";

/** The subscriptions of one mm. */
export interface Subscriptions {
  /** Set once, under all mm locks; never cleared. */
  hasItree: boolean;
  /** invalidate_seq. */
  seq: Seq;
  /** active_invalidate_ranges: regions that are open, including those that overlap nothing. */
  active: number;
  /** Interval tree: ids by start, equal starts in the order in which they entered. */
  tree: NotifierId[];
  /** Greatest last byte among `tree[0..i]`; what makes the search for an overlap fast. */
  maxLast: Address[];
  /** deferred_list from its head: the newest first, and the order in which it is applied. */
  deferred: NotifierId[];
  /** An end has made the sequence even and is still applying the deferred list. */
  draining: boolean;
  /** Plain notifiers from the head of the list. */
  list: PlainId[];
}

/** invalidate_seq of new subscriptions (K protocol.md 1.1: not 0, not 1). */
export const SEQ_INITIAL: Seq = 2 as Seq;

/** Subscriptions as `__mmu_notifier_register` allocates them. */
export function newSubscriptions(): Subscriptions {
  return {
    hasItree: false,
    seq: SEQ_INITIAL,
    active: 0,
    tree: [],
    maxLast: [],
    deferred: [],
    draining: false,
    list: [],
  };
}
