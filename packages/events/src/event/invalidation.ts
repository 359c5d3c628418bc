/**
 * Events of an invalidation: start, callbacks, end.
 *
 * A *region* is what lies between invalidate_range_start and invalidate_range_end. The start event
 * is the critical section of mn_itree_inv_start_range; the end has a call
 * (`mmu_notifier_invalidate_range_end`, from which on the caller changes no page table entry) and
 * a critical section (`mn_itree_inv_end`), because a recording knows the first exactly and the
 * second only within limits.
 */
import { z } from "zod";
import { addressSchema } from "../address.ts";
import { eventSchema, returnCodeSchema } from "./envelope.ts";
import { mmIdSchema, notifierIdSchema, regionIdSchema, seqSchema } from "./ids.ts";

/** enum mmu_notifier_event without its prefix, in the kernel's order (include/linux/mmu_notifier.h). */
export const INVALIDATION_EVENTS = [
  "UNMAP",
  "CLEAR",
  "PROTECTION_VMA",
  "PROTECTION_PAGE",
  "SOFT_DIRTY",
  "RELEASE",
  "MIGRATE",
  "EXCLUSIVE",
] as const;
/** Schema of a region's event. */
export const invalidationEventSchema = z.enum(INVALIDATION_EVENTS);
export type InvalidationEvent = z.infer<typeof invalidationEventSchema>;

const mm = mmIdSchema;
const region = regionIdSchema;
const notifier = notifierIdSchema;

/** START: the region is counted; if it overlaps a notifier, the sequence becomes odd. */
export const rangeStart = eventSchema("mmu_notifier_invalidate_range_start", {
  mm,
  region,
  start: addressSchema,
  /** Exclusive; ULONG_MAX stands for the whole rest. */
  end: addressSchema,
  event: invalidationEventSchema,
  /** Null: a recording does not tell. */
  blockable: z.boolean().nullable(),
  /** Who asked for a MIGRATE or EXCLUSIVE region, interned; null: nobody. */
  owner: z.number().int().min(0).nullable(),
});

/** range_start returns: 0, or -11 (EAGAIN) from a non-blockable region. */
export const rangeStartReturn = eventSchema("mmu_notifier_invalidate_range_start_return", {
  mm,
  region,
  rc: returnCodeSchema,
});

/** range_end is called: from here on the caller changes nothing in the range. */
export const rangeEnd = eventSchema("mmu_notifier_invalidate_range_end", {
  mm,
  region,
  /** mmu_notifier_invalidate_range_only_end: invalidate_range is not called. */
  onlyEnd: z.boolean().optional(),
});

/** END: the region is no longer counted; the last one makes an odd sequence even. */
export const itreeInvEnd = eventSchema("mn_itree_inv_end", { mm, region });

/** range_end returns: the region is over. */
export const rangeEndReturn = eventSchema("mmu_notifier_invalidate_range_end_return", {
  mm,
  region,
});

/** A recording shows a range_end that belongs to no open region. */
export const unpairedRangeEnd = eventSchema("unpaired_range_end", {
  mm,
  start: addressSchema,
  end: addressSchema,
  /** The same task's start of this range had returned -EAGAIN. */
  refused: z.boolean(),
});

/** `ops->invalidate` of one notifier is entered. */
export const invalidate = eventSchema("invalidate", { mm, region, notifier, seq: seqSchema });

/** `ops->invalidate` returns; false means that it would have had to sleep. */
export const invalidateReturn = eventSchema("invalidate_return", {
  mm,
  region,
  notifier,
  result: z.boolean(),
});
