/**
 * Events of a read section: what a device fault does between taking a sequence number and
 * comparing it.
 *
 * Kernel counterparts: mmu_interval_read_begin (mm/mmu_notifier.c), mmu_interval_read_retry,
 * mmu_interval_check_retry, mmu_interval_set_seq (include/linux/mmu_notifier.h).
 */
import { z } from "zod";
import { eventSchema } from "./envelope.ts";
import { mmIdSchema, notifierIdSchema, seqSchema } from "./ids.ts";

const notifier = notifierIdSchema;

/** The sequence is read; `waits` is null where the recording does not tell. */
export const readBegin = eventSchema("mmu_interval_read_begin", {
  mm: mmIdSchema,
  notifier,
  seq: seqSchema,
  waits: z.boolean().nullable(),
});

/** The sleep is over; the sequence is the one read before it. */
export const readBeginWake = eventSchema("read_begin_wake", { notifier, seq: seqSchema });

/** A driver bug: the sequence is taken from the notifier without read_begin, so nobody waits. */
export const readSeqUnguarded = eventSchema("read_seq_unguarded", { notifier, seq: seqSchema });

/** The comparison under the driver's lock; true means: begin again. */
export const readRetry = eventSchema("mmu_interval_read_retry", {
  notifier,
  seq: seqSchema,
  result: z.boolean(),
});

/** The same comparison without a lock: true is reliable, false is a hint. */
export const checkRetry = eventSchema("mmu_interval_check_retry", {
  notifier,
  seq: seqSchema,
  result: z.boolean(),
});

/** A callback acknowledges its region. */
export const setSeq = eventSchema("mmu_interval_set_seq", { notifier, seq: seqSchema });
