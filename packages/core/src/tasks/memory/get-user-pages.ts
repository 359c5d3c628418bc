/**
 * The program of get_user_pages, as the kernel's gup_test module calls it: a page is faulted in and referred
 * to, and the reference is dropped again.
 *
 * A long-term pin must not keep a page in a device's memory: one of coherent memory is moved to system memory
 * first, and then looked up again; one of device-private memory comes back by the fault. The move knows
 * the caller's own reference; where there is another one the call fails. Without the mmap lock only a page is
 * taken that needs neither. Kernel counterparts: __get_user_pages, check_and_migrate_movable_pages (mm/gup.c),
 * migrate_device_coherent_page (mm/migrate_device.c), gup_test_ioctl (mm/gup_test.c).
 */
import { mirrorId } from "@mmreplay/events";
import { allows, frameOfCpu, kindOf } from "../../memory/cpu-entry.ts";
import { isCoherent } from "../../memory/frame.ts";
import { permits, vmaOf } from "../../memory/vma.ts";
import { type At, blockedIf, call, type Labels, local, type Move, move } from "../machine.ts";
import type { Operation } from "../operation.ts";
import { finalizeMigration, type MigrateVma, migrationArgs } from "./migrate-vma.ts";
import { entryAt, VM_FAULT_ERROR } from "./page-fault.ts";

const EFAULT = -14;
const EBUSY = -16;

type GupAt = At<Extract<Operation, { op: "gup" }>>;

const isLongterm = ({ op }: GupAt): boolean => op.how.startsWith("pin_longterm");
const isFast = ({ op }: GupAt): boolean => op.how.endsWith("_fast");
const frame = (at: At): number => local(at, "frame");

function begin(at: GupAt): Move {
  const { page, how, write } = at.op;
  const opens = { type: "gup_test_ioctl", mm: at.mmId, page, how, write } as const;
  const then = isFast(at) ? "gup_fast" : "gup_lock";
  return call(move(at, then, opens), "next", { page, frame: 0, rc: 0 });
}

/** A page that may not be pinned for long where it is. */
const mustMove = (at: GupAt, of: number): boolean =>
  isLongterm(at) && isCoherent(at.state.frames[of]);

/** The entry's frame, where the entry allows what is asked for; 0: it does not. */
function present(at: GupAt): number {
  const entry = entryAt(at, at.op.page);
  const hasPage = kindOf(entry) !== "special";
  return hasPage && allows(entry, at.op.write) ? frameOfCpu(entry) : 0;
}

function lookFast(at: GupAt): Move {
  const found = present(at);
  const taken = mustMove(at, found) ? 0 : found;
  const body = { type: "lockless_pages_from_mm", mm: at.mmId, page: at.op.page } as const;
  const looks = move(at, taken === 0 ? "gup_lock" : "gup_return", { ...body, frame: taken });
  return { ...looks, set: { frame: taken } };
}

function unlock(at: GupAt, rc: number): Move {
  const unlocks = move(at, "gup_return", { type: "mmap_unlock", mm: at.mmId });
  return { ...unlocks, set: { rc } };
}

/** The page is referred to, or faulted in. */
function lookUp(at: GupAt): Move {
  const { page, write } = at.op;
  const failed = at.me.calls.at(-1)?.args["ret"] === VM_FAULT_ERROR;
  if (failed || !permits(vmaOf(at.mm.vmas, page), write)) return unlock(at, EFAULT);
  const found = present(at);
  if (found === 0) {
    const faults = move(at, "mm_fault", { type: "faultin_page", mm: at.mmId, page });
    return call(faults, "gup_walk", { page, write: Number(write) });
  }
  const then = mustMove(at, found) ? "gup_migrate" : "gup_unlock";
  return { ...move(at, then, { type: "get_page", frame: found }), set: { frame: found } };
}

/** The one page, to which the caller refers. */
function onePage(at: GupAt): MigrateVma {
  const { page } = at.op;
  const mirror = at.state.frames[frame(at)]?.mirror ?? mirrorId(0);
  return { page, end: page + 1, mirror, toDevice: false, fault: frame(at) };
}

/** migrate_device_coherent_page: as an eviction, whoever has moved the page there. */
function migrate(at: GupAt): Move {
  const { page, write } = at.op;
  const body = { type: "migrate_device_coherent_page", mm: at.mmId } as const;
  const begins = move(at, "try_to_migrate", { ...body, pages: [[page, frame(at), write]] });
  return call(begins, "gup_migrated", { ...migrationArgs(onePage(at)), evicts: 1 });
}

/** What was given up is not held any more. */
function migrated(at: GupAt): Move {
  if (at.me.held !== null) return finalizeMigration(at, onePage(at), "gup_again");
  return { ...put(at, "gup_unlock"), set: { frame: 0, rc: EBUSY } };
}

function returns(at: GupAt): Move {
  const { page } = at.op;
  const body = { mm: at.mmId, page, frame: frame(at), longterm: isLongterm(at) };
  const then = frame(at) === 0 ? "next" : "gup_put";
  return move(at, then, { type: "get_user_pages_return", ...body, rc: local(at, "rc") });
}

function put(at: At, then: string): Move {
  return { ...move(at, then, { type: "put_page", frame: frame(at) }), set: { frame: 0 } };
}

const runs = (run: (at: GupAt) => Move) => ({ run: (at: At) => run(at as GupAt) });

/** Labels before which others may run; `gup` begins the program. */
export const GUP_LABELS: Labels = {
  gup: runs(begin),
  gup_fast: runs(lookFast),
  gup_lock: {
    blockedOn: (at) => blockedIf(at.mm.mmapLock !== null, "mmap_lock"),
    run: (at) => move(at, "gup_walk", { type: "mmap_lock", mm: at.mmId, shared: true }),
  },
  gup_walk: runs(lookUp),
  gup_migrate: {
    blockedOn: (at) => blockedIf(at.state.frames[frame(at)]?.locked === true, "page_lock"),
    run: (at) => migrate(at as GupAt),
  },
  gup_migrated: runs(migrated),
  gup_again: { run: (at) => put(at, "gup_walk") },
  gup_unlock: runs((at) => unlock(at, local(at, "rc"))),
  gup_put: { run: (at) => move(at, "next", { type: "put_page", frame: frame(at) }) },
};

/** Labels that follow at once. */
export const GUP_INNER_LABELS: Labels = {
  gup_return: runs(returns),
};
