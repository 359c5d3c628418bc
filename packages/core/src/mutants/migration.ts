/**
 * Mutants of migration to device memory and back, and of exclusive access.
 *
 * Those of the driver are what lib/test_hmm.c of Linux 6.1 does (K-Z29, K-Z30) or did (K-Z22); the others are
 * bugs of the mm, historical or made up.
 */
import type { EventBody, PageEntry } from "@mmreplay/events";
import { cpuEntry, frameOfCpu, isDevicePrivate, isExclusive, kindOf } from "../memory/cpu-entry.ts";
import { entryOf } from "../state/page-table.ts";
import { CALLBACK_LABELS } from "../tasks/callback-program.ts";
import {
  type At,
  blockedIf,
  type Labels,
  local,
  type MicroStep,
  type Move,
  move,
} from "../tasks/machine.ts";
import { GUP_LABELS } from "../tasks/memory/get-user-pages.ts";
import { TO_RAM_LABELS } from "../tasks/memory/migrate-to-ram.ts";
import { MIGRATE_INNER_LABELS } from "../tasks/memory/migrate-vma.ts";
import { PAGE_FAULT_LABELS } from "../tasks/memory/page-fault.ts";
import { RANGE_FAULT_LABELS } from "../tasks/memory/range-fault.ts";
import { TRY_TO_MIGRATE_LABELS } from "../tasks/memory/try-to-migrate.ts";
import { currentRegion } from "../tasks/start-program.ts";
import type { Mutant } from "./mutant.ts";
import { nothing } from "./steps.ts";

const step = (labels: Labels, name: string): MicroStep => labels[name] as MicroStep;
const usual = (at: At, labels: Labels, name: string): Move => step(labels, name).run(at, "default");
const faulting = (at: At): number => entryOf(at.mm.cpu, local(at, "page"));

/** The step of a page fault, but for entries of one kind. */
function faultOn(kind: (entry: number) => boolean, instead: (at: At, entry: number) => Move) {
  const fault = step(PAGE_FAULT_LABELS, "mm_fault");
  return {
    ...fault,
    run: (at: At, branch: "default" | "refuse") =>
      kind(faulting(at)) ? instead(at, faulting(at)) : fault.run(at, branch),
  };
}

/** The fault goes on without a reference. */
function withoutReference(at: At, entry: number, then: string): Move {
  const goes = move(at, then, { type: "task_skip", of: at.op.op, why: "mutant" });
  return { ...goes, set: { frame: frameOfCpu(entry), entry } };
}

/** Neither get_page nor put_page around migrate_to_ram. */
const NO_REFERENCE: Labels = {
  mm_fault: faultOn(isDevicePrivate, (at, entry) => withoutReference(at, entry, "to_ram")),
  to_ram_put: nothing(() => "next"),
};

/** Neither around the revocation. */
const REVOKES_WITHOUT_REFERENCE: Labels = {
  mm_fault: faultOn(isExclusive, (at, entry) => withoutReference(at, entry, "revoke_lock")),
  revoke_lock: {
    blockedOn: (at) => blockedIf(at.state.frames[local(at, "frame")]?.locked === true, "page_lock"),
    run: (at) => usual(at, TO_RAM_LABELS, "revoke_lock"),
  },
  revoke_put: nothing(() => "next"),
};

/** The CPU is given the device's own frame. */
const MAPS_DEVICE_MEMORY: Labels = {
  mm_fault: faultOn(isDevicePrivate, (at, entry) => {
    const entries: PageEntry[] = [[local(at, "page"), cpuEntry("writable", frameOfCpu(entry))]];
    return move(at, "next", { type: "handle_mm_fault", mm: at.mmId, entries });
  }),
};

/** In the end the page is nowhere: its entry is cleared. */
const DROPS: MicroStep = {
  run(at) {
    const restores = usual(at, TRY_TO_MIGRATE_LABELS, "migrate_vma_restore");
    if (restores.type !== "handle_mm_fault" || local(at, "phase") !== 1) return restores;
    return { ...restores, entries: restores.entries.map(([page]): PageEntry => [page, 0]) };
  },
};

/** The exclusive entry is restored outside any invalidation. */
const UNNOTIFIED: Labels = {
  revoke_lock: {
    ...step(TO_RAM_LABELS, "revoke_lock"),
    run: (at) => ({ ...usual(at, TO_RAM_LABELS, "revoke_lock"), goto: "revoke_restore" }),
  },
  revoke_restore: {
    run: (at) => ({ ...usual(at, TO_RAM_LABELS, "revoke_restore"), goto: "revoke_unlock" }),
  },
};

/** The callback leaves every EXCLUSIVE alone, whosever it is. */
const FILTERS_BY_EVENT: Labels = {
  cb_enter: {
    run(at) {
      const enters = usual(at, CALLBACK_LABELS, "cb_enter");
      return currentRegion(at).event === "EXCLUSIVE" ? { ...enters, goto: "cb_return" } : enters;
    },
  },
};

