/**
 * What a page fault does with a page that is not the CPU's: one of device memory, or one that a device has to
 * itself (protocol.md 5.2).
 *
 * Under the page table lock the fault takes a reference, so that the page cannot go while the lock is
 * dropped; of a page of a device later kernels take the lock, too (device-fault.ts). Its driver brings it back, and
 * may find it busy: then the access faults again. An exclusive page is locked, which waits for the driver that has just got it; then the entry is
 * restored inside an EXCLUSIVE invalidation without an owner, if it is still the same. Kernel counterparts:
 * do_swap_page, remove_device_exclusive_entry (mm/memory.c), dmirror_devmem_fault (lib/test_hmm.c).
 */
import { addressOfPage, type MirrorId, mirrorId, type PageEntry } from "@mmreplay/events";
import { regionOf } from "../../address-space/region.ts";
import { restored } from "../../memory/cpu-entry.ts";
import { endRegion } from "../end-program.ts";
import { type At, blockedIf, call, type Labels, local, type Move, move } from "../machine.ts";
import { startRegion } from "../start-program.ts";
import { locksFaultPage } from "./device-fault.ts";
import { finalizeMigration, type MigrateVma, migrateVma } from "./migrate-vma.ts";
import { entryAt, memoryRegion } from "./page-fault.ts";

const page = (at: At): number => local(at, "page");
const frame = (at: At): number => local(at, "frame");

/** The driver instance that has moved the page. */
function mirrorOf(at: At): MirrorId {
  return at.state.frames[frame(at)]?.mirror ?? mirrorId(0);
}

/** One page, with the reference of the fault. */
function onePage(at: At): MigrateVma {
  const mirror = mirrorOf(at);
  return { page: page(at), end: page(at) + 1, mirror, toDevice: false, fault: frame(at) };
}

function toRam(at: At): Move {
  const body = { type: "migrate_to_ram", mm: at.mmId, mirror: mirrorOf(at) } as const;
  return move(at, "to_ram_migrate", { ...body, page: page(at), frame: frame(at) });
}

function startRevoke(at: At): Move {
  const [start, end] = [addressOfPage(page(at)), addressOfPage(page(at) + 1)];
  const region = { start, end, event: "EXCLUSIVE", blockable: true, owner: null } as const;
  return call(startRegion(at, { region: memoryRegion(at.task), ...region }), "revoke_restore");
}

/** The entry, if nobody has changed it meanwhile (pte_same). */
function restore(at: At): Move {
  const entry = entryAt(at, page(at));
  const entries: PageEntry[] = entry === local(at, "entry") ? [[page(at), restored(entry)]] : [];
  return move(at, "revoke_end", { type: "handle_mm_fault", mm: at.mmId, entries });
}

const put = (at: At): Move => move(at, "next", { type: "put_page", frame: frame(at) });

/** Labels before which others may run; the fault has taken a reference on `frame`. */
export const TO_RAM_LABELS: Labels = {
  to_ram: { run: toRam },
  to_ram_finalize: {
    run: (at) => {
      const back = locksFaultPage(at.scenario) ? "to_ram_unlock" : "to_ram_put";
      return finalizeMigration(at, onePage(at), back);
    },
  },
  to_ram_unlock: {
    run: (at) => move(at, "to_ram_put", { type: "unlock_page", frame: frame(at) }),
  },
  to_ram_put: { run: put },
  revoke_lock: {
    blockedOn: (at) => blockedIf(at.state.frames[frame(at)]?.locked === true, "page_lock"),
    run: (at) => move(at, "revoke_start", { type: "lock_page", frame: frame(at) }),
  },
  revoke_start: { run: startRevoke },
  revoke_restore: { run: restore },
  revoke_end: {
    run: (at) =>
      call(endRegion(at, regionOf(at.mm, memoryRegion(at.task)), false), "revoke_unlock"),
  },
  revoke_unlock: {
    run: (at) => move(at, "revoke_put", { type: "unlock_page", frame: frame(at) }),
  },
};

/** Labels that follow at once. */
export const TO_RAM_INNER_LABELS: Labels = {
  to_ram_get: { run: (at) => move(at, "to_ram", { type: "get_page", frame: frame(at) }) },
  to_ram_migrate: { run: (at) => migrateVma(at, onePage(at), "to_ram_finalize") },
  revoke_put: { run: put },
};
