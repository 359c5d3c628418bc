/**
 * Mutants that give a page back with the right to read that its mapping has lost meanwhile. Made up: no such bug is
 * known, but each of these three places has to look at the mapping for itself.
 */
import type { PageEntry } from "@mmreplay/events";
import { readableAgain } from "../memory/cpu-entry.ts";
import type { Labels, MicroStep, Move } from "../tasks/machine.ts";
import { FORK_LABELS } from "../tasks/memory/fork-program.ts";
import { PAGE_MOVE_LABELS } from "../tasks/memory/page-moves.ts";
import { TRY_TO_MIGRATE_LABELS } from "../tasks/memory/try-to-migrate.ts";
import type { Mutant } from "./mutant.ts";

/** The step with entries that can be read, whatever their mapping allows. */
function readable(labels: Labels, name: string): MicroStep {
  const step = labels[name] as MicroStep;
  return {
    ...step,
    run(at, branch) {
      const usual = step.run(at, branch);
      if (!("entries" in usual)) return usual;
      const entries = (usual.entries as readonly PageEntry[]).map(([page, entry]): PageEntry => {
        return [page, readableAgain(entry)];
      });
      return { ...usual, entries } as Move;
    },
  };
}

/** Of the mm. */
export const LOST_RIGHTS_MUTANTS: readonly Mutant[] = [
  {
    id: "migrate_pages-forgets-mapping",
    title: "A page that was compacted can be read again, whatever its mapping allows by now.",
    source: "mm/migrate.c: remove_migration_pte",
    scenario: "mm/migrate_pages-mprotect-none",
    rule: "M-I3",
    labels: { migrate_restore: readable(PAGE_MOVE_LABELS, "migrate_restore") },
  },
  {
    id: "migrate-finalize-forgets-mapping",
    title: "A page that has moved can be read again, whatever its mapping allows by now.",
    source: "mm/migrate_device.c: migrate_vma_finalize",
    scenario: "mm/evict-mprotect-none",
    rule: "M-I3",
    labels: { migrate_vma_restore: readable(TRY_TO_MIGRATE_LABELS, "migrate_vma_restore") },
  },
  {
    id: "fork-restores-exclusive-readable",
    title: "fork gives back a page that a device had to itself, whatever its mapping allows.",
    source: "mm/memory.c: copy_nonpresent_pte",
    scenario: "mm/exclusive-mprotect-none-fork",
    rule: "M-I3",
    labels: {
      fork_protect: readable(FORK_LABELS, "fork_protect"),
      fork_copy: readable(FORK_LABELS, "fork_copy"),
    },
  },
];
