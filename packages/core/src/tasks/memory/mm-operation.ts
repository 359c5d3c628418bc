/**
 * What the mm does to a process's pages, one row for each operation (protocol.md 5.3).
 *
 * All have one form: a lock, a change of the mappings, one invalidation over a range, and inside it a new
 * entry for each old one. The program that runs a row is in mapping-program.ts; the guide for drivers is
 * printed from these rows.
 */
import type { EventBody, InvalidationEvent, Protection } from "@mmreplay/events";
import { cpuEntry, frameOfCpu, kindOf } from "../../memory/cpu-entry.ts";
import { ZERO_PAGE } from "../../memory/frame.ts";
import { entryOf, someEntry } from "../../state/page-table.ts";
import type { At } from "../machine.ts";
import type { Operation } from "../operation.ts";
import type { MmOperationName } from "./operation.ts";

/** Half-open, in pages; the end may lie beyond any page table. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A task that stands at such an operation. */
export type MmAt = At<Extract<Operation, { op: MmOperationName }>>;

/** The lock that is held meanwhile: the mmap lock, or those of the page (rmap). */
export type HeldLock = "mmap_write" | "mmap_read" | "page";

/** One operation. */
export interface MmOperation {
  readonly lock: HeldLock;
  readonly event: InvalidationEvent;
  readonly blockable: boolean;
  /** Where the invalidation is in the kernel. */
  readonly site: string;
  /** The invalidation's range; undefined: there is none. */
  readonly range: (at: MmAt) => Span | undefined;
  /** The entry that takes an old one's place; 0: none. */
  readonly after: (entry: number, at: MmAt) => number;
  /** Where the operation goes on after its invalidation; absent: it is over. */
  readonly goesOn?: string;
  /** The change of the mappings that comes first. */
  readonly vmas?: (at: MmAt) => EventBody;
}

/** Pages of a PMD, and of the chunk of a PUD that mprotect walks at once. */
const PMD_PAGES = 512;

/** All that a process can map. */
export const EVERYTHING: Span = { from: 0, to: Number.POSITIVE_INFINITY };

/** The pages that the operation names. */
export function named({ op }: MmAt): Span {
  return { from: op.page, to: op.page + op.np };
}

/** From the first PMD that holds an entry on; undefined: nothing is populated. */
function populated(at: MmAt): Span | undefined {
  const { from, to } = named(at);
  let first: number | undefined;
  someEntry(at.mm.cpu, from, to, (page) => {
    first = Math.max(from, page - (page % PMD_PAGES));
    return true;
  });
  return first === undefined ? undefined : { from: first, to };
}

const gone = (): number => 0;

function writeProtected(entry: number): number {
  return kindOf(entry) === "writable" ? cpuEntry("read_only", frameOfCpu(entry)) : entry;
}

/** What is left of an entry under a protection; mprotect never makes one writable. */
function restricted(entry: number, prot: Protection): number {
  if (!isPresent(entry) && kindOf(entry) !== "protnone") return entry;
  if (prot === "none") return cpuEntry("protnone", frameOfCpu(entry));
  if (prot === "read_write" && kindOf(entry) === "writable") return entry;
  return cpuEntry("read_only", frameOfCpu(entry));
}

const isPresent = (entry: number): boolean => {
  const kind = kindOf(entry);
  return kind === "writable" || kind === "read_only";
};

/** The zero page is nobody's to write out or to move. */
const isAnonymous = (entry: number): boolean => isPresent(entry) && frameOfCpu(entry) !== ZERO_PAGE;

/** The page of the merge, where both are write-protected still and hold the same. */
function merged(entry: number, at: MmAt): number {
  const onto = entryOf(at.mm.cpu, at.op.onto ?? at.op.page);
  const [one, other] = [entry, onto].map((each) => at.state.frames[frameOfCpu(each)]?.content);
  const both = kindOf(entry) === "read_only" && kindOf(onto) === "read_only";
  return both && one === other ? onto : entry;
}

function pages(at: MmAt) {
  const { from, to } = named(at);
  return { task: at.task, mm: at.mmId, startPage: from, endPageExclusive: to };
}

/** The operations by their names. */
export const MM_OPERATIONS: Readonly<Record<MmOperationName, MmOperation>> = {
  munmap: {
    lock: "mmap_write",
    event: "UNMAP",
    blockable: true,
    site: "mm/memory.c: unmap_vmas",
    range: named,
    after: gone,
    vmas: (at) => ({ type: "do_munmap", ...pages(at) }),
  },
  mprotect: {
    lock: "mmap_write",
    event: "PROTECTION_VMA",
    blockable: true,
    site: "mm/mprotect.c: change_pmd_range",
    range: populated,
    after: (entry, { op }) => restricted(entry, op.prot ?? "none"),
    vmas: (at) => ({ type: "mprotect_fixup", ...pages(at), prot: at.op.prot ?? "none" }),
  },
  madvise_dontneed: {
    lock: "mmap_read",
    event: "CLEAR",
    blockable: true,
    site: "mm/memory.c: zap_page_range_single",
    range: named,
    after: gone,
  },
  change_prot_numa: {
    lock: "mmap_read",
    event: "PROTECTION_VMA",
    blockable: true,
    site: "mm/mprotect.c: change_pmd_range",
    range: populated,
    after: (entry) => (isPresent(entry) ? cpuEntry("protnone", frameOfCpu(entry)) : entry),
  },
  clear_refs_write: {
    lock: "mmap_write",
    event: "SOFT_DIRTY",
    blockable: true,
    site: "fs/proc/task_mmu.c: clear_refs_write",
    range: () => EVERYTHING,
    after: writeProtected,
  },
  page_mkclean: {
    lock: "page",
    event: "PROTECTION_PAGE",
    blockable: true,
    site: "mm/rmap.c: page_vma_mkclean_one",
    range: named,
    after: writeProtected,
  },
  try_to_unmap: {
    lock: "page",
    event: "CLEAR",
    blockable: true,
    site: "mm/rmap.c: try_to_unmap_one",
    range: named,
    after: (entry) => (isAnonymous(entry) ? cpuEntry("swap", frameOfCpu(entry)) : entry),
  },
  ksm_write_protect: {
    lock: "mmap_read",
    event: "CLEAR",
    blockable: true,
    site: "mm/ksm.c: write_protect_page",
    range: named,
    after: writeProtected,
  },
  ksm_replace_page: {
    lock: "mmap_read",
    event: "CLEAR",
    blockable: true,
    site: "mm/ksm.c: replace_page",
    range: named,
    after: merged,
  },
  migrate_pages: {
    lock: "page",
    event: "CLEAR",
    blockable: true,
    site: "mm/rmap.c: try_to_migrate_one",
    range: named,
    after: (entry) => (isAnonymous(entry) ? cpuEntry("migration", frameOfCpu(entry)) : entry),
    goesOn: "migrate_copy",
  },
  oom_reap_task_mm: {
    lock: "mmap_read",
    event: "UNMAP",
    blockable: false,
    site: "mm/oom_kill.c: __oom_reap_task_mm",
    range: named,
    after: gone,
  },
};
