/**
 * The program of handle_mm_fault: a page becomes present, or writable.
 *
 * To fill an absent entry, or to make an entry writable that nobody shares, tells nobody. To replace
 * the zero page or a shared page by a page of its own takes the old one away: CLEAR on that page, or on
 * the whole huge page (protocol.md 5.3, wp_page_copy). The caller holds the mmap lock, has looked at the
 * mapping, and looks at the entry again. Where the page cannot be had the call ends with `VM_FAULT_ERROR`.
 */
import {
  addressOfPage,
  type PageEntry,
  type RegionId,
  regionId,
  type TaskId,
} from "@mmreplay/events";
import { regionOf } from "../../address-space/region.ts";
import {
  allows,
  asHuge,
  cpuEntry,
  frameOfCpu,
  isHuge,
  isMigrating,
  isPresent,
  kindOf,
  wasWritable,
} from "../../memory/cpu-entry.ts";
import { cachedFrame, type FilePage, filePageOf } from "../../memory/file.ts";
import { nextFrame, ZERO_PAGE } from "../../memory/frame.ts";
import { type Vma, vmaOf } from "../../memory/vma.ts";
import { entryOf } from "../../state/page-table.ts";
import { endRegion } from "../end-program.ts";
import {
  type At,
  type Blocked,
  blockedIf,
  call,
  type Labels,
  local,
  type Move,
  move,
} from "../machine.ts";
import { startRegion } from "../start-program.ts";
import { takeDevicePage, waitsForDevicePage } from "./device-fault.ts";
import { coversPmd, isPmdNone, pmdOrder, pmdPages, pmdStart, splitHugePmd } from "./huge-pages.ts";

/** What a fault ends with that cannot have its page. */
export const VM_FAULT_ERROR = 1;

/** Regions of memory operations have ids of their own, above any that a program uses. */
const MEMORY_REGION = 1_000_100;

/** The region that a task's own memory operation opens. */
export function memoryRegion(task: TaskId): RegionId {
  return regionId(MEMORY_REGION + task);
}

/** The CPU's entry of a page. */
export const entryAt = (at: At, page: number): number => entryOf(at.mm.cpu, page);

const page = (at: At): number => local(at, "page");
const isWrite = (at: At): boolean => local(at, "write") === 1;
const mapping = (at: At): Vma | undefined => vmaOf(at.mm.vmas, page(at));
const shownAt = (at: At): FilePage | undefined => filePageOf(mapping(at), page(at));

/** The pages that share an entry with the page: those of its huge page, or it alone. */
function together(at: At, huge: boolean): { first: number; count: number } {
  if (!huge) return { first: page(at), count: 1 };
  return { first: pmdStart(at.scenario, page(at)), count: pmdPages(at.scenario) };
}

/** Entries of new frames from `frame` on, or of those that the pages have. */
function entriesOf(at: At, huge: boolean, write: boolean, frame?: number): PageEntry[] {
  const { first, count } = together(at, huge);
  return Array.from({ length: count }, (_, index): PageEntry => {
    const own = frame === undefined ? frameOfCpu(entryAt(at, first + index)) : frame + index;
    const small = cpuEntry(write ? "writable" : "read_only", own);
    return [first + index, huge ? asHuge(write, own) : small];
  });
}

/** Entries of the zero page, which of a huge one is the same in all places. */
function zeroEntries(at: At, huge: boolean): PageEntry[] {
  const { first, count } = together(at, huge);
  const entry = huge ? asHuge(false, ZERO_PAGE) : cpuEntry("read_only", ZERO_PAGE);
  return Array.from({ length: count }, (_, index): PageEntry => [first + index, entry]);
}

/** Fills or upgrades entries; nobody is told. */
function fill(at: At, entries: readonly PageEntry[]): Move {
  return move(at, "next", { type: "handle_mm_fault", mm: at.mmId, entries: [...entries] });
}

const fillOne = (at: At, kind: "writable" | "read_only", frame: number): Move =>
  fill(at, [[page(at), cpuEntry(kind, frame)]]);

function fails(at: At): Move {
  return { ...fill(at, []), ret: VM_FAULT_ERROR };
}

