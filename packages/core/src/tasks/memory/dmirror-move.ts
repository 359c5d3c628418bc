/**
 * The test driver's MIGRATE_TO_DEV, MIGRATE_TO_SYS and RELEASE, and what it does when its file is closed
 * (lib/test_hmm.c: dmirror_migrate_to_device, dmirror_migrate_to_system, dmirror_device_evict_chunk).
 *
 * Windows of 64 pages inside one mapping are migrated under the mmap lock. The driver of 6.1 stores what it has
 * moved before the migration ends, and looks at no sequence; one that asks the CPU's entries afterwards
 * needs no such trust. Then all is read back: of what the device does not map the command fails with -ENOENT.
 */
import type { Access, DeviceEntry, EventBody, MirrorId } from "@mmreplay/events";
import { frameOf } from "../../drivers/mirror/mirror.ts";
import { type Frame, isFreedFrame } from "../../memory/frame.ts";
import type { HeldPage } from "../../memory/held-pages.ts";
import { permits, type Vma, vmaOf } from "../../memory/vma.ts";
import { entryOf } from "../../state/page-table.ts";
import { peekMirror } from "../../state/state.ts";
import {
  type At,
  type Blocked,
  blockedIf,
  isLocked,
  type Labels,
  local,
  type Move,
  mirrorOfNotifier,
  move,
} from "../machine.ts";
import {
  type DmirrorAt,
  EINVAL,
  endPage,
  giveBack,
  locks,
  mirror,
  runs,
  unlock,
  WINDOW_PAGES,
} from "./dmirror-command.ts";
import { finalizeMigration, heldPages, type MigrateVma, migrateVma } from "./migrate-vma.ts";
import { migrateDevice } from "./try-to-migrate.ts";

const ENOENT = -2;

const toDevice = ({ op }: DmirrorAt): boolean => op.command === "MIGRATE_TO_DEV";
const from = (at: At): number => local(at, "from");
const mapping = (at: At): Vma | undefined => vmaOf(at.mm.vmas, from(at));

function begin(at: DmirrorAt): Move {
  if (at.mm.users === 0) return giveBack(at, EINVAL);
  const set = { from: at.op.page, moved: 0, page: at.op.page };
  return { ...move(at, "dmirror_move_lock", { type: "mmget", mm: at.mmId }), set };
}

function windowOf(at: DmirrorAt): MigrateVma {
  const end = Math.min(from(at) + WINDOW_PAGES, endPage(at), mapping(at)?.endPageExclusive ?? 0);
  return { page: from(at), end, mirror: mirror(at), toDevice: toDevice(at), fault: 0 };
}

/** The next window, or the end of all. */
function window(at: DmirrorAt): Move {
  if (from(at) >= endPage(at)) return leave(at, 0);
  const vma = mapping(at);
  if (vma === undefined || !permits(vma, false)) return leave(at, EINVAL);
  const migrates = migrateVma(at, windowOf(at), "dmirror_moved");
  // Neither huge pages of a pool nor memory without struct page: migrate_vma_setup refuses.
  if (vma.kind !== "hugetlb" && vma.kind !== "pfnmap") return migrates;
  const { call: _, ...refused } = migrates as EventBody<"migrate_vma_setup">;
  return { ...refused, goto: "dmirror_move_refused" };
}

function leave(at: DmirrorAt, rc: number): Move {
  const leaves = move(at, "dmirror_move_mmput", { type: "mmap_unlock", mm: at.mmId });
  return { ...leaves, set: { rc } };
}

const stores = (at: DmirrorAt): boolean =>
  toDevice(at) && at.scenario.driver.movedPages === "unchecked";

const isMoved = ({ to, gaveUp }: HeldPage): boolean => to !== 0 && !gaveUp;

/** The pages are moved, and nobody but the driver knows yet. */
function moved(at: DmirrorAt): Move {
  if (!stores(at)) return finalize(at);
  return move(at, "dmirror_move_map", { type: "driver_lock", mirror: mirror(at) });
}

/** dmirror_migrate_finalize_and_map. */
function map(at: DmirrorAt): Move {
  const entries = heldPages(at)
    .filter(isMoved)
    .map(({ page, to, write }): DeviceEntry => [page, to, write]);
  const body = { type: "device_map", mirror: mirror(at), notifier: null, entries } as const;
  return move(at, "dmirror_move_map_unlock", body);
}

function finalize(at: DmirrorAt): Move {
  const vma = windowOf(at);
  const count = heldPages(at).filter(isMoved).length;
  const ends = finalizeMigration(at, vma, "dmirror_move_window");
  return { ...ends, set: { from: vma.end, moved: local(at, "moved") + count } };
}

