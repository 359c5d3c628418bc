/**
 * The programs of mmap and of every operation of mm-operation.ts.
 *
 * The lock is taken, mappings are cut where the operation begins and ends, they change, the invalidation
 * starts, the entries change, it ends, the lock is released. A start that is refused (the OOM reaper's may
 * be) changes nothing: the reaper comes again. What single operations do besides is in page-moves.ts.
 */
import {
  ADDRESS_MAX,
  ADDRESS_ZERO,
  addressOfPage,
  type EventBody,
  endPageExclusive,
  type PageEntry,
  pageOf,
} from "@mmreplay/events";
import { openRegion, type Region, regionOf } from "../../address-space/region.ts";
import { cpuEntry, isHuge } from "../../memory/cpu-entry.ts";
import { nextFrame } from "../../memory/frame.ts";
import { asMapped, vmaOf } from "../../memory/vma.ts";
import { someEntry } from "../../state/page-table.ts";
import { endRegion } from "../end-program.ts";
import {
  type At,
  blockedIf,
  call,
  isMmapLocked,
  keep,
  type Labels,
  local,
  type MicroStep,
  type Move,
  move,
} from "../machine.ts";
import type { Operation } from "../operation.ts";
import { startRegion } from "../start-program.ts";
import {
  coversPmd,
  endNested,
  nestedRegion,
  pmdPages,
  pmdStart,
  splitHugePmd,
  startNested,
} from "./huge-pages.ts";
import {
  EVERYTHING,
  MM_OPERATIONS,
  type MmAt,
  type MmOperation,
  named,
  type Span,
} from "./mm-operation.ts";
import { memoryRegion } from "./page-fault.ts";

type MmapAt = At<Extract<Operation, { op: "mmap" }>>;

const rowOf = (at: MmAt): MmOperation => MM_OPERATIONS[at.op.op];
const isHeld = (at: MmAt): boolean => rowOf(at).lock !== "page";

/** Pages of which one page table of PMDs maps all. */
const pudStart = (at: At, page: number): number => page - (page % pmdPages(at.scenario) ** 2);

/**
 * The edge, from the `first` on, at which a mapping is cut inside a PMD that it covers: the kernel splits
 * the PMD without looking whether it is huge (vma_adjust_trans_huge), if it has page tables there. Where both
 * edges lie in one PMD, the mapping no longer covers it when it is cut a second time.
 */
function cutFrom(at: MmAt, first: number): number | undefined {
  if (at.scenario.pmdOrder === undefined || rowOf(at).vmas === undefined) return undefined;
  const { from, to } = named(at);
  const found = [from, to].findIndex((edge, index) => {
    const cutBefore = index === 1 && from > pmdStart(at.scenario, to);
    if (index < first || cutBefore || edge % pmdPages(at.scenario) === 0) return false;
    if (!coversPmd(at, edge)) return false;
    const pud = pudStart(at, edge);
    return someEntry(at.mm.cpu, pud, pud + pmdPages(at.scenario) ** 2, () => true);
  });
  return found < 0 ? undefined : found;
}

function cut(at: MmAt): Move {
  const edge = cutFrom(at, local(at, "edge")) ?? 0;
  const { from, to } = named(at);
  const pmd = pmdStart(at.scenario, edge === 0 ? from : to);
  const then = cutFrom(at, edge + 1) === undefined ? beforeVmas(at) : "mapping_cut";
  const split = splitHugePmd(at, pmd, then);
  return { ...split, set: { edge: edge + 1 } };
}

/** Where the operation goes on when its mappings are cut. */
function beforeVmas(at: MmAt): string {
  return rowOf(at).vmas === undefined ? beforeStart(at) : "mapping_vmas";
}

function beforeStart(at: MmAt): string {
  if (rowOf(at).range(at) === undefined) return isHeld(at) ? "mapping_unlock" : "next";
  return rowOf(at).prepares ?? "mapping_start";
}