function allocate(at: At, copyOf: number | null, then: string): Move {
  const frame = nextFrame(at.state);
  const set = { frame, entry: entryAt(at, page(at)), huge: 0 };
  return { ...move(at, then, { type: "alloc_page", frame, copyOf }), set };
}

function allocateHuge(at: At, then: string): Move {
  const frame = nextFrame(at.state);
  const order = pmdOrder(at.scenario);
  const set = { frame, entry: entryAt(at, page(at)), huge: 1 };
  return { ...move(at, then, { type: "alloc_page", frame, copyOf: null, order }), set };
}

function fault(at: At): Move {
  const entry = entryAt(at, page(at));
  // Another thread was faster.
  if (allows(entry, isWrite(at))) return fill(at, []);
  if (isPresent(entry)) return isHuge(entry) ? hugeFault(at) : presentFault(at, entry);
  switch (kindOf(entry)) {
    case undefined:
      return absentFault(at);
    case "swap":
      return allocate(at, frameOfCpu(entry), "mm_fault_map");
    case "device_writable":
    case "device_read_only":
      return takeDevicePage(at, entry);
    case "exclusive":
    case "exclusive_read_only":
      return refersTo(at, entry, "revoke_lock");
    // Memory that has failed, and memory that its driver has mapped: a fault gives nothing (SIGBUS).
    case "hwpoison":
    case "special":
      return fails(at);
    default:
      throw new Error(`a page fault on a ${kindOf(entry)} entry`);
  }
}

/** A page that is not the CPU's: it must not go while the entry is not looked at. */
function refersTo(at: At, entry: number, then: string): Move {
  const frame = frameOfCpu(entry);
  return { ...move(at, then, { type: "get_page", frame }), set: { frame, entry } };
}

/** Nothing is there: a page of the file, a huge page, the zero page, or a page of its own. */
function absentFault(at: At): Move {
  const vma = mapping(at);
  if (vma?.kind === "hugetlb") return allocateHuge(at, "mm_fault_map");
  const shown = shownAt(at);
  if (shown !== undefined) return fileFault(at, shown, vma?.kind === "private");
  const wanted = vma?.huge === true || at.scenario.hugeAlways === true;
  const huge = wanted && coversPmd(at, page(at)) && isPmdNone(at, page(at));
  if (!isWrite(at)) return fill(at, zeroEntries(at, huge));
  return huge ? allocateHuge(at, "mm_fault_map") : allocate(at, null, "mm_fault_map");
}

function fileFault(at: At, shown: FilePage, isPrivate: boolean): Move {
  const frame = cachedFrame(at.state, shown);
  if (frame === 0) return allocate(at, null, "mm_fault_add");
  if (!isWrite(at)) return fillOne(at, "read_only", frame);
  return isPrivate ? allocate(at, frame, "mm_fault_map") : fillOne(at, "writable", frame);
}

/** The page of a file comes into memory; then it is looked up like any other. */
function addToFile(at: At): Move {
  const shown = shownAt(at);
  const frame = local(at, "frame");
  if (shown === undefined || cachedFrame(at.state, shown) !== 0) {
    return move(at, "mm_fault", { type: "put_page", frame });
  }
  return move(at, "mm_fault_added", { type: "filemap_add_folio", ...shown, frame });
}

/** Present, and does not allow the access; after a hint of NUMA balancing it is what it was (do_numa_page). */
function presentFault(at: At, entry: number): Move {
  const frame = frameOfCpu(entry);
  if (wasWritable(entry)) return fillOne(at, "writable", frame);
  if (!isWrite(at)) return fillOne(at, "read_only", frame);
  const { maps, pins, locked } = at.state.frames[frame] ?? {};
  // A page that is being moved is locked: not all that map it may have their entries back.
  const own = maps === 1 && pins === 0 && locked === false;
  const isShared = mapping(at)?.kind === "shared";
  if (isShared || (own && frame !== ZERO_PAGE)) return fillOne(at, "writable", frame);
  return allocate(at, frame, "mm_fault_copied");
}

