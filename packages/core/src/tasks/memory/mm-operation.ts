/**
 * What the mm does to a process's pages, one row for each operation (protocol.md 5.3).
 *
 * All have one form: a lock, a change of the mappings, one invalidation over a range, and inside it a new
 * entry for each old one. The program that runs a row is in mapping-program.ts; the guide for drivers is
 * printed from these rows.
 */
import type { EventBody, InvalidationEvent, Locals, PageEntry, Protection } from "@mmreplay/events";
import {
  cpuEntry,
  frameOfCpu,
  hinted,
  isHuge,
  isPresent,
  kindOf,
  migrationOfWhole,
  readableAgain,
  splitOff,
  withoutAccess,
  writeProtected,
} from "../../memory/cpu-entry.ts";
import { cachedFrame, type FilePage, filePageIn } from "../../memory/file.ts";
import { ZERO_PAGE } from "../../memory/frame.ts";
import { asMapped, permits, vmaOf } from "../../memory/vma.ts";
import { entryOf, someEntry } from "../../state/page-table.ts";
import { type At, local } from "../machine.ts";
import type { Operation } from "../operation.ts";
import { coversPmd, pmdPages, pmdStart } from "./huge-pages.ts";
import type { MmOperationName } from "./operation.ts";

/** Half-open, in pages; the end may lie beyond any page table. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A task that stands at such an operation. */
export type MmAt = At<Extract<Operation, { op: MmOperationName }>>;

/** The lock that is held meanwhile: the mmap lock, or those of the page or the file (rmap). */
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
  readonly after: (entry: number, at: MmAt, page: number) => number;
  /** The contents of what it takes away may go, too. */
  readonly discards?: true;
  /** A huge page is split first even where all of it is meant. */
  readonly splits?: true;
  /** The label before the invalidation; absent: it comes at once. */
  readonly prepares?: string;
  /** The label inside the invalidation that follows the entries; absent: its end. */
  readonly inside?: string;
  /** Where the operation goes on after its invalidation; undefined: it is over. */
  readonly goesOn?: (at: MmAt) => string | undefined;
  /** What the operation remembers of the entries that it has changed. */
  readonly keeps?: (entries: readonly PageEntry[]) => Locals;
  /** The change of the mappings that comes first. */
  readonly vmas?: (at: MmAt) => EventBody;
}

/** All that a process can map. */
export const EVERYTHING: Span = { from: 0, to: Number.POSITIVE_INFINITY };

/** The pages that the operation names. */
export function named({ op }: MmAt): Span {
  return { from: op.page, to: op.page + op.np };
}

/** The PMD of the operation's page. */
function wholePmd({ op, scenario }: MmAt): Span {
  const from = pmdStart(scenario, op.page);
  return { from, to: from + pmdPages(scenario) };
}

/** From the first PMD that holds an entry, whosever it is, on; undefined: nothing is populated. */
function populated(at: MmAt): Span | undefined {
  const { from, to } = named(at);
  let first: number | undefined;
  const last = pmdStart(at.scenario, to - 1) + pmdPages(at.scenario);
  someEntry(at.mm.cpu, pmdStart(at.scenario, from), last, (page) => {
    first = Math.max(from, pmdStart(at.scenario, page));
    return true;
  });
  return first === undefined ? undefined : { from: first, to };
}

/** The PMD, where khugepaged can collapse it: small pages of one private mapping that nobody shares. */
function collapsible(at: MmAt): Span | undefined {
  const span = wholePmd(at);
  const vma = vmaOf(at.mm.vmas, at.op.page);
  if (vma?.kind !== "private" || vma.file !== null || !coversPmd(at, at.op.page)) return undefined;
  // Of pages that may not be written none is writable (SCAN_PAGE_RO).
  if (!permits(vma, true)) return undefined;
  let pages = 0;
  const unfit = someEntry(at.mm.cpu, span.from, span.to, (_, entry) => {
    const frame = frameOfCpu(entry);
    const own = at.state.frames[frame]?.maps === 1 && at.state.frames[frame]?.pins === 0;
    pages += 1;
    return !isPresent(entry) || isHuge(entry) || !(own || frame === ZERO_PAGE);
  });
  return unfit || pages === 0 ? undefined : span;
}