/** Another device's page is no page to wait for: the call fails. */
const FOREIGN_FAILS: Labels = {
  hmm_fault: {
    run(at) {
      const entry = entryOf(at.mm.cpu, local(at, "last"));
      const need = usual(at, RANGE_FAULT_LABELS, "hmm_fault");
      if (!isDevicePrivate(entry)) return need;
      const { notifier } = need as EventBody<"hmm_vma_fault">;
      return {
        ...move(at, "next", { type: "hmm_range_fault_return", notifier, rc: -14 }),
        ret: -14,
      };
    },
  },
};

/** The CPU's TLB is flushed when the page table's lock has been dropped. */
const FLUSHES_LATE: Labels = {
  migrate_vma_entries: {
    run(at) {
      const changes = usual(at, MIGRATE_INNER_LABELS, "migrate_vma_entries");
      return {
        ...(changes as EventBody<"cpu_pte_change">),
        noFlush: true,
        goto: "migrate_vma_flush",
      };
    },
  },
  migrate_vma_flush: {
    run: (at) =>
      move(at, "migrate_vma_end", {
        type: "flush_tlb_range",
        mm: at.mmId,
        startPage: local(at, "page"),
        endPageExclusive: local(at, "end"),
      }),
  },
};

/** The migration ends with its entries in the page table. */
const LEAVES_ENTRIES: Labels = {
  migrate_vma_restore: {
    run: (at) => move(at, "next", { type: "migrate_vma_finalize_return" }),
  },
};

/** What was not there gets its frame, whatever is there by now. */
const INSERTS_ANYWAY: Labels = {
  migrate_vma_look: {
    run: (at) => move(at, "migrate_vma_insert", { type: "migrate_vma_insert_page", gaveUp: [] }),
  },
};

/** The entry that a fault found is restored, whatever is there by now. */
const RESTORES_ANYWAY: Labels = {
  revoke_restore: {
    run(at) {
      const kind = kindOf(local(at, "entry")) === "exclusive" ? "writable" : "read_only";
      const entries: PageEntry[] = [[local(at, "page"), cpuEntry(kind, local(at, "frame"))]];
      return move(at, "revoke_end", { type: "handle_mm_fault", mm: at.mmId, entries });
    },
  },
};

/** A page of coherent memory is pinned for long where it is. */
const PINS_COHERENT: Labels = {
  gup_walk: {
    run(at) {
      const looks = usual(at, GUP_LABELS, "gup_walk");
      return looks.goto === "gup_migrate" ? { ...looks, goto: "gup_unlock" } : looks;
    },
  },
};

/** Of the mm. */
const MM_MUTANTS: readonly Mutant[] = [
  {
    id: "migrate-finalize-drops",
    title: "migrate_vma_finalize clears the entries of the pages that it has moved.",
    source: "mm/migrate_device.c: migrate_vma_finalize",
    scenario: "mm/migrate-cpu",
    rule: "M-I5",
    labels: { migrate_vma_restore: DROPS },
  },
  {
    id: "K-Z6",
    title: "A fault on a page of device memory takes no reference before it asks the driver.",
    source: '16ce101db85d "mm/memory.c: fix race when faulting a device private page"',
    scenario: "mm/to-ram-dontneed",
    rule: "M-I6",
    labels: NO_REFERENCE,
  },
  {
    id: "K-Z7",
    title: "A fault on an exclusive entry locks its page without a reference.",
    source: '7c7b962938dd "mm: take a page reference when removing device exclusive entries"',
    scenario: "mm/revoke-dontneed",
    rule: "M-I7",
    labels: REVOKES_WITHOUT_REFERENCE,
  },
  {
    id: "K-Z11",
    title: "hmm_range_fault fails with -EFAULT on a page of another device's memory.",
    source: '8a295dbbaf72 "mm/hmm: fault non-owner device private entries"',
    scenario: "K-P11",
    rule: "outcome",
    labels: FOREIGN_FAILS,
  },
  {
    id: "K-Z15",
    title: "The CPU's TLB is flushed only when others may run again.",
    source: '60bae7373788 "mm/migrate_device.c: flush TLB while holding PTL"',
    scenario: "mm/migrate-cpu",
    rule: "M-I3",
    labels: FLUSHES_LATE,
    points: ["migrate_vma_flush"],
  },
  {
    id: "K-Z9",
    title: "A fault on a page of device memory refers to it without taking its lock.",
    source: '1afaeb8293c9 "mm/migrate: Trylock device page in do_swap_page"',
    scenario: "mm/to-ram",
    rule: "no-progress",
    deviceFault: "reference",
  },
  {
    id: "K-Z10",
    title:
      "A fault on a page of device memory that is locked tries again at once instead of sleeping.",
    source: 'b570f37a2ce4 "mm: Fix a hmm_range_fault() livelock / starvation problem"',
    scenario: "mm/to-ram-one-cpu",
    rule: "no-progress",
    deviceFault: "retry",
  },
  {
    id: "migrate-leaves-entries",
    title: "migrate_vma_finalize puts no entry back.",
    source: "K-I34, mm/migrate_device.c: migrate_vma_finalize",
    scenario: "mm/migrate-cpu",
    rule: "M-I5",
    labels: LEAVES_ENTRIES,
  },
  {
    id: "migrate-inserts-anyway",
    title: "A page that was absent gets its device frame though it is there by now.",
    source: "mm/migrate_device.c: migrate_vma_insert_page, pte_none",
    scenario: "mm/migrate-hole",
    rule: "M-I2",
    labels: INSERTS_ANYWAY,
  },
  {
    id: "fault-maps-device-memory",
    title: "A page fault maps a page of device memory for the CPU.",
    source: "K-I34, mm/memory.c: do_swap_page",
    scenario: "mm/to-ram-dontneed",
    rule: "M-I6",
    labels: MAPS_DEVICE_MEMORY,
  },
  {
    id: "revoke-unnotified",
    title: "An exclusive entry is restored outside any invalidation.",
    source: "mm/memory.c: remove_device_exclusive_entry",
    scenario: "mm/revoke",
    rule: "M-I7",
    labels: UNNOTIFIED,
  },
  {
    id: "revoke-no-pte-same",
    title: "An exclusive entry is restored though the page is gone by now.",
    source: "mm/memory.c: remove_device_exclusive_entry, pte_same",
    scenario: "mm/revoke-dontneed",
    rule: "M-I2",
    labels: RESTORES_ANYWAY,
  },
  {
    id: "gup-pins-coherent",
    title: "A page of coherent memory is pinned for long without being moved to system memory.",
    source: "mm/gup.c: check_and_migrate_movable_pages",
    scenario: "mm/coherent-pin",
    rule: "M-I6",
    labels: PINS_COHERENT,
  },
];

