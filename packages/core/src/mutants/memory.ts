/**
 * Mutants of the mm itself: of what it tells a driver, and of what it looks at again.
 */
import type { PageEntry } from "@mmreplay/events";
import { cpuEntry } from "../memory/cpu-entry.ts";
import { entryOf } from "../state/page-table.ts";
import {
  type At,
  call,
  type Labels,
  local,
  type MicroStep,
  type Move,
  move,
  skip,
} from "../tasks/machine.ts";
import { MAPPING_LABELS } from "../tasks/memory/mapping-program.ts";
import { PAGE_FAULT_LABELS } from "../tasks/memory/page-fault.ts";
import { PAGE_MOVE_LABELS } from "../tasks/memory/page-moves.ts";
import type { Mutant } from "./mutant.ts";
import { led } from "./steps.ts";

const newPage = (at: At): PageEntry[] => [
  [local(at, "page"), cpuEntry("writable", local(at, "frame"))],
];

/** The new page is mapped, whatever is there by now, and nobody is told. */
const mapsAnyway: MicroStep = {
  run: (at) => move(at, "next", { type: "handle_mm_fault", mm: at.mmId, entries: newPage(at) }),
};

/** The page goes, outside any region. */
function zapped(at: At, then: string): Move {
  const entries: PageEntry[] = entryOf(at.mm.cpu, 0) === 0 ? [] : [[0, 0]];
  return move(at, then, { type: "cpu_pte_change", mm: at.mmId, region: null, entries });
}

const step = (labels: Labels, name: string): MicroStep => labels[name] as MicroStep;

/** After a refused start the reaper goes on as if nothing had been refused. */
const reapsAnyway: MicroStep = {
  run(at) {
    const usual = step(MAPPING_LABELS, "mapping_entries").run(at, "default");
    return usual.type === "task_skip" ? zapped(at, usual.goto ?? "next") : usual;
  },
};

/** The entries go first; the invalidation that follows finds none. */
const ZAPS_FIRST: Labels = {
  mapping_start: { run: (at) => zapped(at, "mapping_start_late") },
  mapping_start_late: step(MAPPING_LABELS, "mapping_start"),
};

/** The entries are moved and the TLB is flushed when the lock is free again. */
const FLUSHES_LATE: Labels = {
  mremap_move: {
    run: (at) => ({ ...step(PAGE_MOVE_LABELS, "mremap_move").run(at, "default"), noFlush: true }),
  },
  mapping_unlock: {
    run: (at) => {
      const unlocks = step(MAPPING_LABELS, "mapping_unlock").run(at, "default");
      return at.op.op === "mremap" ? { ...unlocks, goto: "mremap_flush" } : unlocks;
    },
  },
  mremap_flush: {
    run: (at) =>
      move(at, "next", { type: "flush_tlb_range", mm: at.mmId, startPage: 0, endPageExclusive: 4 }),
  },
};

/** The copy is made while everybody may still write; then the entry is replaced by it. */
const COPIES_FIRST: Labels = {
  migrate_pages: {
    run: (at) => {
      const copyOf = entryOf(at.mm.cpu, 0);
      const frame = at.state.frames.length;
      const copies = move(at, "migrate_late", { type: "alloc_page", frame, copyOf });
      return call(copies, "next", { mm: at.mmId, frame, entry: copyOf, page: 0 });
    },
  },
  migrate_late: step(MAPPING_LABELS, "migrate_pages"),
  migrate_copy: {
    run: (at) => {
      const entry = entryOf(at.mm.cpu, 0);
      return { ...skip(at, "copied before"), goto: "migrate_restore", set: { entry } };
    },
  },
};

/** Reclaim takes the entry away and writes nothing out. */
const DROPS: MicroStep = {
  run(at) {
    const usual = step(MAPPING_LABELS, "mapping_entries").run(at, "default");
    if (usual.type !== "cpu_pte_change" || at.op.op !== "try_to_unmap") return usual;
    return { ...usual, entries: usual.entries.map(([page]): PageEntry => [page, 0]) };
  },
};

/** A hole is punched, and page faults may come meanwhile. */
const PUNCHES_UNLOCKED: Labels = {
  unmap_mapping_range: {
    run: (at) => {
      const locks = step(PAGE_MOVE_LABELS, "unmap_mapping_range").run(at, "default");
      return { ...skip(at, "no lock"), goto: "mapping_start", ...callOf(locks) };
    },
  },
  punch_unlock: { run: (at) => skip(at, "no lock") },
};