function lock(at: MmAt): Move {
  const shared = rowOf(at).lock === "mmap_read" ? { shared: true } : {};
  const then = cutFrom(at, 0) === undefined ? beforeVmas(at) : "mapping_cut";
  return keep(at, move(at, then, { type: "mmap_lock", mm: at.mmId, ...shared }), { edge: 0 });
}

/** The page's own locks are not modelled: such an operation begins with its invalidation. */
const begin = (at: MmAt): Move => (isHeld(at) ? lock(at) : start(at));

function changeVmas(at: MmAt): Move {
  const { page } = at.op;
  const changed = { ...(rowOf(at).vmas?.(at) as EventBody), goto: beforeStart(at) };
  return keep(at, changed, { hugetlb: Number(vmaOf(at.mm.vmas, page)?.kind === "hugetlb") });
}

function spanOf(at: MmAt): Span {
  return rowOf(at).range(at) ?? named(at);
}

function start(at: MmAt): Move {
  const { event, blockable } = rowOf(at);
  const { from, to } = spanOf(at);
  const all = to === EVERYTHING.to;
  const [begins, ends] = all
    ? [ADDRESS_ZERO, ADDRESS_MAX]
    : [addressOfPage(from), addressOfPage(to)];
  const region = { start: begins, end: ends, event, blockable, owner: null };
  return call(startRegion(at, { region: memoryRegion(at.task), ...region }), afterStart(at));
}

/** A mapping of huge pages from the pool tells about each of them once more. */
function afterStart(at: MmAt): string {
  const hugetlb = at.me.calls.at(-1)?.args["hugetlb"] === 1;
  return hugetlb && at.op.op === "munmap" ? "mapping_hugetlb" : "mapping_entries";
}

/** Where the operation goes on when it is done with the page table. */
const afterwards = (at: MmAt): string =>
  rowOf(at).goesOn?.(at) ?? (isHeld(at) ? "mapping_unlock" : "next");

/** A huge page of which only a part is meant. */
function hugeToSplit(at: MmAt, { from, to }: Span): number | undefined {
  let found: number | undefined;
  someEntry(at.mm.cpu, from, Math.min(to, at.scenario.pages), (page, entry) => {
    if (!isHuge(entry)) return false;
    const pmd = pmdStart(at.scenario, page);
    const whole = from <= pmd && pmd + pmdPages(at.scenario) <= to;
    if (!whole || rowOf(at).splits === true) found = pmd;
    return found !== undefined;
  });
  return found;
}

/** Only what the region covers is changed, though more may be populated by now. */
function spanOfRegion({ start: from, end: to }: Region): Span {
  return { from: pageOf(from), to: endPageExclusive(to) };
}

function changeEntries(at: MmAt): Move {
  const region = memoryRegion(at.task);
  const opened = openRegion(at.mm, region);
  if (opened === undefined) {
    return move(at, afterwards(at), { type: "task_skip", of: at.op.op, why: "refused" });
  }
  const span = spanOfRegion(opened);
  const pmd = hugeToSplit(at, span);
  if (pmd !== undefined) return splitHugePmd(at, pmd, "mapping_entries");
  const entries: PageEntry[] = [];
  someEntry(at.mm.cpu, span.from, Math.min(span.to, at.scenario.pages), (page, entry) => {
    const after = rowOf(at).after(entry, at, page);
    if (after !== entry) entries.push([page, after]);
    return false;
  });
  const then = rowOf(at).inside ?? "mapping_end";
  const gives = rowOf(at).discards === true ? { discards: true } : {};
  const changes = move(at, then, {
    type: "cpu_pte_change",
    mm: at.mmId,
    region,
    entries,
    ...gives,
  });
  const kept = rowOf(at).keeps?.(entries);
  return kept === undefined ? changes : keep(at, changes, kept);
}