const gone = (): number => 0;

/** What is left of an entry under a protection; mprotect never makes one writable. */
function restricted(entry: number, prot: Protection): number {
  if (prot === "none") return withoutAccess(entry);
  return prot === "read_write" ? readableAgain(entry) : readableAgain(writeProtected(entry));
}

/** The zero page is nobody's to write out or to move. */
const isMovable = (entry: number): boolean => isPresent(entry) && frameOfCpu(entry) !== ZERO_PAGE;

/** Whether an entry names a page of a file. The mapping may be gone already, so the frame is asked. */
function isCached(entry: number, { state }: MmAt): boolean {
  return filePageIn(state, frameOfCpu(entry)) !== undefined;
}

/** What reclaim leaves: a page of a file is read again, one that was given away is dropped. */
function unmapped(entry: number, at: MmAt): number {
  if (!isMovable(entry)) return entry;
  const frame = frameOfCpu(entry);
  const dropped = isCached(entry, at) || at.state.frames[frame]?.lazyFree === true;
  return dropped ? 0 : cpuEntry("swap", frame);
}

/** A page of a file stays where it is: its copy would have to take its place in the cache, too. */
function migrating(entry: number, at: MmAt): number {
  if (!isMovable(entry) || isCached(entry, at)) return entry;
  return migrationOfWhole(entry);
}

/** The frames that a migration has isolated, and no other one: where their entries go it does not know. */
function isolatedFrames(entries: readonly PageEntry[]): Locals {
  return Object.fromEntries(
    entries.map(([, entry], index) => [`isolated${index}`, frameOfCpu(entry)]),
  );
}

/** khugepaged looks again, and gives up where it may no longer collapse. */
function isolated(entry: number, at: MmAt): number {
  return collapsible(at) === undefined ? entry : cpuEntry("migration", frameOfCpu(entry));
}

/** The page of the file that is punched out, by the page that showed it when the file was locked. */
export function punchedPage(at: MmAt, page: number): FilePage {
  return { file: local(at, "file"), filePage: local(at, "filePage") + page - at.op.page };
}

/** A private mapping keeps its copies, and what is mapped there by now and shows something else stays. */
function punched(entry: number, at: MmAt, page: number): number {
  return cachedFrame(at.state, punchedPage(at, page)) === frameOfCpu(entry) ? 0 : entry;
}

/**
 * The page of the merge, where both are write-protected still and hold the same. Onto one that was given
 * away nothing is merged: reclaim would drop it for both.
 */
function merged(entry: number, at: MmAt): number {
  const onto = entryOf(at.mm.cpu, at.op.onto ?? at.op.page);
  const [one, other] = [entry, onto].map((each) => at.state.frames[frameOfCpu(each)]?.content);
  const both = kindOf(entry) === "read_only" && kindOf(onto) === "read_only";
  const kept = at.state.frames[frameOfCpu(onto)]?.lazyFree !== true;
  return both && kept && one === other ? onto : entry;
}

/** The copy that holds the breakpoint, unless the entry has changed since it was made. */
function replaced(entry: number, at: MmAt): number {
  const copy = cpuEntry("read_only", local(at, "frame"));
  return entry === local(at, "entry") ? asMapped(vmaOf(at.mm.vmas, at.op.page), copy) : entry;
}

function pages(at: MmAt) {
  const { from, to } = named(at);
  return { task: at.task, mm: at.mmId, startPage: from, endPageExclusive: to };
}

