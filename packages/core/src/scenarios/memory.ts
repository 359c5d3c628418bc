/**
 * What the mm does to a page, against a driver that mirrors it: one scenario for each operation of
 * mm-operation.ts, and one for each kind of fault.
 *
 * The CPU has written page 0. The driver's write and the CPU's reach the page while the operation is in the
 * middle; the tables must agree whenever nothing is open, and every read find what was written last.
 */
import type { DmirrorCommand } from "@mmreplay/events";
import { MM_OPERATIONS } from "../tasks/memory/mm-operation.ts";
import type { MmOperationName } from "../tasks/memory/operation.ts";
import type { Operation } from "../tasks/operation.ts";
import { EXIT, insert, type Litmus, litmus, N, type Program } from "./litmus.ts";
import { MAPPING_NEEDS, type MappingNeeds } from "./mm-preparations.ts";
import type { NamedScenario } from "./named-scenario.ts";

const PAGE = { page: 0, np: 1 };
const PAGES = { page: 0, np: 2 };
const NAMES = Object.keys(MM_OPERATIONS) as MmOperationName[];

const access = (write: boolean, value: number, page = 0): Operation => ({
  op: "cpu_access",
  write,
  page,
  np: 1,
  value,
});

const device = (command: DmirrorCommand): Operation => ({
  op: "dmirror",
  command,
  n: N,
  ...PAGE,
  value: 3,
});

/** The notifier over four pages, and two pages mapped. */
function mapped({ mapping, prot = "read_write", huge }: MappingNeeds = {}): Program {
  return [
    insert(N, 0, 4),
    { op: "mmap", ...PAGES, prot, ...mapping },
    ...(huge === true ? [{ op: "madvise_hugepage", ...PAGES } as const] : []),
  ];
}

const operation = (op: MmOperationName): Operation => ({
  op,
  ...PAGE,
  prot: "read",
  onto: 1,
  to: 2,
});

/** What a scenario begins with besides the CPU's write of page 0. */
const BEFORE: { readonly [Name in MmOperationName]?: Program } = {
  // A second page with the same content, both write-protected: KSM may merge them.
  ksm_replace_page: [access(true, 1, 1), { op: "ksm_write_protect", ...PAGES }],
};

const scenario = (test: Omit<Litmus, "memory" | "pages">): NamedScenario =>
  litmus({ memory: true, pages: 4, ...test });

/** An operation against a device's access and the CPU's: writes, where the mapping allows them. */
function against(name: MmOperationName): NamedScenario {
  const { event, site } = MM_OPERATIONS[name];
  const needs = MAPPING_NEEDS[name] ?? {};
  const write = needs.prot !== "read";
  const what = write ? "write" : "read";
  return scenario({
    name: `mm/${name}`,
    title: `A device ${what} and a CPU ${what} against ${name} (${event})`,
    source: `protocol.md 5.3, ${site}`,
    ...(needs.pmdOrder === undefined ? {} : { pmdOrder: needs.pmdOrder }),
    setUp: [...mapped(needs), access(write, 1), ...(BEFORE[name] ?? [])],
    tasks: {
      D: [device(write ? "WRITE" : "READ")],
      M: [operation(name)],
      C: [access(write, 2)],
    },
  });
}

/** Faults: what each tells nobody, or tells. */
const FAULTS: readonly NamedScenario[] = [
  scenario({
    name: "K-P10",
    title: "COW self-collision: the fault of a device write replaces the zero page",
    source: "protocol.md 11, 4.7",
    setUp: [...mapped(), access(false, 0)],
    tasks: { D: [device("WRITE")], C: [access(false, 0)] },
  }),
  scenario({
    name: "mm/two-faults",
    title: "A device write and a CPU write to a page that nobody has touched",
    source: "protocol.md 5.3, a fault that only adds an entry",
    setUp: mapped(),
    tasks: { D: [device("WRITE")], C: [access(true, 2)] },
  }),
  scenario({
    name: "mm/zero-page",
    title: "A device read of the zero page against the CPU's first write",
    source: "protocol.md 5.3, wp_page_copy",
    setUp: [...mapped(), access(false, 0)],
    tasks: { D: [device("READ")], C: [access(true, 2)] },
  }),
  scenario({
    name: "mm/reuse",
    title: "A device read of a write-protected page that nobody shares against the CPU's write",
    source: "protocol.md 5.3, wp_page_reuse",
    setUp: [...mapped(), access(true, 1), operation("page_mkclean")],
    tasks: { D: [device("READ")], C: [access(true, 2)] },
  }),
  scenario({
    name: "mm/swap-in",
    title: "A device write and a CPU write to a page that was written out",
    source: "protocol.md 5.3, do_swap_page",
    setUp: [...mapped(), access(true, 1), operation("try_to_unmap")],
    tasks: { D: [device("WRITE")], C: [access(true, 2)] },
  }),
  scenario({
    name: "mm/private-file",
    title: "A device read of a file's page against the CPU's write, which copies it",
    source: "protocol.md 5.3, wp_page_copy",
    setUp: [...mapped({ mapping: { file: 0 } }), access(false, 0)],
    tasks: { D: [device("READ")], C: [access(true, 2)] },
  }),
  scenario({
    name: "mm/huge-fault",
    title: "A device write and a CPU write to a huge page that nobody has touched",
    source: "protocol.md 4.3, huge pmd",
    pmdOrder: 1,
    setUp: mapped({ huge: true }),
    tasks: { D: [device("WRITE")], C: [access(true, 2, 1)] },
  }),
];

/** Scenarios of memory. */
export const MEMORY_SCENARIOS: readonly NamedScenario[] = [
  ...NAMES.map(against),
  ...FAULTS,
  scenario({
    name: "mm/device-read",
    title: "A device read against MADV_DONTNEED and a new CPU write",
    source: "protocol.md 5.3, zap_page_range_single",
    setUp: [...mapped(), access(true, 1)],
    tasks: { D: [device("READ")], M: [operation("madvise_dontneed"), access(true, 2)] },
  }),
  scenario({
    name: "mm/free-and-reclaim",
    title: "MADV_FREE, then reclaim, against a device write: the page is dropped or the write kept",
    source: "protocol.md 5.3, madvise_free_single_vma, try_to_unmap_one",
    setUp: [...mapped(), access(true, 1), operation("madvise_free")],
    tasks: { D: [device("WRITE")], M: [operation("try_to_unmap")], C: [access(false, 0)] },
  }),
  scenario({
    name: "mm/mremap-and-zap",
    title: "A page is moved and dropped at its new place; the CPU uses the old one meanwhile",
    source: "protocol.md 5.3, move_page_tables; eb66ae030829",
    setUp: [...mapped(), access(true, 1)],
    tasks: {
      M: [operation("mremap")],
      Z: [{ op: "madvise_dontneed", page: 2, np: 1 }],
      C: [access(false, 0)],
    },
  }),
  scenario({
    name: "mm/exit_mmap",
    title: "The exit (RELEASE, then UNMAP of everything) against a device read",
    source: "protocol.md 5.3, exit_mmap",
    setUp: [...mapped(), access(true, 1)],
    tasks: { D: [device("READ")], M: [EXIT] },
  }),
];
