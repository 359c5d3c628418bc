/**
 * Who else maps the pages of a migration: their mappings are replaced, and put back in the end.
 *
 * try_to_migrate walks over all address spaces that may have a page, among them the caller's own, and each
 * gets a CLEAR over it, whether it still maps the page or not (as recorded in ht_hmm_cow_in_device). A page
 * with a reference that the migration does not know is given up, and its entries name it again. Kernel
 * counterparts: migrate_device_unmap (mm/migrate_device.c), try_to_migrate_one (mm/rmap.c),
 * remove_migration_ptes (mm/migrate.c).
 */
import {
  addressOfPage,
  type MigratingPage,
  type MirrorId,
  type MmId,
  mmId,
  type PageEntry,
} from "@mmreplay/events";
import { regionOf } from "../../address-space/region.ts";
import { deviceAllows } from "../../drivers/mirror/mirror.ts";
import { frameOfCpu, isMigrating, kindOf, migrationOf } from "../../memory/cpu-entry.ts";
import { type HeldPage, type Naming, namingsOf } from "../../memory/held-pages.ts";
import { asMapped, vmaOf } from "../../memory/vma.ts";
import { entryOf } from "../../state/page-table.ts";
import { peekMm } from "../../state/state.ts";
import { endRegion } from "../end-program.ts";
import { type At, call, deviceOf, type Labels, local, type Move, move } from "../machine.ts";
import { startRegion } from "../start-program.ts";
import { afterUnmap, entryOfMoved, heldPages, migrationArgs } from "./migrate-vma.ts";
import { memoryRegion } from "./page-fault.ts";

/** The task as if its process were another one. */
function inside(at: At, mm: MmId): At {
  return { ...at, mmId: mm, mm: peekMm(at.state, mm) };
}

const heldMm = (at: At): MmId => at.me.held?.mm ?? at.mmId;
const ownEntry = (at: At, { page }: HeldPage): number =>
  entryOf(peekMm(at.state, heldMm(at)).cpu, page);

/** Entries that name a held frame; mostly there is the migration's own, and no other. */
function namings(at: At, held: HeldPage): readonly Naming[] {
  const entry = ownEntry(at, held);
  const own = frameOfCpu(entry) === held.from;
  const others = (at.state.frames[held.from]?.maps ?? 0) > Number(own);
  if (others) return namingsOf(at.state, held.from);
  return own ? [{ mm: heldMm(at), page: held.page, entry }] : [];
}

function isMapped(at: At, held: HeldPage): boolean {
  return held.from !== 0 && namings(at, held).some(({ entry }) => !isMigrating(entry));
}

/** Pages that an address space can have: places of the walk count up through them. */
const PAGES = 2 ** 32;

/** A place where a page is or may have been mapped. */
interface Place {
  readonly mm: MmId;
  readonly page: number;
}

const numberOf = ({ mm, page }: Place): number => mm * PAGES + page + 1;
const placeOf = (number: number): Place => ({
  mm: mmId(Math.floor((number - 1) / PAGES)),
  page: (number - 1) % PAGES,
});

/**
 * The next place after one: where the page was mapped first, of each address space that has a mapping there, and
 * wherever else an entry names the frame, as mremap may have moved it.
 */
function visited(at: At, held: HeldPage, after: number): Place | undefined {
  const { mms } = at.state;
  const first = mms.map((_, mm): Place => ({ mm: mmId(mm), page: held.page }));
  const all = [...first, ...namings(at, held)].filter((place) => {
    const mm = mms[place.mm];
    const isPrivate = vmaOf(mm?.vmas ?? [], place.page)?.kind === "private";
    return mm?.dead === false && isPrivate && numberOf(place) > after;
  });
  return all.sort((a, b) => numberOf(a) - numberOf(b))[0];
}

/** The next step of the walk: one mapping of one page, or the end. */
function walk(at: At): Move {
  const pages = heldPages(at);
  let [place, visit] = [local(at, "place"), local(at, "visit")];
  for (; place < pages.length; place += 1, visit = 0) {
    const held = pages[place] as HeldPage;
    if (visit === 0 && !isMapped(at, held)) continue;
    const next = visited(at, held, visit);
    if (next !== undefined) return clear(at, next, place);
  }
  return check(at);
}

function clear(at: At, { mm, page }: Place, place: number): Move {
  const [start, end] = [addressOfPage(page), addressOfPage(page + 1)];
  const region = { start, end, event: "CLEAR", blockable: true, owner: null } as const;
  const starts = startRegion(inside(at, mm), { region: memoryRegion(at.task), ...region });
  const set = { place, visit: numberOf({ mm, page }) };
  return call({ ...starts, set }, "try_to_migrate_one", { mm });
}

const visiting = (at: At): Place => placeOf(local(at, "visit"));

