/**
 * Mutants of fork: of what it tells the parent's devices, and of what it leaves writable.
 */
import type { EventBody, PageEntry } from "@mmreplay/events";
import { someEntry } from "../state/page-table.ts";
import { type At, type Labels, local, type MicroStep, type Move } from "../tasks/machine.ts";
import { FORK_LABELS } from "../tasks/memory/fork-program.ts";
import type { Mutant } from "./mutant.ts";

const usual = (at: At, label: string): Move => (FORK_LABELS[label] as MicroStep).run(at, "default");

const protects = (at: At) => usual(at, "fork_protect") as EventBody<"cpu_pte_change">;
const copies = (at: At) => usual(at, "fork_copy") as EventBody<"copy_page_range">;

/** The parent's mapping is write-protected and copied, and no invalidation says so. */
const UNNOTIFIED: Labels = {
  fork_vma: {
    run(at) {
      const next = usual(at, "fork_vma");
      return next.type === "dup_mmap_return" ? next : { ...protects(at), region: null };
    },
  },
  fork_copy: {
    run: (at) => ({ ...copies(at), goto: "fork_vma", set: { vma: local(at, "vma") + 1 } }),
  },
};

/** All entries of the mapping as they are. */
function asTheyAre(at: At): PageEntry[] {
  const entries: PageEntry[] = [];
  const { startPage, endPageExclusive } = at.mm.vmas[local(at, "vma")] ?? {};
  someEntry(at.mm.cpu, startPage ?? 0, endPageExclusive ?? 0, (page, entry) => {
    entries.push([page, entry]);
    return false;
  });
  return entries;
}

/** Neither side is write-protected. */
const SHARES_WRITABLE: Labels = {
  fork_protect: { run: (at) => ({ ...protects(at), entries: [] }) },
  fork_copy: { run: (at) => ({ ...copies(at), entries: asTheyAre(at) }) },
};

/** The mutants of fork. */
export const FORK_MUTANTS: readonly Mutant[] = [
  {
    id: "mm-fork-unnotified",
    title: "fork write-protects the parent's pages outside any invalidation.",
    source: "protocol.md 5.3, copy_page_range",
    scenario: "mm/fork",
    rule: "K-I15",
    labels: UNNOTIFIED,
  },
  {
    id: "mm-fork-shares-writable",
    title: "fork gives the child the parent's entries as they are: both may write one page.",
    source: "mm/memory.c: copy_present_pte",
    scenario: "mm/fork",
    rule: "M-I2",
    labels: SHARES_WRITABLE,
  },
];
