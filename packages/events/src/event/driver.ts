/**
 * Events of a driver that mirrors a page table: its lock, its device page table, its faults.
 *
 * A *mirror* is one lock and the device page table that it guards (a dmirror of lib/test_hmm.c).
 * A device entry is `[page, frame, writable]`: the frame it points to, as the CPU's entry names it.
 */
import { z } from "zod";
import { addressSchema } from "../address.ts";
import { eventSchema } from "./envelope.ts";
import { mirrorIdSchema, notifierIdSchema, seqSchema } from "./ids.ts";

/** `[page, frame, writable]` of a device page table. */
export const deviceEntrySchema = z.tuple([
  z.number().int().min(0),
  z.number().int().min(0),
  z.boolean(),
]);
export type DeviceEntry = z.infer<typeof deviceEntrySchema>;

const mirror = mirrorIdSchema;
const notifier = notifierIdSchema;

/** The driver's lock is taken. */
export const driverLock = eventSchema("driver_lock", { mirror });
/** The driver's lock was busy, or is not even tried, in a callback that may not sleep. */
export const driverTrylockFail = eventSchema("driver_trylock_fail", { mirror });
/** The driver's lock is released. */
export const driverUnlock = eventSchema("driver_unlock", { mirror });

/** A driver of the user's own sets variables of its own; what is not named stays. */
export const driverSet = eventSchema("driver_set", {
  mirror,
  variables: z.record(z.string(), z.number().int()),
});

/** The driver is about to store entries for `[start, end)` that it looked up under `seq`. */
export const deviceMapBegin = eventSchema("device_map_begin", {
  mirror,
  notifier,
  seq: seqSchema,
  start: addressSchema,
  end: addressSchema,
  /** The notifier's own invalidate_seq at this moment, where the recording shows it. */
  recordedSeq: seqSchema.optional(),
});

/** Entries are stored; `notifier` is null outside any read section. */
export const deviceMap = eventSchema("device_map", {
  mirror,
  notifier: notifier.nullable(),
  entries: z.array(deviceEntrySchema),
  /** The device has the pages to itself (tag ATOMIC). */
  atomic: z.boolean().optional(),
});

/** The entries of the pages `[startPage, endPageExclusive)` are cleared. */
export const deviceUnmap = eventSchema("device_unmap", {
  mirror,
  startPage: z.number().int().min(0),
  endPageExclusive: z.number().int().min(0),
});

/** A device fault through a notifier begins: its removal waits for the end. */
export const deviceFault = eventSchema("device_fault", { notifier });

/** One device fault is over. */
export const deviceFaultReturn = eventSchema("device_fault_return", {
  notifier,
  result: z.enum(["stored", "retry", "gave_up", "not_present", "failed"]),
});

/** A driver begins to take a notifier down: no new device faults. */
export const driverRemoveBegin = eventSchema("driver_remove_begin", { notifier });