function mmput(at: DmirrorAt): Move {
  const puts = { type: "mmput", mm: at.mmId } as const;
  if (local(at, "rc") !== 0) return move(at, "dmirror_return", puts);
  if (toDevice(at)) return move(at, stores(at) ? "dmirror_read_back" : "dmirror_lock", puts);
  return { ...move(at, "dmirror_return", puts), set: { page: at.op.page + local(at, "moved") } };
}

/** dmirror_do_read, once: of the pages up to the first that the device does not map. */
function readBack(at: DmirrorAt): Move {
  const entries: Access[] = [];
  let page = at.op.page;
  for (; page < endPage(at); page += 1) {
    const entry = entryOf(peekMirror(at.state, mirror(at)).device, page);
    if (entry === 0) break;
    entries.push([page, frameOf(entry), at.state.frames[frameOf(entry)]?.content ?? 0]);
  }
  const reads = { type: "dmirror_do_read", mirror: mirror(at), entries } as const;
  const rc = page === endPage(at) ? 0 : ENOENT;
  return { ...move(at, "dmirror_read_back_unlock", reads), set: { page, rc } };
}

/** The end of an eviction: all pages that the device had, from the first to the last. */
function evicted(at: At, then: string): Move | undefined {
  const { held } = at.me;
  if (held === null || held.mirror === null) return undefined;
  const pages = held.pages.map(({ page }) => page);
  const [page, end] = [Math.min(...pages), Math.max(...pages) + 1];
  return finalizeMigration(at, { page, end, mirror: held.mirror, toDevice: false, fault: 0 }, then);
}

/** The driver instance whose notifier has been removed. */
const closed = (at: At): MirrorId => mirrorOfNotifier(at, (at as DmirrorAt).op.n);

/** dmirror_fops_release, after the removal of its notifier: the device's pages go back, then it is freed. */
function close(at: At): Move {
  if (at.scenario.driver.close === "keeps_pages") return freed(at);
  return migrateDevice(at, closed(at), "close_evicted");
}

/** Pages that the closed instance has moved to its device, and that a fault may ask it for. */
function left(at: At): readonly Frame[] {
  const instance = closed(at);
  return at.state.frames.filter((frame, number) => {
    return frame.device !== null && frame.mirror === instance && !isFreedFrame(number, frame);
  });
}

const repeats = ({ scenario }: At): boolean => scenario.driver.close === undefined;

/** A page that somebody else has locked or refers to is waited for, as no pass could take it. */
function waitsForPages(at: At): Blocked | null {
  const isHeld = ({ locked, pins }: Frame): boolean => locked || pins > 0;
  const waits = at.me.held === null && repeats(at) && left(at).some(isHeld);
  return blockedIf(waits, "page_held");
}

/** A pass of the eviction is over. */
const passed = (at: At): Move => (repeats(at) && left(at).length > 0 ? close(at) : freed(at));

const freed = (at: At): Move =>
  move(at, "next", { type: "dmirror_fops_release_return", mirror: closed(at) });

/** Labels before which others may run. */
export const DMIRROR_MOVE_LABELS: Labels = {
  dmirror_move: runs(begin),
  dmirror_move_lock: {
    blockedOn: (at) => blockedIf(at.mm.mmapLock !== null, "mmap_lock"),
    run: (at) => move(at, "dmirror_move_window", { type: "mmap_lock", mm: at.mmId, shared: true }),
  },
  dmirror_moved: {
    blockedOn: (at) => {
      const { op } = at as DmirrorAt;
      return blockedIf(stores(at as DmirrorAt) && isLocked(at, op.n), "driver_lock");
    },
    run: (at) => moved(at as DmirrorAt),
  },
  dmirror_move_map: runs(map),
  dmirror_move_map_unlock: runs((at) => unlock(at, "dmirror_move_finalize")),
  dmirror_move_finalize: runs(finalize),
  dmirror_read_back: locks((at) =>
    move(at, "dmirror_read_back_copy", { type: "driver_lock", mirror: mirror(at) }),
  ),
  dmirror_read_back_copy: runs(readBack),
  dmirror_release: runs((at) => migrateDevice(at, mirror(at), "dmirror_released")),
  close_evict: { run: close },
  close_evicted: {
    blockedOn: waitsForPages,
    run: (at) => evicted(at, "close_passed") ?? passed(at),
  },
  close_passed: { blockedOn: waitsForPages, run: passed },
};

/** Labels that follow at once. */
export const DMIRROR_MOVE_INNER_LABELS: Labels = {
  dmirror_move_window: runs(window),
  dmirror_move_refused: runs((at) => ({
    ...move(at, "dmirror_move_leave", { type: "migrate_vma_setup_return", rc: EINVAL }),
  })),
  dmirror_move_leave: runs((at) => leave(at, EINVAL)),
  dmirror_move_mmput: runs(mmput),
  dmirror_read_back_unlock: runs((at) => unlock(at, "dmirror_return")),
  dmirror_released: runs((at) => evicted(at, "dmirror_return") ?? giveBack(at, 0)),
};
