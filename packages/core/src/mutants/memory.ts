/**
 * Mutants of the mm itself: of what it tells a driver, and of what it looks at again.
 */
import type { PageEntry } from "@mmreplay/events";
import { cpuEntry } from "../memory/cpu-entry.ts";
import { entryOf } from "../state/page-table.ts";
import { type At, type Labels, local, type MicroStep, type Move, move } from "../tasks/machine.ts";
import { MAPPING_LABELS } from "../tasks/memory/mapping-program.ts";
import type { Mutant } from "./mutant.ts";

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

/** The mutants of memory. */
export const MEMORY_MUTANTS: readonly Mutant[] = [
  {
    id: "mm-no-pte-same",
    title: "A page fault maps its new page without looking whether another thread has mapped one.",
    source: "mm/memory.c: do_anonymous_page, vmf_pte_changed",
    scenario: "mm/two-faults",
    rule: "K-I14",
    labels: { mm_fault_map: mapsAnyway },
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
