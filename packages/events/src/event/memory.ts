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
import { mirrorIdSchema, mmIdSchema, notifierIdSchema } from "./ids.ts";

const natural = z.number().int().min(0);
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

/** An anonymous private mapping begins to exist; nothing is present in it. */
export const mmap = eventSchema("mmap_region", { mm, ...pages, prot: protectionSchema });
/** The mappings of the pages are detached; their entries go next, inside an UNMAP region. */
export const munmap = eventSchema("do_munmap", { mm, ...pages });
/** The mappings of the pages have another protection; their entries change next. */
export const mprotect = eventSchema("mprotect_fixup", { mm, ...pages, prot: protectionSchema });
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
/** A page frame is allocated: zeroed, or a copy of another one's content. */
export const allocPage = eventSchema("alloc_page", {
  frame: z.number().int().min(1),
  copyOf: natural.nullable(),
});
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
export const dmirrorCommandSchema = z.enum(["READ", "WRITE"]);
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
