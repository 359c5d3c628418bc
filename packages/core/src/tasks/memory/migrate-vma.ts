/**
 * The programs of migrate_vma_setup, migrate_vma_pages and migrate_vma_finalize, with the driver's copy
 * between the first two (protocol.md 5.1).
 *
 * Only the collecting is an invalidation of its own, MIGRATE with the device as owner; afterwards migration
 * entries keep everybody out. Pages that were absent are told once more when they get their frame. What
 * replaces migration entries tells nobody. A page that somebody else refers to, too, is given up.
 */
import {
  addressOfPage,
  type Locals,
  type MigratingPage,
  type MirrorId,
  type PageEntry,
} from "@mmreplay/events";
import { regionOf } from "../../address-space/region.ts";
import {
  cpuEntry,
  frameOfCpu,
  isDevicePrivate,
  isHuge,
  isPresent,
  kindOf,
  migrationOf,
} from "../../memory/cpu-entry.ts";
import { cachedFrame, filePageOf } from "../../memory/file.ts";
import { isPrivate, nextFrame, reusableFrame, ZERO_PAGE } from "../../memory/frame.ts";
import type { HeldPage } from "../../memory/held-pages.ts";
import { vmaOf } from "../../memory/vma.ts";
import { someEntry } from "../../state/page-table.ts";
import { endRegion } from "../end-program.ts";
import { type At, call, deviceOf, type Labels, local, type Move, move } from "../machine.ts";
import { startRegion } from "../start-program.ts";
import { locksFaultPage } from "./device-fault.ts";
import { endNested, pmdStart, splitHugePmd, startNested } from "./huge-pages.ts";
import { entryAt, memoryRegion } from "./page-fault.ts";

/** What migrate_vma is called with: the pages `[page, end)`, whose driver it is, and where they go. */
export interface MigrateVma {
  readonly page: number;
  readonly end: number;
  readonly mirror: MirrorId;
  readonly toDevice: boolean;
  /** The frame to which a fault refers that is being handled (fault_page); 0: none. */
  readonly fault: number;
}

type Pages = Pick<MigrateVma, "page" | "end">;
const addresses = ({ page, end }: Pages) => ({
  start: addressOfPage(page),
  end: addressOfPage(end),
});
const pagesOf = (at: At): Pages => ({ page: local(at, "page"), end: local(at, "end") });
const isToDevice = (at: At): boolean => local(at, "toDevice") === 1;
const mirrorOf = (at: At): MirrorId => local(at, "mirror") as MirrorId;
const device = (at: At): number => deviceOf(at.scenario, mirrorOf(at));

/** The entry of a page that has moved: what the CPU may use is present, device-private memory is not. */
export function entryOfMoved({ state }: Pick<At, "state">, frame: number, write: boolean): number {
  if (isPrivate(state.frames[frame])) {
    return cpuEntry(write ? "device_writable" : "device_read_only", frame);
  }
  return cpuEntry(write ? "writable" : "read_only", frame);
}

/** What the task holds of its migration. */
export const heldPages = ({ me }: Pick<At, "me">): readonly HeldPage[] => me.held?.pages ?? [];

/** The call that arguments make: `place` and `visit` are where the walk over mappings stands. */
export function migrationArgs({ page, end, mirror, toDevice, fault }: MigrateVma): Locals {
  return {
    page,
    end,
    mirror,
    toDevice: Number(toDevice),
    fault,
    place: 0,
    visit: 0,
    phase: 0,
    evicts: 0,
  };
}

/** migrate_vma_setup, the driver's copy and migrate_vma_pages; the caller goes on at `back`. */
export function migrateVma(at: At, vma: MigrateVma, back: string): Move {
  const owner = deviceOf(at.scenario, vma.mirror);
  const enters = move(at, "migrate_vma_start", {
    type: "migrate_vma_setup",
    ...addresses(vma),
    owner,
  });
  return call(enters, back, migrationArgs(vma));
}

/** migrate_vma_finalize: the entries name the destinations, or the sources again. */
export function finalizeMigration(at: At, vma: MigrateVma, back: string): Move {
  const enters = move(at, "migrate_vma_restore", {
    type: "migrate_vma_finalize",
    ...addresses(vma),
  });
  return call(enters, back, { ...migrationArgs(vma), phase: 1 });
}

