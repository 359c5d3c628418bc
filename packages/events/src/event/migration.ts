/**
 * Events of a migration between system and device memory: migrate_vma_setup, the driver's copy,
 * migrate_vma_pages, migrate_vma_finalize (mm/migrate_device.c), and the grant of exclusive access
 * (make_device_exclusive_range, mm/rmap.c).
 */
import { z } from "zod";
import { addressSchema } from "../address.ts";
import { pageEntrySchema } from "./address-space.ts";
import { eventSchema, returnCodeSchema } from "./envelope.ts";
import { mirrorIdSchema, mmIdSchema } from "./ids.ts";

const natural = z.number().int().min(0);
const mm = mmIdSchema;
const mirror = mirrorIdSchema;
const range = { start: addressSchema, end: addressSchema };

/** Pages are collected, isolated and unmapped; `owner` is pgmap_owner, interned. */
export const migrateSetup = eventSchema("migrate_vma_setup", {
  ...range,
  owner: z.number().int().min(0).nullable(),
});
/** `[page, frame, writable]`: a page that a migration takes; frame 0: nothing is there yet. */
export const migratingPageSchema = z.tuple([natural, natural, z.boolean()]);
export type MigratingPage = z.infer<typeof migratingPageSchema>;
/**
 * The pages that a migration takes are locked and referred to; their entries change next. `fault` is the frame that the
 * fault which is handled has locked already, and unlocks itself (fault_page).
 */
export const migrateCollect = eventSchema("migrate_vma_collect", {
  mm,
  mirror,
  pages: z.array(migratingPageSchema),
  fault: natural.optional(),
});
/** All frames of a device are to be evicted: they are locked and referred to. */
export const migrateDeviceRange = eventSchema("migrate_device_range", {
  mm,
  mirror,
  pages: z.array(migratingPageSchema),
});
/** A migration gives some of its pages up, by their places. */
export const migrateUnmap = eventSchema("migrate_vma_unmap", { gaveUp: z.array(natural) });
/** Pages that were absent get their frames; those that are not absent any more are given up, by their places. */
export const migrateInsertPage = eventSchema("migrate_vma_insert_page", {
  gaveUp: z.array(natural),
});
/** The CPU has touched a page of device memory: its driver is asked to bring it back. */
export const migrateToRam = eventSchema("migrate_to_ram", {
  mm,
  mirror,
  page: natural,
  frame: natural,
});
/** What a call of get_user_pages asks for: a short reference or a long-term pin, without the mmap lock if it can. */
const GUP_KINDS = ["get", "get_fast", "pin_longterm", "pin_longterm_fast"] as const;
/** See `GUP_KINDS`. */
export type GupKind = (typeof GUP_KINDS)[number];
/** The self-test module is asked for a reference on a page, which it drops again. */
export const gupTest = eventSchema("gup_test_ioctl", {
  mm,
  page: natural,
  how: z.enum(GUP_KINDS),
  write: z.boolean(),
});
/** The page table is looked at without the mmap lock: the frame is referred to; 0: it needs a fault or a move. */
export const gupFast = eventSchema("lockless_pages_from_mm", { mm, page: natural, frame: natural });
/** A page of coherent memory is locked, to be moved to system memory before it is pinned for long. */
export const migrateCoherent = eventSchema("migrate_device_coherent_page", {
  mm,
  pages: z.array(migratingPageSchema),
});
/** The caller has the page, or an error (-14 EFAULT, -16 EBUSY) and frame 0. */
export const gupReturn = eventSchema("get_user_pages_return", {
  mm,
  page: natural,
  frame: natural,
  longterm: z.boolean(),
  rc: returnCodeSchema,
});
/** A page is looked up for exclusive access, and referred to. */
export const getUserPages = eventSchema("get_user_pages", {
  mm,
  mirror,
  page: natural,
  frame: natural,
});
/** migrate_vma_setup returns: 0, or -22 (EINVAL). */
export const migrateSetupReturn = eventSchema("migrate_vma_setup_return", {
  rc: returnCodeSchema,
});
/** The driver copies the pages. */
export const migrateCopy = eventSchema("migrate_copy", {
  ...range,
  /** `[from, to]`: frames of which contents are copied, where that is known. */
  frames: z.array(pageEntrySchema).optional(),
});
/** Struct page state moves from source to destination. */
export const migratePages = eventSchema("migrate_vma_pages", range);
/** migrate_vma_pages returns. */
export const migratePagesReturn = eventSchema("migrate_vma_pages_return", {});
/** Page table entries point to the destination (or back to the source). */
export const migrateFinalize = eventSchema("migrate_vma_finalize", range);
/** migrate_vma_finalize returns. */
export const migrateFinalizeReturn = eventSchema("migrate_vma_finalize_return", {});
/** The driver instance of a closed file is freed; its device holds no page any more. */
export const fopsReleaseReturn = eventSchema("dmirror_fops_release_return", { mirror });
/** A page is faulted in for exclusive access, or for get_user_pages. */
export const faultinPage = eventSchema("faultin_page", { mm, page: natural });
/** Exclusive access is asked for; `rc` of its return is a page count. */
export const makeDeviceExclusive = eventSchema("make_device_exclusive_range", range);
/** make_device_exclusive_range returns the pages that it looked at, or an error. */
export const makeDeviceExclusiveReturn = eventSchema("make_device_exclusive_range_return", {
  pages: z.number().int(),
});
