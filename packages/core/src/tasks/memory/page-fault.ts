/**
 * The program of handle_mm_fault: a page becomes present, or writable.
 *
 * To fill an absent entry, or to make an entry writable that nobody shares, tells nobody. To replace
 * the zero page or a shared page by a page of its own takes the old one away: CLEAR on that page
 * (protocol.md 5.3, wp_page_copy). The caller holds the mmap lock, has looked at the mapping, and looks at
 * the entry again.
 */
import {
  addressOfPage,
  type PageEntry,
  type RegionId,
  regionId,
  type TaskId,
} from "@mmreplay/events";
import { regionOf } from "../../address-space/region.ts";
import { allows, cpuEntry, frameOfCpu, kindOf } from "../../memory/cpu-entry.ts";
import { ZERO_PAGE } from "../../memory/frame.ts";
import { entryOf } from "../../state/page-table.ts";
import { endRegion } from "../end-program.ts";
import { type At, blockedIf, call, type Labels, local, type Move, move } from "../machine.ts";
import { startRegion } from "../start-program.ts";

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

/** Fills or upgrades the entry; nobody is told. */
function fill(at: At, entry: number): Move {
  return move(at, "next", { type: "handle_mm_fault", mm: at.mmId, entries: [[page(at), entry]] });
}

function allocate(at: At, copyOf: number | null, then: string): Move {
  const frame = Math.max(at.state.frames.length, ZERO_PAGE + 1);
  const set = { frame, entry: entryAt(at, page(at)) };
  return { ...move(at, then, { type: "alloc_page", frame, copyOf }), set };
}

/** The new page's entry; none where another thread has changed the entry since (pte_same). */
function newEntry(at: At): PageEntry[] {
  if (entryAt(at, page(at)) !== local(at, "entry")) return [];
  return [[page(at), cpuEntry(isWrite(at) ? "writable" : "read_only", local(at, "frame"))]];
}

function fault(at: At): Move {
  const entry = entryAt(at, page(at));
  const frame = frameOfCpu(entry);
  // Another thread was faster.
  if (allows(entry, isWrite(at))) {
    return move(at, "next", { type: "handle_mm_fault", mm: at.mmId, entries: [] });
  }
  if (kindOf(entry) === "swap") return allocate(at, frame, "mm_fault_map");
  if (!isWrite(at)) return fill(at, cpuEntry("read_only", entry === 0 ? ZERO_PAGE : frame));
  if (entry === 0) return allocate(at, null, "mm_fault_map");
  const shared = frame === ZERO_PAGE || at.state.frames[frame]?.maps !== 1;
  return shared ? allocate(at, frame, "mm_fault_copied") : fill(at, cpuEntry("writable", frame));
}

function clearPage(at: At): Move {
  const [start, end] = [addressOfPage(page(at)), addressOfPage(page(at) + 1)];
  const region = { start, end, event: "CLEAR", blockable: true, owner: null } as const;
  return call(startRegion(at, { region: memoryRegion(at.task), ...region }), "mm_fault_replace");
}

function replace(at: At): Move {
  return move(at, "mm_fault_end", {
    type: "cpu_pte_change",
    mm: at.mmId,
    region: memoryRegion(at.task),
    entries: newEntry(at),
  });
}

/** Labels of a page fault; `mm_fault` begins it, with `page` and `write` (0 or 1). */
export const PAGE_FAULT_LABELS: Labels = {
  mm_fault: {
    blockedOn: (at) =>
      blockedIf(kindOf(entryAt(at, page(at))) === "migration", "migration_entry", page(at)),
    run: fault,
  },
  mm_fault_map: {
    run: (at) => move(at, "next", { type: "handle_mm_fault", mm: at.mmId, entries: newEntry(at) }),
  },
  mm_fault_copied: { run: clearPage },
  mm_fault_replace: { run: replace },
  mm_fault_end: {
    run: (at) => call(endRegion(at, regionOf(at.mm, memoryRegion(at.task)), false), "next"),
  },
};