const begins: MicroStep = {
  blockedOn: (at) => {
    const { lock: held } = rowOf(at as MmAt);
    if (held === "page") return null;
    return blockedIf(
      held === "mmap_write" ? isMmapLocked(at) : at.mm.mmapLock !== null,
      "mmap_lock",
    );
  },
  run: (at) => begin(at as MmAt),
};

function mapRegion(at: MmapAt): Move {
  const { page, np, prot, kind, file, filePage, insert } = at.op;
  return move(at, insert === undefined ? "mapping_unlock" : "mmap_insert", {
    type: "mmap_region",
    mm: at.mmId,
    startPage: page,
    endPageExclusive: page + np,
    prot,
    ...(kind === undefined ? {} : { kind }),
    ...(file === undefined ? {} : { file }),
    ...(filePage === undefined ? {} : { filePage }),
  });
}

/** The driver of the mapping maps its pages at once; a private mapping may not write to them. */
function insertPage(at: MmapAt): Move {
  const special = at.op.insert === "special";
  const page = at.op.page + local(at, "inserted");
  if (special) return insertEntry(at, page, cpuEntry("special", 0));
  const frame = nextFrame(at.state);
  const allocates = { type: "alloc_page", frame, copyOf: null } as const;
  return { ...move(at, "mmap_insert_entry", allocates), set: { frame } };
}

function insertEntry(at: MmapAt, page: number, entry: number): Move {
  const { op } = at;
  const inserted = page + 1 - op.page;
  const then = inserted === op.np ? "mapping_unlock" : "mmap_insert";
  const maps = move(at, then, { type: "handle_mm_fault", mm: at.mmId, entries: [[page, entry]] });
  return { ...maps, set: { inserted } };
}

const locksForWriting = (then: string): MicroStep => ({
  blockedOn: (at) => blockedIf(isMmapLocked(at), "mmap_lock"),
  run: (at) => keep(at, move(at, then, { type: "mmap_lock", mm: at.mmId }), { inserted: 0 }),
});

/** Labels of the operations, each of which begins with its own name. */
export const MAPPING_LABELS: Labels = {
  ...Object.fromEntries(Object.keys(MM_OPERATIONS).map((name) => [name, begins])),
  mmap: locksForWriting("mmap_region"),
  mmap_region: { run: (at) => mapRegion(at as MmapAt) },
  mmap_insert: { run: (at) => insertPage(at as MmapAt) },
  mmap_insert_entry: {
    run: (at) => {
      const page = (at as MmapAt).op.page + local(at, "inserted");
      const entry = cpuEntry("read_only", local(at, "frame"));
      return insertEntry(at as MmapAt, page, asMapped(vmaOf(at.mm.vmas, page), entry));
    },
  },
  madvise_hugepage: locksForWriting("madvise_hugepage_vmas"),
  madvise_hugepage_vmas: {
    run: (at) => {
      const { page, np } = (at as At<Extract<Operation, { op: "madvise_hugepage" }>>).op;
      const pages = { startPage: page, endPageExclusive: page + np };
      return move(at, "mapping_unlock", { type: "hugepage_madvise", mm: at.mmId, ...pages });
    },
  },
  mapping_cut: { run: (at) => cut(at as MmAt) },
  mapping_vmas: { run: (at) => changeVmas(at as MmAt) },
  mapping_start: { run: (at) => start(at as MmAt) },
  mapping_hugetlb: {
    run: (at) =>
      startNested(at, "UNMAP", pmdStart(at.scenario, (at as MmAt).op.page), "mapping_entries"),
  },
  mapping_entries: { run: (at) => changeEntries(at as MmAt) },
  mapping_end: {
    run: (at) => {
      if (openRegion(at.mm, nestedRegion(at.task)) !== undefined)
        return endNested(at, "mapping_end");
      return call(
        endRegion(at, regionOf(at.mm, memoryRegion(at.task)), false),
        afterwards(at as MmAt),
      );
    },
  },
  mapping_unlock: { run: (at) => move(at, "next", { type: "mmap_unlock", mm: at.mmId }) },
};
