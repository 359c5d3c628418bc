/**
 * Operations on a process's memory as a driver sees them: each alone, after a driver has mirrored four pages.
 *
 * Every row of mm-operation.ts is here by itself. What a row needs besides (another state of the pages, one
 * page instead of two) is declared in `PREPARATIONS`; faults, migration, exclusive access, fork and exit, which
 * have programs of their own, are in `OTHERS`. What is seen is not written here: it is read off the run (protocol.md 5.3 is what it
 * is compared with).
 */
import { type DmirrorCommand, type InvalidationEvent, mmId, plainId } from "@mmreplay/events";
import { MM_OPERATIONS } from "../tasks/memory/mm-operation.ts";
import type { MmOperationName } from "../tasks/memory/operation.ts";
import type { Operation } from "../tasks/operation.ts";
import { EXIT, insert, litmus, N, type Program } from "./litmus.ts";
import { MAPPING_NEEDS, type MappingNeeds } from "./mm-preparations.ts";
import type { NamedScenario } from "./named-scenario.ts";

/** One operation, and the run that shows it. */
export interface SeenOperation {
  readonly name: string;
  /** Where it is in the kernel. */
  readonly site: string;
  /** Locks that the kernel holds at an invalidation and the model does not take. */
  readonly unseenLocks: { readonly [E in InvalidationEvent]?: string };
  /** Somebody else holds the driver's lock, so that a callback that may not sleep refuses. */
  readonly refused: boolean;
  /** Task 0 prepares, `OPERATION_TASK` runs the operation, `DEVICE_TASK` touches its pages afterwards. */
  readonly scenario: NamedScenario;
}

/** The task of the operation. */
export const OPERATION_TASK = 1;
/** The task of the device's accesses afterwards. */
export const DEVICE_TASK = 2;

interface Pages {
  readonly page: number;
  readonly np: number;
}

/** What an operation needs besides the usual. */
interface Preparation extends MappingNeeds {
  /** After the pages are mirrored. */
  readonly prepared?: Program;
  /** The operation's own pages; absent: pages 0 and 1, or page 0 where the page's lock is held. */
  readonly pages?: Pages;
  /** What the device touches afterwards; absent: the operation's pages. */
  readonly touched?: Pages;
}

interface Other extends Preparation {
  readonly site: string;
  readonly run: Operation;
  readonly touched: Pages;
  readonly unseenLocks?: SeenOperation["unseenLocks"];
}

const PAGES = 8;
/** Pages of the mapping; the last two are never touched. */
const MAPPED: Pages = { page: 0, np: 6 };
const MIRRORED: Pages = { page: 0, np: 4 };
const OPERATED: Pages = { page: 0, np: 2 };
const FIRST: Pages = { page: 0, np: 1 };
const UNTOUCHED: Pages = { page: 4, np: 1 };
const UNMAPPED: Pages = { page: 6, np: 2 };

/** What the pages hold is told apart by these: page p holds the number plus p. */
const MIRRORED_VALUE = 10;
const CPU_VALUE = 30;
const DEVICE_VALUE = 50;

const access = (write: boolean, pages: Pages, value = CPU_VALUE): Operation => {
  return { op: "cpu_access", write, ...pages, value };
};

const device = (command: DmirrorCommand, pages: Pages, value = DEVICE_VALUE): Operation => {
  return { op: "dmirror", command, n: N, ...pages, value };
};

const mm = (op: MmOperationName, pages: Pages): Operation => {
  return { op, ...pages, prot: "read", onto: 1, to: UNMAPPED.page };
};

/** An interval notifier and a plain one; the device writes four pages, so it maps them. */
function usual({ mapping, prot = "read_write", huge }: MappingNeeds): Program {
  return [
    insert(N, 0, PAGES),
    { op: "mn_register", m: plainId(0) },
    { op: "mmap", ...MAPPED, prot, ...mapping },
    ...(huge === true ? [{ op: "madvise_hugepage", ...MAPPED } as const] : []),
    device(prot === "read" ? "READ" : "WRITE", MIRRORED, MIRRORED_VALUE),
  ];
}

const FORK: Operation = { op: "fork", child: mmId(1) };

const PREPARATIONS: { readonly [Name in MmOperationName]?: Preparation } = {
  ksm_write_protect: { pages: FIRST },
  uprobe_write_opcode: { pages: FIRST },
  // Pages 0 and 1 hold the same and are write-protected; the device has read them again.
  ksm_replace_page: {
    pages: FIRST,
    prepared: [
      access(true, { page: 1, np: 1 }, MIRRORED_VALUE),
      mm("ksm_write_protect", { page: 0, np: 2 }),
      device("READ", { page: 0, np: 2 }),
    ],
  },
};