/** A huge page that others share is split, or copied as a whole where it comes from the pool. */
function hugeFault(at: At): Move {
  if (wasWritable(entryAt(at, page(at)))) return fill(at, entriesOf(at, true, true));
  if (!isWrite(at)) return fill(at, entriesOf(at, true, false));
  const { first, count } = together(at, true);
  const frames = Array.from({ length: count }, (_, index) => {
    return at.state.frames[frameOfCpu(entryAt(at, first + index))];
  });
  const own = frames.every((frame) => frame?.maps === 1 && frame.pins === 0);
  if (own) return fill(at, entriesOf(at, true, true));
  if (mapping(at)?.kind !== "hugetlb") return splitHugePmd(at, page(at), "mm_fault");
  return allocateHuge(at, "mm_fault_folio");
}

function copyHuge(at: At): Move {
  const { first, count } = together(at, true);
  const entries = Array.from({ length: count }, (_, index): PageEntry => {
    return [frameOfCpu(entryAt(at, first + index)), local(at, "frame") + index];
  });
  const same = entryAt(at, page(at)) === local(at, "entry");
  return move(at, "mm_fault_copied", { type: "folio_copy", entries: same ? entries : [] });
}

/** The new page's entries; none where another thread has changed the entry since (pte_same). */
function newEntries(at: At): PageEntry[] {
  const huge = local(at, "huge") === 1;
  const changed = entryAt(at, page(at)) !== local(at, "entry");
  const filled = huge && local(at, "entry") === 0 && !isPmdNone(at, page(at));
  if (changed || filled) return [];
  const write = huge ? mapping(at)?.prot === "read_write" : isWrite(at);
  return entriesOf(at, huge, write, local(at, "frame"));
}

function mapNew(at: At): Move {
  const entries = newEntries(at);
  const then = entries.length === 0 ? "mm_fault_put" : "next";
  return move(at, then, { type: "handle_mm_fault", mm: at.mmId, entries });
}

/** The page is not needed: it is given back. */
function putNew(at: At): Move {
  const order = local(at, "huge") === 1 ? pmdOrder(at.scenario) : 0;
  return move(at, "next", { type: "put_page", frame: local(at, "frame"), order });
}

function clearOld(at: At): Move {
  const { first, count } = together(at, local(at, "huge") === 1);
  const [start, end] = [addressOfPage(first), addressOfPage(first + count)];
  const region = { start, end, event: "CLEAR", blockable: true, owner: null } as const;
  return call(startRegion(at, { region: memoryRegion(at.task), ...region }), "mm_fault_replace");
}

function replace(at: At): Move {
  const entries = newEntries(at);
  const changes = move(at, "mm_fault_end", {
    type: "cpu_pte_change",
    mm: at.mmId,
    region: memoryRegion(at.task),
    entries,
  });
  return { ...changes, set: { lost: Number(entries.length === 0) } };
}

function waits(at: At): Blocked | null {
  const entry = entryAt(at, page(at));
  if (isMigrating(entry)) return blockedIf(true, "migration_entry", page(at));
  const waitsForPage = waitsForDevicePage(at, entry);
  if (waitsForPage !== null) return waitsForPage;
  const file = entry === 0 ? shownAt(at)?.file : undefined;
  const lock = file === undefined ? null : (at.state.files[file]?.lock ?? null);
  return blockedIf(lock !== null, "file_lock");
}

/** Labels of a page fault; `mm_fault` begins it, with `page` and `write` (0 or 1). */
export const PAGE_FAULT_LABELS: Labels = {
  mm_fault: { blockedOn: waits, run: fault },
  mm_fault_add: { blockedOn: waits, run: addToFile },
  mm_fault_added: {
    run: (at) => move(at, "mm_fault", { type: "put_page", frame: local(at, "frame") }),
  },
  mm_fault_map: { run: mapNew },
  mm_fault_folio: { run: copyHuge },
  mm_fault_copied: { run: clearOld },
  mm_fault_replace: { run: replace },
  mm_fault_end: {
    run: (at) => {
      const then = local(at, "lost") === 1 ? "mm_fault_put" : "next";
      return call(endRegion(at, regionOf(at.mm, memoryRegion(at.task)), false), then);
    },
  },
  mm_fault_put: { run: putNew },
};
