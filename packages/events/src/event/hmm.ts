/**
 * Events of hmm_range_fault (mm/hmm.c): the call, the entries that its walk reads, its return.
 */
import { z } from "zod";
import { addressSchema } from "../address.ts";
import { pageEntrySchema } from "./address-space.ts";
import { eventSchema, returnCodeSchema } from "./envelope.ts";
import { notifierIdSchema, seqSchema } from "./ids.ts";

const notifier = notifierIdSchema;

/** hmm_range_fault is called for `[start, end)` under the sequence `seq`. */
export const rangeFault = eventSchema("hmm_range_fault", {
  notifier,
  seq: seqSchema,
  start: addressSchema,
  end: addressSchema,
  /** dev_private_owner, interned; null: none. */
  owner: z.number().int().min(0).nullable(),
});

/** The walk reads the CPU's entries. */
export const handlePte = eventSchema("hmm_vma_handle_pte", {
  notifier,
  entries: z.array(pageEntrySchema),
});

/** hmm_range_fault returns: 0, -16 (EBUSY, a collision), -14 (EFAULT), -1 (EPERM). */
export const rangeFaultReturn = eventSchema("hmm_range_fault_return", {
  notifier,
  rc: returnCodeSchema,
});
