/**
 * Events of plain notifiers and of the SRCU domain that protects their list.
 *
 * Kernel counterparts: __mmu_notifier_register, mmu_notifier_get_locked, mmu_notifier_put,
 * mmu_notifier_unregister, the mn_hlist_* walks (mm/mmu_notifier.c), SRCU (kernel/rcu/srcutree.c).
 */
import { z } from "zod";
import { eventSchema, returnCodeSchema } from "./envelope.ts";
import { mmIdSchema, plainIdSchema, regionIdSchema } from "./ids.ts";

const mm = mmIdSchema;
const plain = plainIdSchema;

/** Operations of struct mmu_notifier_ops that a walk calls without a region. */
export const plainOperationSchema = z.enum([
  "release",
  "clear_flush_young",
  "clear_young",
  "test_young",
  "change_pte",
  "invalidate_range",
]);
export type PlainOperation = z.infer<typeof plainOperationSchema>;

/** Which callbacks a plain notifier has. */
export const plainOpsSchema = z.enum(["all", "start_only", "no_start"]);

/** A registration starts: the slot is spoken for. */
export const registerBegin = eventSchema("mmu_notifier_register_begin", {
  mm,
  plain: plain.nullable(),
});
/** Under all mm locks: subscriptions exist; `plain` is added, or (null) the interval part. */
export const register = eventSchema("mmu_notifier_register", {
  mm,
  plain: plain.nullable(),
  ops: plainOpsSchema,
  rc: returnCodeSchema,
});
/** The driver allocates a notifier for mmu_notifier_get (`ops->alloc_notifier`). */
export const allocNotifier = eventSchema("alloc_notifier", { mm, plain });
/** mmu_notifier_get finds a notifier with the same ops: users + 1. */
export const get = eventSchema("mmu_notifier_get", { mm, plain });
/** users - 1; at 0 it leaves the list and is freed after a grace period. */
export const put = eventSchema("mmu_notifier_put", { mm, plain });
/** An unregistration starts: the notifier is no longer anybody's. */
export const unregister = eventSchema("mmu_notifier_unregister", { mm, plain });
/** The notifier leaves the list (hlist_del_init_rcu in mmu_notifier_unregister). */
export const unregisterUnlink = eventSchema("hlist_del_init_rcu", { mm, plain });
/** The unregistration is over: the notifier may be freed. */
export const unregisterReturn = eventSchema("mmu_notifier_unregister_return", { mm, plain });
/** `ops->free_notifier`, after the grace period. */
export const freeNotifier = eventSchema("free_notifier", { mm, plain });

/** The callbacks that a walk over the list looks for. */
export const walkKindSchema = z.enum([
  ...plainOperationSchema.options,
  "invalidate_range_start",
  "invalidate_range_end",
]);
export type WalkKind = z.infer<typeof walkKindSchema>;

/** An SRCU section begins; `walk` says what the walk inside it calls, null: there is none. */
export const srcuReadLock = eventSchema("srcu_read_lock", { mm, walk: walkKindSchema.nullable() });
/** The walk's SRCU section ends. */
export const srcuReadUnlock = eventSchema("srcu_read_unlock", { mm });
/** The wait for all SRCU readers of this moment begins. */
export const synchronizeSrcu = eventSchema("synchronize_srcu", { mm });
/** They have left. */
export const synchronizeSrcuReturn = eventSchema("synchronize_srcu_return", { mm });

/** `ops->invalidate_range_start` of one notifier. */
export const hlistRangeStart = eventSchema("mn_hlist_invalidate_range_start", {
  mm,
  region: regionIdSchema,
  plain,
  rc: returnCodeSchema,
});
/** `ops->invalidate_range_end` of one notifier. */
export const hlistRangeEnd = eventSchema("mn_hlist_invalidate_end", {
  mm,
  region: regionIdSchema,
  plain,
});
/** Another operation of one notifier; `result` is what it returned, 0 where it returns nothing. */
export const hlistCallback = eventSchema("mn_hlist_callback", {
  mm,
  plain,
  operation: plainOperationSchema,
  result: z.number().int(),
});
/** The list is emptied at the end of the address space. */
export const hlistRelease = eventSchema("mn_hlist_release", { mm });
/** A call over the list without a region (young, change_pte, invalidate_range) begins. */
export const plainCall = eventSchema("mmu_notifier_call", { mm, operation: plainOperationSchema });
/** It is over. */
export const plainCallReturn = eventSchema("mmu_notifier_call_return", { mm });
