/**
 * Events of a migration between system and device memory: migrate_vma_setup, the driver's copy,
 * migrate_vma_pages, migrate_vma_finalize (mm/migrate_device.c), and the grant of exclusive access
 * (make_device_exclusive_range, mm/rmap.c).
 */
import { z } from "zod";
import { addressSchema } from "../address.ts";
import { eventSchema, returnCodeSchema } from "./envelope.ts";

const range = { start: addressSchema, end: addressSchema };

/** Pages are collected, isolated and unmapped; `owner` is pgmap_owner, interned. */
export const migrateSetup = eventSchema("migrate_vma_setup", {
  ...range,
  owner: z.number().int().min(0).nullable(),
});
/** migrate_vma_setup returns: 0, or -22 (EINVAL). */
export const migrateSetupReturn = eventSchema("migrate_vma_setup_return", {
  rc: returnCodeSchema,
});
/** The driver copies the pages. */
export const migrateCopy = eventSchema("migrate_copy", range);
/** Struct page state moves from source to destination. */
export const migratePages = eventSchema("migrate_vma_pages", range);
/** migrate_vma_pages returns. */
export const migratePagesReturn = eventSchema("migrate_vma_pages_return", {});
/** Page table entries point to the destination (or back to the source). */
export const migrateFinalize = eventSchema("migrate_vma_finalize", range);
/** migrate_vma_finalize returns. */
export const migrateFinalizeReturn = eventSchema("migrate_vma_finalize_return", {});
/** Exclusive access is asked for; `rc` of its return is a page count. */
export const makeDeviceExclusive = eventSchema("make_device_exclusive_range", range);
/** make_device_exclusive_range returns the pages that it looked at, or an error. */
export const makeDeviceExclusiveReturn = eventSchema("make_device_exclusive_range_return", {
  pages: z.number().int(),
});