function start(at: At, from: number, then: string): Move {
  const { end } = pagesOf(at);
  const region = { event: "MIGRATE", blockable: true, owner: device(at) } as const;
  const starts = startRegion(at, {
    region: memoryRegion(at.task),
    ...addresses({ page: from, end }),
    ...region,
  });
  return call(starts, then);
}

const endOf = (at: At, then: string): Move =>
  call(endRegion(at, regionOf(at.mm, memoryRegion(at.task)), false), then);

/** The first page that is part of a huge one. */
function hugePage(at: At): number | undefined {
  const { page, end } = pagesOf(at);
  let found: number | undefined;
  someEntry(at.mm.cpu, page, end, (each, entry) => {
    if (isHuge(entry)) found = each;
    return found !== undefined;
  });
  return found;
}

/** The frame whose lock the fault that is handled has; 0: none. */
const lockedByFault = (at: At): number => (locksFaultPage(at.scenario) ? local(at, "fault") : 0);

/** What a migration takes of one page (migrate_vma_collect_pmd); undefined: nothing. */
function taken(at: At, page: number): MigratingPage | undefined {
  const vma = vmaOf(at.mm.vmas, page);
  const entry = entryAt(at, page);
  const frame = at.state.frames[frameOfCpu(entry)];
  if (vma?.kind !== "private") return undefined;
  const absent = entry === 0 && vma.file === null;
  if (absent || frameOfCpu(entry) === ZERO_PAGE) {
    return isToDevice(at) ? [page, 0, vma.prot === "read_write"] : undefined;
  }
  if (entry === 0 || frame === undefined) return undefined;
  if (frame.locked && frameOfCpu(entry) !== lockedByFault(at)) return undefined;
  const writable = ["writable", "device_writable"].includes(kindOf(entry) ?? "");
  // A device's page is selected by its own device only, private or coherent.
  if (frame.device !== null) {
    const isMapped = isDevicePrivate(entry) || isPresent(entry);
    const own = isMapped && !isToDevice(at) && frame.device === device(at);
    return own ? [page, frameOfCpu(entry), writable] : undefined;
  }
  const shown = filePageOf(vma, page);
  const cached = shown !== undefined && cachedFrame(at.state, shown) === frameOfCpu(entry);
  const system = isPresent(entry) && isToDevice(at);
  return system && !cached ? [page, frameOfCpu(entry), writable] : undefined;
}

function collect(at: At): Move {
  const huge = hugePage(at);
  if (huge !== undefined) {
    const pmd = pmdStart(at.scenario, huge);
    return { ...splitHugePmd(at, huge, "migrate_vma_split"), set: { pmd } };
  }
  const { page, end } = pagesOf(at);
  const pages: MigratingPage[] = [];
  for (let each = page; each < end; each += 1) {
    const takes = taken(at, each);
    if (takes !== undefined) pages.push(takes);
  }
  const fault = lockedByFault(at);
  return move(at, "migrate_vma_entries", {
    type: "migrate_vma_collect",
    mm: at.mmId,
    mirror: mirrorOf(at),
    pages,
    ...(fault === 0 ? {} : { fault }),
  });
}

/** Under the same page table lock: migration entries, and the CPU's TLB is flushed. */
function keepOut(at: At): Move {
  const entries = heldPages(at)
    .filter(({ from }) => from !== 0)
    .map(({ page }): PageEntry => [page, migrationOf(entryAt(at, page))]);
  const region = memoryRegion(at.task);
  return move(at, "migrate_vma_end", { type: "cpu_pte_change", mm: at.mmId, region, entries });
}

const needsFrame = ({ to, gaveUp }: HeldPage): boolean => to === 0 && !gaveUp;
const needing = (at: At): number => heldPages(at).filter(needsFrame).length;

/** Where a migration goes on when its pages are unmapped. */
export const afterUnmap = (at: At): string =>
  needing(at) === 0 ? "migrate_vma_pages" : "migrate_vma_alloc";