/** Operations of the process itself, under its mmap lock. */
const MAPPINGS = {
  munmap: {
    lock: "mmap_write",
    event: "UNMAP",
    discards: true,
    blockable: true,
    site: "mm/memory.c: unmap_vmas",
    range: named,
    after: gone,
    vmas: (at) => ({ type: "do_munmap", ...pages(at) }),
  },
  mremap: {
    lock: "mmap_write",
    event: "UNMAP",
    blockable: true,
    site: "mm/mremap.c: move_page_tables",
    range: named,
    after: (entry) => entry,
    splits: true,
    inside: "mremap_move",
    vmas: (at) => ({ type: "mremap", ...pages(at), to: at.op.to ?? at.op.page }),
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
    discards: true,
    blockable: true,
    site: "mm/memory.c: zap_page_range_single",
    range: named,
    after: gone,
  },
  madvise_free: {
    lock: "mmap_read",
    event: "CLEAR",
    blockable: true,
    site: "mm/madvise.c: madvise_free_single_vma",
    range: named,
    after: (entry) => entry,
    splits: true,
    inside: "madvise_free_pages",
  },
  clear_refs_write: {
    lock: "mmap_write",
    event: "SOFT_DIRTY",
    blockable: true,
    site: "fs/proc/task_mmu.c: clear_refs_write",
    range: () => EVERYTHING,
    after: writeProtected,
  },
  uprobe_write_opcode: {
    lock: "mmap_write",
    event: "CLEAR",
    blockable: true,
    site: "kernel/events/uprobes.c: __replace_page",
    range: named,
    after: replaced,
    splits: true,
    prepares: "uprobe_copy",
    // The copy was not needed: the entry had changed.
    goesOn: (at) =>
      at.state.frames[local(at, "frame")]?.isNew === true ? "uprobe_put" : undefined,
  },
} as const satisfies Partial<Record<MmOperationName, MmOperation>>;

/** Operations of the mm on pages: reclaim, moving, merging, killing. */
const PAGES = {
  unmap_mapping_range: {
    lock: "page",
    event: "CLEAR",
    discards: true,
    blockable: true,
    site: "mm/memory.c: unmap_mapping_range, zap_page_range_single",
    range: named,
    after: punched,
    inside: "punch_remove",
    goesOn: () => "punch_unlock",
  },
  change_prot_numa: {
    lock: "mmap_read",
    event: "PROTECTION_VMA",
    blockable: true,
    site: "mm/mprotect.c: change_pmd_range",
    range: populated,
    after: hinted,
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
    after: unmapped,
    splits: true,
  },
  memory_failure: {
    lock: "page",
    event: "CLEAR",
    blockable: true,
    site: "mm/rmap.c: try_to_unmap_one",
    range: named,
    after: (entry) => (isMovable(entry) ? cpuEntry("hwpoison", frameOfCpu(entry)) : entry),
    splits: true,
  },
  migrate_pages: {
    lock: "page",
    event: "CLEAR",
    blockable: true,
    site: "mm/rmap.c: try_to_migrate_one",
    range: named,
    after: migrating,
    keeps: isolatedFrames,
    goesOn: () => "migrate_copy",
  },
  split_huge_pmd: {
    lock: "page",
    event: "CLEAR",
    blockable: true,
    site: "mm/huge_memory.c: __split_huge_pmd",
    range: wholePmd,
    after: splitOff,
  },
  collapse_huge_page: {
    lock: "mmap_write",
    event: "CLEAR",
    blockable: true,
    site: "mm/khugepaged.c: collapse_huge_page",
    range: collapsible,
    after: isolated,
    goesOn: () => "collapse_copy",
  },
  retract_page_tables: {
    lock: "page",
    event: "CLEAR",
    blockable: true,
    site: "mm/khugepaged.c: retract_page_tables",
    range: wholePmd,
    after: gone,
  },
  ksm_write_protect: {
    lock: "mmap_read",
    event: "CLEAR",
    blockable: true,
    site: "mm/ksm.c: write_protect_page",
    range: named,
    after: writeProtected,
    splits: true,
  },
  ksm_replace_page: {
    lock: "mmap_read",
    event: "CLEAR",
    blockable: true,
    site: "mm/ksm.c: replace_page",
    range: named,
    after: merged,
    splits: true,
  },
  oom_reap_task_mm: {
    lock: "mmap_read",
    event: "UNMAP",
    discards: true,
    blockable: false,
    site: "mm/oom_kill.c: __oom_reap_task_mm",
    range: named,
    after: gone,
  },
} as const satisfies Partial<Record<MmOperationName, MmOperation>>;

/** The operations by their names. */
export const MM_OPERATIONS: Readonly<Record<MmOperationName, MmOperation>> = {
  ...MAPPINGS,
  ...PAGES,
};