/** Of the driver. */
const DRIVER_MUTANTS: readonly Mutant[] = [
  {
    id: "K-Z21",
    title:
      "Two devices migrate a range to themselves at a time, and each evicts what the other has moved.",
    source: '0620837490e0 "drm/xe/svm: Serialize migration to device if racing"',
    scenario: "mm/migrate-two-devices",
    rule: "no-progress",
    driver: { insists: "racing" },
  },
  {
    id: "K-Z22",
    title: "The device's pages stay when the device file is closed.",
    source: '"lib: test_hmm: evict device pages on file close to avoid use-after-free"',
    scenario: "mm/close",
    rule: "M-I6",
    driver: { close: "keeps_pages" },
  },
  {
    id: "dmirror-close-one-pass",
    title: "The eviction on close is one pass, which leaves the page that a fault has locked.",
    source: "protocol.md 6.2, lib/test_hmm.c of 6.1.192: dmirror_fops_release",
    scenario: "mm/to-ram-close",
    rule: "M-I6",
    driver: { close: "one_pass" },
  },
  {
    id: "K-Z23",
    title: "The callback leaves EXCLUSIVE alone, whoever asked for it.",
    source: '"mm/mmu_notifier: use MMU_NOTIFY_CLEAR in remove_device_exclusive_entry()"',
    scenario: "mm/revoke",
    rule: "M-I7",
    labels: FILTERS_BY_EVENT,
  },
  {
    id: "dmirror-own-migrate-stale",
    title: "The callback leaves its own device's migrations alone.",
    source: "K-Z29, lib/test_hmm.c: dmirror_interval_invalidate",
    scenario: "K-P12",
    rule: "K-I14",
    driver: { ownMigrate: "skipped" },
  },
  {
    id: "dmirror-own-migrate-loses-write",
    title: "The same: what the device writes while its page is copied is lost.",
    source: "K-Z29, variant",
    scenario: "mm/migrate-write",
    rule: "M-I2",
    driver: { ownMigrate: "skipped" },
  },
  {
    id: "dmirror-stores-moved",
    title: "Moved pages are stored before the migration ends, and no sequence is looked at.",
    source: "../shared/traces, hole 2; lib/test_hmm.c: dmirror_migrate_finalize_and_map",
    scenario: "mm/migrate-dontneed",
    rule: "K-I14",
    driver: { movedPages: "unchecked" },
  },
  {
    id: "K-Z30",
    title: "Exclusive pages are stored, and no sequence is looked at.",
    source: "K-Z30, lib/test_hmm.c: dmirror_exclusive",
    scenario: "K-P13",
    rule: "M-I7",
    claim:
      "Reachable in the model of the self-test driver of Linux 6.1. It is not recorded, and no upstream report is known; only the self-test driver is meant.",
    driver: { exclusivePages: "unchecked" },
  },
];

/** The mutants of migration and of exclusive access. */
export const MIGRATION_MUTANTS: readonly Mutant[] = [...MM_MUTANTS, ...DRIVER_MUTANTS];
