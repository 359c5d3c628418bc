/**
 * The program of make_device_exclusive_range: pages are looked up for writing, and then kept from the CPU.
 *
 * All pages are faulted in and referred to first; then each is locked, if nobody holds its lock, and its
 * entry is replaced inside an EXCLUSIVE invalidation of that page. Who calls finds the pages that it has got
 * locked, and must let them go (protocol.md 5.2).
 */
import { addressOfPage, type MirrorId, type PageEntry } from "@mmreplay/events";
import { regionOf } from "../../address-space/region.ts";
import { allows, frameOfCpu, granted, isHuge, kindOf } from "../../memory/cpu-entry.ts";
import { cachedFrame, filePageOf } from "../../memory/file.ts";
import type { HeldPage } from "../../memory/held-pages.ts";
import { permits, vmaOf } from "../../memory/vma.ts";
import { endRegion } from "../end-program.ts";
import { type At, call, type Labels, local, type Move, move } from "../machine.ts";
import { startRegion } from "../start-program.ts";
import { splitHugePmd } from "./huge-pages.ts";
import { entryAt, memoryRegion, VM_FAULT_ERROR } from "./page-fault.ts";

/** What it is called with: the pages `[page, end)`, and the owner of its invalidations. */
export interface MakeExclusive {
  readonly page: number;
  readonly end: number;
  readonly mirror: MirrorId;
  readonly owner: number | null;
}

/** No owner, as an argument. */
const NOBODY = -1;

/** make_device_exclusive_range is called; the caller goes on at `back`. */
export function makeExclusive(at: At, asked: MakeExclusive, back: string): Move {
  const { page, end, mirror, owner } = asked;
  const enters = move(at, "exclusive_gup", {
    type: "make_device_exclusive_range",
    start: addressOfPage(page),
    end: addressOfPage(end),
  });
  const args = { page, end, mirror, owner: owner ?? NOBODY, place: 0, missed: 0, count: 0 };
  return call(enters, back, args);
}

/** The pages that the task has looked up, and not let go. */
export const grantedPages = ({ me }: Pick<At, "me">): readonly HeldPage[] =>
  me.granted?.pages ?? [];

const page = (at: At): number => local(at, "page");
const held = (at: At): HeldPage | undefined => grantedPages(at)[local(at, "place")];

/** One page, for writing: it is referred to, or faulted in. */
function lookUp(at: At): Move {
  const failed = at.me.calls.at(-1)?.args["ret"] === VM_FAULT_ERROR;
  if (page(at) === local(at, "end") || failed || !permits(vmaOf(at.mm.vmas, page(at)), true)) {
    return lock(at);
  }
  const entry = entryAt(at, page(at));
  if (isHuge(entry)) return splitHugePmd(at, page(at), "exclusive_gup");
  if (!allows(entry, true)) {
    const faults = move(at, "mm_fault", { type: "faultin_page", mm: at.mmId, page: page(at) });
    return call(faults, "exclusive_gup", { page: page(at), write: 1 });
  }
  const found = move(at, "exclusive_gup", {
    type: "get_user_pages",
    mm: at.mmId,
    mirror: local(at, "mirror") as MirrorId,
    page: page(at),
    frame: frameOfCpu(entry),
  });
  return { ...found, set: { page: page(at) + 1, count: local(at, "count") + 1 } };
}

/** The next page's lock, or the end. A page that cannot be had is let go. */
function lock(at: At): Move {
  const next = held(at);
  if (next === undefined) {
    const body = { type: "make_device_exclusive_range_return", pages: local(at, "count") } as const;
    return move(at, "next", body);
  }
  const busy = at.state.frames[next.from]?.locked === true && !next.locked;
  if (local(at, "missed") === 1 || busy || isOfFile(at, next)) {
    const lets = move(at, "exclusive_lock", { type: "put_page", frame: next.from });
    return { ...lets, set: { missed: 0 } };
  }
  return move(at, "exclusive_start", { type: "lock_page", frame: next.from });
}

function isOfFile(at: At, { page: of, from }: HeldPage): boolean {
  const shown = filePageOf(vmaOf(at.mm.vmas, of), of);
  return shown !== undefined && cachedFrame(at.state, shown) === from;
}

function start(at: At): Move {
  const at0 = held(at)?.page ?? page(at);
  const owner = local(at, "owner");
  const starts = startRegion(at, {
    region: memoryRegion(at.task),
    start: addressOfPage(at0),
    end: addressOfPage(at0 + 1),
    event: "EXCLUSIVE",
    blockable: true,
    owner: owner === NOBODY ? null : owner,
  });
  return call(starts, "exclusive_grant");
}

/** page_make_device_exclusive_one: the entry, if it still is the page's, and writable. */
function grant(at: At): Move {
  const next = held(at);
  const entry = next === undefined ? 0 : entryAt(at, next.page);
  const same = next !== undefined && frameOfCpu(entry) === next.from && allows(entry, false);
  const entries: PageEntry[] = same ? [[next.page, granted(entry)]] : [];
  const grants = move(at, "exclusive_end", {
    type: "cpu_pte_change",
    mm: at.mmId,
    region: memoryRegion(at.task),
    entries,
  });
  return { ...grants, set: { missed: Number(!same || kindOf(entry) !== "writable") } };
}

function end(at: At): Move {
  const ends = endRegion(at, regionOf(at.mm, memoryRegion(at.task)), false);
  // A page that is let go leaves its place to the next one.
  const place = local(at, "place") + 1 - local(at, "missed");
  return call({ ...ends, set: { place } }, "exclusive_lock");
}

/** Labels before which others may run. */
export const EXCLUSIVE_LABELS: Labels = {
  exclusive_gup: { run: lookUp },
  exclusive_lock: { run: lock },
  exclusive_grant: { run: grant },
  exclusive_end: { run: end },
};

/** Labels that follow at once. */
export const EXCLUSIVE_INNER_LABELS: Labels = {
  exclusive_start: { run: start },
};
