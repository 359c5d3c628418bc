/**
 * Rights that a page loses while its entry is not present: it comes back as its mapping allows it now.
 *
 * Kernel counterparts: remove_migration_pte (mm/migrate.c), restore_exclusive_pte (mm/memory.c), both of which make
 * their entry with vm_page_prot.
 */
import type { Operation } from "../tasks/operation.ts";
import { litmus, N, remove } from "./litmus.ts";
import { CHILD, cpu, FORK, GRANTED, MOVED, mm, PAGE, usual } from "./migration-programs.ts";
import type { NamedScenario } from "./named-scenario.ts";

/** Nothing is allowed any more. */
const NONE: Operation = { op: "mprotect", ...PAGE, prot: "none" };

/** Scenarios of pages whose mapping allows nothing any more when they come back. */
export const LOST_RIGHTS_SCENARIOS: readonly NamedScenario[] = [
  litmus({
    ...usual,
    name: "mm/migrate_pages-mprotect-none",
    title: "Compaction of a page against mprotect to nothing, and a CPU read after that",
    source: "mm/migrate.c: remove_migration_pte",
    tasks: { K: [mm("migrate_pages")], C: [NONE, cpu(false)] },
  }),
  litmus({
    ...usual,
    name: "mm/evict-mprotect-none",
    title:
      "The close of a device file, which evicts its memory, against mprotect to nothing and a CPU read after that",
    source: "mm/migrate.c: remove_migration_pte",
    setUp: MOVED,
    tasks: { X: [remove(N)], C: [NONE, cpu(false)] },
  }),
  litmus({
    ...usual,
    name: "mm/exclusive-mprotect-none-fork",
    title: "fork of a page that a device has to itself and whose mapping allows nothing",
    source: "mm/memory.c: restore_exclusive_pte",
    setUp: [...GRANTED, NONE],
    processes: { child: CHILD },
    tasks: { P: [FORK, cpu(false)], child: [{ op: "child" }, cpu(false)] },
  }),
];
