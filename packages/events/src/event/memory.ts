/**
 * Events of what the page tables point at: mappings, page frames, and the accesses to their content.
 *
 * A frame's content is one number; an access reads or writes it as a whole. Kernel counterparts:
 * mmap_region, do_mas_munmap, mprotect_fixup (mm/mmap.c, mm/mprotect.c), handle_mm_fault and the page
 * allocator (mm/memory.c), hmm_vma_fault (mm/hmm.c), dmirror_read and dmirror_write (lib/test_hmm.c).
 */
import { z } from "zod";
import { pageEntrySchema } from "./address-space.ts";
import { eventSchema, returnCodeSchema } from "./envelope.ts";
import { mirrorIdSchema, mmIdSchema, notifierIdSchema, regionIdSchema } from "./ids.ts";

const natural = z.number().int().min(0);
/** MAX_ORDER of 6.1: nobody allocates more at once. */
const orderSchema = z.number().int().min(0).max(10);
const mm = mmIdSchema;
const mirror = mirrorIdSchema;

/** What a mapping allows: PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE. */
export const PROTECTIONS = ["none", "read", "read_write"] as const;
/** Schema of a mapping's protection. */
export const protectionSchema = z.enum(PROTECTIONS);
export type Protection = z.infer<typeof protectionSchema>;

/** `[page, frame, value]`: what an access read or wrote, and through which frame. */
export const accessSchema = z.tuple([natural, natural, natural]);
export type Access = z.infer<typeof accessSchema>;

const pages = { startPage: natural, endPageExclusive: natural };

/** How a mapping is backed: private memory, a file's pages, huge pages of a pool, or memory without struct page. */
export const MAPPING_KINDS = ["private", "shared", "hugetlb", "pfnmap"] as const;
/** Schema of a mapping's kind. */
export const mappingKindSchema = z.enum(MAPPING_KINDS);
export type MappingKind = z.infer<typeof mappingKindSchema>;

/**
 * A mapping begins to exist; nothing is present in it. Without `kind` it is private; with a `file` it shows
 * that file's pages from `filePage` on (shared anonymous memory is a file without a name).
 */
export const mmap = eventSchema("mmap_region", {
  mm,
  ...pages,
  prot: protectionSchema,
  kind: mappingKindSchema.optional(),
  file: natural.optional(),
  filePage: natural.optional(),
});
/** The mappings of the pages are detached; their entries go next, inside an UNMAP region. */
export const munmap = eventSchema("do_munmap", { mm, ...pages });
/** The mappings of the pages have another protection; their entries change next. */
export const mprotect = eventSchema("mprotect_fixup", { mm, ...pages, prot: protectionSchema });
/** The mappings of the pages move to the pages from `to` on; their entries follow, inside an UNMAP region. */
export const mremap = eventSchema("mremap", { mm, ...pages, to: natural });
/** Huge pages are advised for the mappings of the pages. */
export const madviseHuge = eventSchema("hugepage_madvise", { mm, ...pages });
/** Entries move to the pages from `to` on, inside the region of the old ones. */
export const movePageTables = eventSchema("move_page_tables", {
  mm,
  region: regionIdSchema.nullable(),
  ...pages,
  to: natural,
  /** The CPU's TLB keeps the old translations for now. */
  noFlush: z.boolean().optional(),
});
/** The CPU's TLB forgets what it knew of the pages. */
export const flushTlb = eventSchema("flush_tlb_range", { mm, ...pages });
/** The frames of the pages may be dropped instead of written out, until they are written to again. */
export const madviseFree = eventSchema("madvise_free_pte_range", { mm, ...pages });
/** A page table entry of a huge page is replaced by entries of its pages. */
export const splitHugePmd = eventSchema("split_huge_pmd", { mm, page: natural });
/** A task keeps page faults away from a file. */
export const filemapLock = eventSchema("filemap_invalidate_lock", { file: natural });
/** It lets them in again. */
export const filemapUnlock = eventSchema("filemap_invalidate_unlock", { file: natural });
/** A page of a file is in memory. */
export const filemapAdd = eventSchema("filemap_add_folio", {
  file: natural,
  filePage: natural,
  frame: natural,
});
/** A page of a file is gone (truncate, hole punch). */
export const filemapRemove = eventSchema("filemap_remove_folio", {
  file: natural,
  filePage: natural,
});
/** A process is forked: its copy has the same mappings, and nothing present in them yet. */
export const dupMmap = eventSchema("dup_mmap", { mm, child: mmIdSchema });
/** Entries are copied to the child: both sides share the frames. */
export const copyPageRange = eventSchema("copy_page_range", {
  mm,
  child: mmIdSchema,
  entries: z.array(pageEntrySchema),
});
/** The copy is complete; parent and child go on. */
export const dupMmapReturn = eventSchema("dup_mmap_return", { mm, child: mmIdSchema });
/** The child begins to run. */
export const retFromFork = eventSchema("ret_from_fork", { mm });
/** The parent has waited for a child's exit. */
export const waitChild = eventSchema("wait_child", { mm });
/**
 * Page frames are allocated, 2^order of them from `frame` on: zeroed, or a copy of another one's content.
 * The task holds one reference on each, which the first entry that maps it takes over.
 */