function unmapOne(at: At): Move {
  const held = heldPages(at)[local(at, "place")];
  const { mm, page } = visiting(at);
  const entry = entryOf(peekMm(at.state, mm).cpu, page);
  const names = held !== undefined && held.from !== 0 && frameOfCpu(entry) === held.from;
  const entries: PageEntry[] = names && !isMigrating(entry) ? [[page, migrationOf(entry)]] : [];
  const region = memoryRegion(at.task);
  return move(at, "try_to_migrate_end", { type: "cpu_pte_change", mm, region, entries });
}

function endOne(at: At): Move {
  const other = inside(at, visiting(at).mm);
  const ends = endRegion(other, regionOf(other.mm, memoryRegion(at.task)), false);
  return call(ends, "try_to_migrate", { mm: other.mmId });
}

/** Pages that are still mapped, or to which somebody else refers, too. */
function check(at: At): Move {
  const gaveUp = heldPages(at).flatMap((held, place) => {
    const expected = 1 + Number(held.from === local(at, "fault"));
    const pins = at.state.frames[held.from]?.pins ?? 0;
    const busy = held.from !== 0 && (pins > expected || isMapped(at, held));
    return busy ? [place] : [];
  });
  const then = gaveUp.length > 0 ? "migrate_vma_restore" : unmapped(at);
  return move(at, then, { type: "migrate_vma_unmap", gaveUp });
}

const unmapped = (at: At): string =>
  local(at, "evicts") === 1 ? afterUnmap(at) : "migrate_vma_setup_return";

/** In the end all pages get their entries back; before that those that were given up. */
const isFinal = (at: At): boolean => local(at, "phase") === 1;

/** One address space's entries of the pages, as they were, of the frames that the pages now have. */
function restore(at: At): Move {
  const waiting = heldPages(at)
    .filter(({ from, gaveUp }) => from !== 0 && (isFinal(at) || gaveUp))
    .flatMap((held) => namings(at, held).map((naming) => ({ held, ...naming })))
    .filter(({ entry }) => isMigrating(entry));
  const mm = waiting[0]?.mm;
  if (mm === undefined) return isFinal(at) ? finalized(at) : putBack(at);
  const entries = waiting
    .filter((one) => one.mm === mm)
    .map(({ held, page, entry }): PageEntry => {
      return [page, asMapped(vmaOf(peekMm(at.state, mm).vmas, page), entryAfter(at, held, entry))];
    });
  return move(at, "migrate_vma_restore", { type: "handle_mm_fault", mm, entries });
}

function entryAfter(at: At, { from, to, gaveUp }: HeldPage, entry: number): number {
  const frame = gaveUp || to === 0 ? from : to;
  const writable = kindOf(entry) === "migration_writable";
  return entryOfMoved(at, frame, writable);
}

const finalized = (at: At): Move => move(at, "next", { type: "migrate_vma_finalize_return" });

/** Pages that were given up are unlocked and put. */
function putBack(at: At): Move {
  const given = heldPages(at).filter(({ from, gaveUp }) => gaveUp && from !== 0);
  const frame = given[0]?.from;
  if (frame === undefined) throw new Error(`task ${at.task} has no page to put back`);
  const then = given.length > 1 ? "migrate_vma_restore" : unmapped(at);
  return move(at, then, { type: "put_page", frame });
}

/** The frames of a device that are mapped, and that nobody moves already. */
function deviceFrames(at: At, device: number): MigratingPage[] {
  return at.state.frames.flatMap((frame, number): MigratingPage[] => {
    const [first] = frame.device === device && !frame.locked ? namingsOf(at.state, number) : [];
    if (first === undefined) return [];
    return [[first.page, number, deviceAllows(first.entry, true)]];
  });
}

/** All of a device's frames are evicted (migrate_device_range); the caller goes on at `back`. */
export function migrateDevice(at: At, mirror: MirrorId, back: string): Move {
  const pages = deviceFrames(at, deviceOf(at.scenario, mirror));
  const all = pages.map(([page]) => page);
  const [page, end] = pages.length === 0 ? [0, 1] : [Math.min(...all), Math.max(...all) + 1];
  const args = migrationArgs({ page, end, mirror, toDevice: false, fault: 0 });
  const begins = move(at, pages.length === 0 ? "next" : "try_to_migrate", {
    type: "migrate_device_range",
    mm: at.mmId,
    mirror,
    pages,
  });
  return call(begins, back, { ...args, evicts: 1 });
}

/** Labels before which others may run. */
export const TRY_TO_MIGRATE_LABELS: Labels = {
  try_to_migrate: { run: walk },
  try_to_migrate_one: { run: unmapOne },
  try_to_migrate_end: { run: endOne },
  migrate_vma_restore: { run: restore },
};

/** Labels that follow at once. */
export const TRY_TO_MIGRATE_INNER_LABELS: Labels = {
  migrate_vma_setup_return: {
    run: (at) => move(at, afterUnmap(at), { type: "migrate_vma_setup_return", rc: 0 }),
  },
};