/** The driver: a frame for each page, then the contents. */
function allocate(at: At): Move {
  const place = heldPages(at).findIndex(needsFrame);
  const memory = isToDevice(at) ? { device: device(at), usedBy: mirrorOf(at) } : {};
  const frame = at.scenario.reusesFrames === true ? reusableFrame(at.state) : nextFrame(at.state);
  const erases = !isToDevice(at) && local(at, "evicts") === 0;
  const then = erases ? "migrate_vma_erase" : afterFrame(needing(at) - 1);
  const body = { type: "alloc_page", frame, copyOf: null, held: place, ...memory } as const;
  return { ...move(at, then, body), set: { place } };
}

const afterFrame = (needed: number): string =>
  needed === 0 ? "migrate_vma_copy" : "migrate_vma_alloc";

/** dmirror_devmem_fault_alloc_and_copy: the device loses the page, under no lock. */
function erase(at: At): Move {
  const page = heldPages(at)[local(at, "place")]?.page ?? local(at, "page");
  const erases = { startPage: page, endPageExclusive: page + 1 };
  return move(at, afterFrame(needing(at)), {
    type: "device_unmap",
    mirror: mirrorOf(at),
    ...erases,
  });
}

function copy(at: At): Move {
  const frames = heldPages(at).flatMap(({ from, to }): PageEntry[] => {
    return to === 0 ? [] : [[from, to]];
  });
  return move(at, "migrate_vma_pages", { type: "migrate_copy", ...addresses(pagesOf(at)), frames });
}

/** Pages that were absent and have a frame to get, with their places. */
function holes(at: At): { place: number; page: number; to: number; write: boolean }[] {
  return heldPages(at).flatMap(({ page, from, to, write, gaveUp }, place) =>
    from === 0 && to !== 0 && !gaveUp ? [{ place, page, to, write }] : [],
  );
}

function movePages(at: At): Move {
  const then = holes(at).length > 0 ? "migrate_vma_holes" : "migrate_vma_pages_return";
  return move(at, then, { type: "migrate_vma_pages", ...addresses(pagesOf(at)) });
}

/** migrate_vma_insert_page: what is not absent any more is given up. */
function lookAtHoles(at: At): Move {
  const gaveUp = holes(at).flatMap(({ place, page }) => {
    const entry = entryAt(at, page);
    return entry === 0 || frameOfCpu(entry) === ZERO_PAGE ? [] : [place];
  });
  return move(at, "migrate_vma_insert", { type: "migrate_vma_insert_page", gaveUp });
}

function insert(at: At): Move {
  const entries = holes(at).map(({ page, to, write }): PageEntry => {
    return [page, entryOfMoved(at, to, write)];
  });
  const region = memoryRegion(at.task);
  return move(at, "migrate_vma_holes_end", {
    type: "cpu_pte_change",
    mm: at.mmId,
    region,
    entries,
  });
}

/**
 * Labels of a migration before which others may run. A huge page is split for good: its entry first, then it
 * is unmapped (try_to_migrate) and mapped again, page by page; what its entries are meanwhile is left out.
 */
export const MIGRATE_LABELS: Labels = {
  migrate_vma_split: {
    run: (at) => startNested(at, "CLEAR", local(at, "pmd"), "migrate_vma_split_end"),
  },
  migrate_vma_split_end: { run: (at) => endNested(at, "migrate_vma_collect") },
  migrate_vma_collect: { run: collect },
  migrate_vma_end: { run: (at) => endOf(at, "try_to_migrate") },
  migrate_vma_copy: { run: copy },
  migrate_vma_holes: {
    run: (at) => start(at, holes(at)[0]?.page ?? local(at, "page"), "migrate_vma_look"),
  },
  migrate_vma_look: { run: lookAtHoles },
  migrate_vma_holes_end: { run: (at) => endOf(at, "migrate_vma_pages_return") },
};

/** Labels that follow at once. */
export const MIGRATE_INNER_LABELS: Labels = {
  migrate_vma_start: { run: (at) => start(at, local(at, "page"), "migrate_vma_collect") },
  migrate_vma_entries: { run: keepOut },
  migrate_vma_alloc: { run: allocate },
  migrate_vma_erase: { run: erase },
  migrate_vma_pages: { run: movePages },
  migrate_vma_insert: { run: insert },
  migrate_vma_pages_return: { run: (at) => move(at, "next", { type: "migrate_vma_pages_return" }) },
};