export const allocPage = eventSchema("alloc_page", {
  frame: z.number().int().min(1),
  copyOf: natural.nullable(),
  order: orderSchema.optional(),
  /** The device whose memory it is; absent: system memory. */
  device: natural.optional(),
  /** The driver instance that uses it (zone_device_data). */
  usedBy: mirror.optional(),
  /** The page of the task's migration that moves to it, by its place. */
  held: natural.optional(),
});
/** Contents are copied: `[from, to]`. */
export const copyPages = eventSchema("folio_copy", {
  entries: z.array(z.tuple([natural, natural])),
});
/** A reference on a frame is taken. */
export const getPage = eventSchema("get_page", { frame: natural });
/** A reference on frames is dropped; what nobody refers to any more is free. */
export const putPage = eventSchema("put_page", { frame: natural, order: orderSchema.optional() });
/** A frame's lock is taken. */
export const lockPage = eventSchema("lock_page", { frame: natural });
/** It is released. */
export const unlockPage = eventSchema("unlock_page", { frame: natural });
/** A page fault waits until a migration entry is gone. */
export const migrationWait = eventSchema("migration_entry_wait", { mm, page: natural });
/** The CPU begins to read or write pages, one after the other. */
export const cpuAccess = eventSchema("cpu_access", { mm, ...pages, write: z.boolean() });
/** The CPU takes a page fault. */
export const pageFault = eventSchema("exc_page_fault", { mm, page: natural, write: z.boolean() });
/** The fault has no mapping that allows it: the access fails. */
export const badArea = eventSchema("bad_area", { mm, page: natural, write: z.boolean() });
/** The CPU reads. */
export const cpuRead = eventSchema("cpu_read", { mm, entries: z.array(accessSchema) });
/** The CPU writes. */
export const cpuWrite = eventSchema("cpu_write", { mm, entries: z.array(accessSchema) });
/** read(2) of a file: `[page of the file, frame, value]`. */
export const fileRead = eventSchema("filemap_read", {
  file: natural,
  entries: z.array(accessSchema),
});
/** write(2) to a file. */
export const fileWrite = eventSchema("generic_perform_write", {
  file: natural,
  entries: z.array(accessSchema),
});
/** hmm_range_fault has one page faulted in. */
export const hmmVmaFault = eventSchema("hmm_vma_fault", {
  notifier: notifierIdSchema,
  page: natural,
  write: z.boolean(),
});
/** The device reads through its own page table. */
export const deviceRead = eventSchema("dmirror_do_read", {
  mirror,
  entries: z.array(accessSchema),
});
/** The device writes through its own page table. */
export const deviceWrite = eventSchema("dmirror_do_write", {
  mirror,
  entries: z.array(accessSchema),
});
/** What the test driver is asked to do. */
export const dmirrorCommandSchema = z.enum([
  "READ",
  "WRITE",
  "SNAPSHOT",
  "MIGRATE_TO_DEV",
  "MIGRATE_TO_SYS",
  "RELEASE",
  "EXCLUSIVE",
  "CHECK_EXCLUSIVE",
]);
export type DmirrorCommand = z.infer<typeof dmirrorCommandSchema>;
/** A command of the test driver begins. */
export const dmirrorIoctl = eventSchema("dmirror_fops_unlocked_ioctl", {
  mirror,
  command: dmirrorCommandSchema,
  ...pages,
});
/** A command of the test driver returns: its code, pages done, and device faults taken. */
export const dmirrorIoctlReturn = eventSchema("dmirror_fops_unlocked_ioctl_return", {
  mirror,
  command: dmirrorCommandSchema,
  rc: returnCodeSchema,
  cpages: natural,
  faults: natural,
});
/** What a snapshot found: `[page, HMM_DMIRROR_PROT_* byte]`. */
export const dmirrorSnapshot = eventSchema("dmirror_range_snapshot", {
  mirror,
  entries: z.array(pageEntrySchema),
});