const OTHERS: Readonly<Record<string, Other>> = {
  mmap: {
    site: "mm/mmap.c: mmap_region",
    run: { op: "mmap", ...UNMAPPED, prot: "read_write" },
    touched: UNMAPPED,
  },
  cpu_read_untouched: {
    site: "mm/memory.c: do_anonymous_page",
    run: access(false, UNTOUCHED),
    touched: UNTOUCHED,
  },
  cpu_write_untouched: {
    site: "mm/memory.c: do_anonymous_page",
    run: access(true, UNTOUCHED),
    touched: UNTOUCHED,
  },
  cpu_write_zero_page: {
    site: "mm/memory.c: wp_page_copy",
    prepared: [device("READ", UNTOUCHED)],
    run: access(true, UNTOUCHED),
    touched: UNTOUCHED,
  },
  device_write_zero_page: {
    site: "mm/memory.c: wp_page_copy, in hmm_range_fault",
    prepared: [device("READ", UNTOUCHED)],
    run: device("WRITE", UNTOUCHED),
    touched: UNTOUCHED,
  },
  cpu_write_after_fork: {
    site: "mm/memory.c: wp_page_copy",
    prepared: [FORK, device("READ", MIRRORED)],
    run: access(true, FIRST),
    touched: FIRST,
  },
  cpu_write_reuse: {
    site: "mm/memory.c: wp_page_reuse",
    prepared: [mm("page_mkclean", FIRST), device("READ", FIRST)],
    run: access(true, FIRST),
    touched: FIRST,
  },
  swap_in: {
    site: "mm/memory.c: do_swap_page",
    prepared: [mm("try_to_unmap", FIRST)],
    run: access(false, FIRST),
    touched: FIRST,
  },
  device_migrate: {
    site: "mm/migrate_device.c: migrate_vma_setup",
    run: device("MIGRATE_TO_DEV", OPERATED),
    touched: OPERATED,
  },
  device_migrate_untouched: {
    site: "mm/migrate_device.c: migrate_vma_setup, migrate_vma_pages",
    run: device("MIGRATE_TO_DEV", UNTOUCHED),
    touched: UNTOUCHED,
  },
  cpu_read_device_memory: {
    site: "mm/memory.c: do_swap_page, migrate_to_ram",
    prepared: [device("MIGRATE_TO_DEV", FIRST)],
    run: access(false, FIRST),
    touched: FIRST,
  },
  device_exclusive: {
    site: "mm/rmap.c: make_device_exclusive_range",
    run: device("EXCLUSIVE", FIRST),
    touched: FIRST,
  },
  cpu_write_exclusive: {
    site: "mm/memory.c: remove_device_exclusive_entry",
    prepared: [device("EXCLUSIVE", FIRST)],
    run: access(true, FIRST),
    touched: FIRST,
  },
  fork: { site: "mm/memory.c: copy_page_range", run: FORK, touched: MIRRORED },
  mm_exit: {
    site: "mm/mmap.c: exit_mmap",
    unseenLocks: { UNMAP: "mmap_read" },
    run: EXIT,
    touched: MIRRORED,
  },
};

function scenarioOf(
  name: string,
  source: string,
  run: Operation,
  { prepared = [], touched = MIRRORED, ...needs }: Preparation,
): NamedScenario {
  return litmus({
    name: `sees/${name}`,
    title: `What a driver sees of ${name}`,
    source,
    memory: true,
    pages: PAGES,
    ...(needs.pmdOrder === undefined ? {} : { pmdOrder: needs.pmdOrder }),
    setUp: [...usual(needs), ...prepared],
    tasks: { M: [run], D: [device("READ", touched), device("WRITE", touched)] },
  });
}

/** A row of the table, and where it may not block how it is refused. */
function ofRow(name: MmOperationName): SeenOperation[] {
  const { site, lock, event, blockable } = MM_OPERATIONS[name];
  const needs: Preparation = { ...MAPPING_NEEDS[name], ...PREPARATIONS[name] };
  const pages = needs.pages ?? { page: 0, np: lock === "page" ? 1 : 2 };
  const run = mm(name, pages);
  const seen = (named: string, refused: boolean): SeenOperation => ({
    name: named,
    site,
    unseenLocks: lock === "page" ? { [event]: lock } : {},
    refused,
    scenario: scenarioOf(named, `protocol.md 5.3, ${site}`, run, { touched: pages, ...needs }),
  });
  return [seen(name, false), ...(blockable ? [] : [seen(`${name}-refused`, true)])];
}

function ofOther([name, other]: [string, Other]): SeenOperation {
  const { site, run, unseenLocks = {} } = other;
  const scenario = scenarioOf(name, `protocol.md 5.3, ${site}`, run, other);
  return { name, site, unseenLocks, refused: false, scenario };
}

/** All operations: the table's rows, then faults, migration, exclusive access, fork and exit. */
export const SEEN_OPERATIONS: readonly SeenOperation[] = [
  ...(Object.keys(MM_OPERATIONS) as MmOperationName[]).flatMap(ofRow),
  ...Object.entries(OTHERS).map(ofOther),
];
