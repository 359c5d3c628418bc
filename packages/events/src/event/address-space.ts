/**
 * Events of the address space: its two reference counts, its lock, its page table, its end.
 *
 * A CPU page table entry is `[page, frame]`; a frame is the version of a page's content and place,
 * 0 is an absent entry. Where an entry is not writable, 2^32 times its kind is added to the frame. Kernel counterparts: mmget, mmput, mmdrop (include/linux/sched/mm.h),
 * handle_mm_fault (mm/memory.c), exit_mmap (mm/mmap.c).
 */
import { z } from "zod";
import { eventSchema } from "./envelope.ts";
import { mmIdSchema, regionIdSchema } from "./ids.ts";

/** `[page, frame]` of a page table. */
export const pageEntrySchema = z.tuple([z.number().int().min(0), z.number().int().min(0)]);
export type PageEntry = z.infer<typeof pageEntrySchema>;

const mm = mmIdSchema;

/** An address space exists: one user, one reference to the structure. */
export const mmCreate = eventSchema("mm_create", { mm });
/** mm_users + 1. */
export const mmget = eventSchema("mmget", { mm });
/** mm_users - 1. */
export const mmput = eventSchema("mmput", { mm });
/** mm_count - 1; the last one frees the structure and its subscriptions. */
export const mmdrop = eventSchema("mmdrop", { mm });
/** The mmap lock is taken for writing, or (shared) for reading. */
export const mmapLock = eventSchema("mmap_lock", { mm, shared: z.boolean().optional() });
/** The mmap lock is released. */
export const mmapUnlock = eventSchema("mmap_unlock", { mm });
/** The CPU page table changes inside the invalidation `region`, or outside any (null). */
export const cpuPteChange = eventSchema("cpu_pte_change", {
  mm,
  region: regionIdSchema.nullable(),
  entries: z.array(pageEntrySchema),
  /** The CPU's TLB keeps the old translations for now. */
  noFlush: z.boolean().optional(),
  /** Who takes entries away here may take their pages' contents, too (munmap, MADV_DONTNEED, exit). */
  discards: z.boolean().optional(),
});
/** A CPU fault fills absent entries; nobody is notified. */
export const handleMmFault = eventSchema("handle_mm_fault", {
  mm,
  entries: z.array(pageEntrySchema),
});
/** The last user leaves: mm_users is 0, the release follows. */
export const exitMmap = eventSchema("exit_mmap", { mm });
/** `__mmu_notifier_release` is entered; the interval part's own region follows where it exists. */
export const release = eventSchema("mmu_notifier_release", { mm });
/** The address space is empty; no invalidation begins any more. */
export const exitMmapReturn = eventSchema("exit_mmap_return", { mm });
/** The structure was freed by somebody else's last reference: `__mmu_notifier_subscriptions_destroy`. */
export const subscriptionsDestroy = eventSchema("mmu_notifier_subscriptions_destroy", { mm });