const callOf = ({ call: opened }: Move) => (opened === undefined ? {} : { call: opened });

/** Bugs in what the mm tells. */
const TELLING: readonly Mutant[] = [
  {
    id: "K-Z8",
    title: "A collapse of a file's pages takes a page table away, and no region tells of it.",
    source: "f268f6cf875f, CVE-2022-48991",
    scenario: "mm/retract_page_tables",
    rule: "K-I15",
    labels: { retract_page_tables: { run: (at) => zapped(at, "next") } },
  },
  {
    id: "mm-cow-unnotified",
    title:
      "The copy that replaces the zero page or a shared page is mapped outside any invalidation.",
    source: "protocol.md 5.3, wp_page_copy; f268f6cf875f has the like for khugepaged",
    scenario: "mm/zero-page",
    rule: "K-I14",
    labels: { mm_fault_copied: mapsAnyway },
  },
  {
    id: "mm-zap-before-start",
    title: "MADV_DONTNEED takes the page away before its invalidation starts.",
    source: "K-S8, zap_page_range_single",
    scenario: "mm/madvise_dontneed",
    rule: "K-I15",
    labels: ZAPS_FIRST,
  },
  {
    id: "mm-reaper-goes-on",
    title: "The OOM reaper takes pages away though a callback has refused its invalidation.",
    source: "K-I24, mm/oom_kill.c: __oom_reap_task_mm",
    scenario: "mm/oom_reap_task_mm",
    rule: "K-I15",
    labels: { mapping_entries: reapsAnyway },
  },
];

/** Bugs in what the mm does. */
const DOING: readonly Mutant[] = [
  {
    id: "mm-no-pte-same",
    title: "A page fault maps its new page without looking whether another thread has mapped one.",
    source: "mm/memory.c: do_anonymous_page, vmf_pte_changed",
    scenario: "mm/two-faults",
    rule: "K-I14",
    labels: { mm_fault_map: mapsAnyway },
  },
  {
    id: "mm-fault-leaks",
    title: "A page fault that another thread was faster than keeps the page that it has allocated.",
    source: "mm/memory.c: do_anonymous_page",
    scenario: "mm/two-faults",
    rule: "M-I4",
    labels: { mm_fault_map: led(PAGE_FAULT_LABELS["mm_fault_map"], () => "next") },
  },
  {
    id: "mm-fault-puts-twice",
    title: "A page fault that another thread was faster than gives its page back twice.",
    source: "mm/memory.c: do_anonymous_page",
    scenario: "mm/two-faults",
    rule: "M-I4",
    labels: {
      mm_fault_put: led(PAGE_FAULT_LABELS["mm_fault_put"], () => "mm_fault_put_again"),
      mm_fault_put_again: step(PAGE_FAULT_LABELS, "mm_fault_put"),
    },
  },
  {
    id: "K-Z24",
    title: "mremap moves an entry and flushes the TLB after it has let go of its locks.",
    source: "eb66ae030829",
    scenario: "mm/mremap-and-zap",
    rule: "M-I3",
    labels: FLUSHES_LATE,
  },
  {
    id: "mm-reclaim-drops",
    title: "Reclaim drops a page that was written to, instead of writing it out.",
    source: "mm/rmap.c: try_to_unmap_one",
    scenario: "mm/try_to_unmap",
    rule: "M-I2",
    labels: { mapping_entries: DROPS },
  },
  {
    id: "mm-migrate-copies-first",
    title: "Compaction copies a page before it keeps the CPU and the device away from it.",
    source: "mm/migrate.c: migrate_pages",
    scenario: "mm/migrate_pages",
    rule: "M-I2",
    labels: COPIES_FIRST,
  },
  {
    id: "mm-punch-unlocked",
    title: "A hole is punched into a file, and a page fault maps the old page again meanwhile.",
    source: "filemap_invalidate_lock",
    scenario: "mm/unmap_mapping_range",
    rule: "M-I2",
    labels: PUNCHES_UNLOCKED,
  },
];

/** The mutants of memory. */
export const MEMORY_MUTANTS: readonly Mutant[] = [...TELLING, ...DOING];
