/**
 * Events of interval notifiers: insert, remove, the deferred list, the wake-up.
 *
 * Kernel counterparts: mmu_interval_notifier_insert, mmu_interval_notifier_remove and the tail of
 * mn_itree_inv_end (mm/mmu_notifier.c).
 */
import { addressSchema } from "../address.ts";
import { eventSchema, returnCodeSchema } from "./envelope.ts";
import { mirrorIdSchema, mmIdSchema, notifierIdSchema, seqSchema } from "./ids.ts";

const mm = mmIdSchema;
const notifier = notifierIdSchema;

/** A driver starts an insertion: the notifier is spoken for. */
export const insertBegin = eventSchema("mmu_interval_notifier_insert_begin", { mm, notifier });

/** The insertion under the subscriptions lock, or its failure (`rc` -75 EOVERFLOW, -22 EINVAL). */
export const insert = eventSchema("mmu_interval_notifier_insert", {
  mm,
  notifier,
  mirror: mirrorIdSchema,
  start: addressSchema,
  /** Bytes. */
  length: addressSchema,
  rc: returnCodeSchema,
});

/** The removal's critical section: out of the tree, off the deferred list, or onto it. */
export const remove = eventSchema("mmu_interval_notifier_remove", { mm, notifier });

/** A removal that waited goes on: the epoch in which it was called has ended. */
export const removeWake = eventSchema("remove_wake", { notifier });

/** The removal returns: nothing refers to the notifier any more. */
export const removeReturn = eventSchema("mmu_interval_notifier_remove_return", { mm, notifier });

/** The head of the deferred list is inserted into the tree or taken out of it. */
export const deferredListApply = eventSchema("deferred_list_apply", { mm, notifier });

/** Everybody who sleeps on the subscriptions' wait queue looks again. */
export const wakeUpAll = eventSchema("wake_up_all", { mm });

/** Test set-up only: overwrites the mm's invalidate_seq. */
export const presetSeq = eventSchema("preset_seq", { mm, seq: seqSchema });
