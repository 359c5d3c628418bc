/**
 * What hmm_range_fault makes of a page: one scenario for each row of its table (protocol.md 4.3).
 *
 * The device looks at the page without asking for anything (SNAPSHOT), then reads it, then writes it, while
 * the CPU reads it or the mm moves it. A scenario says which bytes the snapshot may report and what the two
 * commands must return.
 */
import { type DmirrorCommand, mirrorId, type NotifierId } from "@mmreplay/events";
import { PROT } from "../drivers/mirror/prot-byte.ts";
import type { MmapOptions } from "../tasks/memory/operation.ts";
import type { Operation, Outcome } from "../tasks/operation.ts";
import { insert, litmus, M, N, P, type Program } from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";
import { ASKING_SCENARIOS } from "./range-fault-asks.ts";

/** One row of the table. */
interface Row {
  readonly name: string;
  /** What is there, in the words of the table. */
  readonly what: string;
  /** What comes before: page 0 is as the row says. */
  readonly setUp: Program;
  readonly pmdOrder?: number;
  /** The device of each driver instance; absent: there is one device. */
  readonly devices?: readonly number[];
  /** Bytes that a snapshot may report. */
  readonly reports: readonly number[];
  /** What READ and WRITE return. */
  readonly read: Outcome;
  readonly write: Outcome;
  /** What goes on meanwhile; absent: the CPU reads the page. */
  readonly meanwhile?: Operation;
}

const PAGE = { page: 0, np: 1 };
const PAGES = { page: 0, np: 2 };
const EFAULT: Outcome = "rc -14";
const EPERM: Outcome = "rc -1";

const map = (prot: "none" | "read" | "read_write", how: MmapOptions = {}): Operation => ({
  op: "mmap",
  ...PAGES,
  prot,
  ...how,
});
const access = (write: boolean): Operation => ({ op: "cpu_access", write, ...PAGE, value: 1 });
const MAPPED = map("read_write");
const WRITTEN: Program = [MAPPED, access(true)];
const HUGE: Program = [MAPPED, { op: "madvise_hugepage", ...PAGES }, access(true)];

/** Written, then write-protected in a mapping that may be written. */
const READ_ONLY: Program = [
  { op: "mprotect", ...PAGES, prot: "read" },
  { op: "mprotect", ...PAGES, prot: "read_write" },
];
const moves = (n: NotifierId): Operation => ({
  op: "dmirror",
  command: "MIGRATE_TO_DEV",
  n,
  ...PAGE,
});

const ROWS: readonly Row[] = [
  {
    name: "hole",
    what: "No mapping is there.",
    setUp: [{ op: "mmap", page: 1, np: 1, prot: "read_write" }],
    reports: [PROT.ERROR],
    read: EFAULT,
    write: EFAULT,
  },
  {
    name: "no-access",
    what: "The mapping may not be read.",
    setUp: [...WRITTEN, { op: "mprotect", ...PAGES, prot: "none" }],
    reports: [PROT.ERROR],
    read: EFAULT,
    write: EFAULT,
  },
  {
    name: "pfnmap",
    what: "The mapping shows memory without struct page (VM_PFNMAP).",
    setUp: [map("read_write", { kind: "pfnmap", insert: "special" })],
    reports: [PROT.ERROR],
    read: EFAULT,
    write: EFAULT,
  },
  {
    name: "none",
    what: "The mapping is there, and no page.",
    setUp: [MAPPED],
    reports: [PROT.NONE, PROT.ZERO | PROT.READ],
    read: 0,
    write: 0,
  },
  {
    name: "none-read-only",
    what: "The mapping may only be read, and no page is there.",
    setUp: [map("read")],
    reports: [PROT.NONE, PROT.ZERO | PROT.READ],
    read: 0,
    write: EPERM,
  },
  {
    name: "pmd-migration",
    what: "A huge page is being moved.",
    setUp: HUGE,
    pmdOrder: 1,
    reports: [PROT.WRITE | PROT.PMD, PROT.NONE],
    read: 0,
    write: 0,
    meanwhile: { op: "migrate_pages", ...PAGES },
  },
  {
    name: "huge",
    what: "A huge page is there.",
    setUp: HUGE,
    pmdOrder: 1,
    reports: [PROT.WRITE | PROT.PMD],
    read: 0,
    write: 0,
  },
  {
    name: "huge-protnone",
    what: "A huge page is there, with a NUMA hint.",
    setUp: [...HUGE, { op: "change_prot_numa", ...PAGES }],
    pmdOrder: 1,
    reports: [PROT.NONE],
    read: 0,
    write: 0,
    meanwhile: { op: "page_mkclean", ...PAGES },
  },
  {
    name: "swap",
    what: "The page was written out.",
    setUp: [...WRITTEN, { op: "try_to_unmap", ...PAGE }],
    reports: [PROT.NONE, PROT.READ],
    read: 0,
    write: 0,
  },
  {
    name: "migration",
    what: "The page is being moved.",
    setUp: WRITTEN,
    reports: [PROT.NONE, PROT.WRITE],
    read: 0,
    write: 0,
    meanwhile: { op: "migrate_pages", ...PAGE },
  },
  {
    name: "hwpoison",
    what: "The page's memory has failed.",
    setUp: [...WRITTEN, { op: "memory_failure", ...PAGE }],
    reports: [PROT.NONE],
    read: EFAULT,
    write: EFAULT,
  },
  {
    name: "protnone",
    what: "The page is there, with a NUMA hint.",
    setUp: [...WRITTEN, { op: "change_prot_numa", ...PAGE }],
    reports: [PROT.NONE],
    read: 0,
    write: 0,
    meanwhile: { op: "change_prot_numa", ...PAGE },
  },
  {
    name: "present",
    what: "The page is there.",
    setUp: WRITTEN,
    reports: [PROT.WRITE],
    read: 0,
    write: 0,
  },
  {
    name: "write-protected",
    what: "The page is there and write-protected.",
    setUp: [...WRITTEN, { op: "page_mkclean", ...PAGE }],
    reports: [PROT.READ],
    read: 0,
    write: 0,
  },
  {
    name: "special",
    what: "Memory without struct page is there, in a mapping of other pages (VM_MIXEDMAP).",
    setUp: [map("read_write", { insert: "special" })],
    reports: [PROT.ERROR],
    read: EFAULT,
    write: EFAULT,
  },
  {
    name: "hugetlb",
    what: "A huge page of the pool is there.",
    setUp: [map("read_write", { kind: "hugetlb" }), access(true)],
    pmdOrder: 1,
    reports: [PROT.WRITE | PROT.PMD],
    read: 0,
    write: 0,
  },
  {
    name: "hugetlb-none",
    what: "The mapping of huge pages of the pool is there, and no page.",
    setUp: [map("read_write", { kind: "hugetlb" })],
    pmdOrder: 1,
    reports: [PROT.NONE, PROT.WRITE | PROT.PMD],
    read: 0,
    write: 0,
  },
  {
    name: "zero-page",
    what: "The zero page is there.",
    setUp: [MAPPED, access(false)],
    reports: [PROT.ZERO | PROT.READ],
    read: 0,
    write: 0,
  },
  {
    name: "device-own",
    what: "A page of the device's own memory is there.",
    setUp: [...WRITTEN, moves(N)],
    reports: [PROT.DEV_PRIVATE_LOCAL | PROT.WRITE, PROT.NONE, PROT.WRITE],
    read: 0,
    write: 0,
  },
  {
    name: "device-own-read-only",
    what: "A page of the device's own memory is there, and may only be read.",
    setUp: [...WRITTEN, ...READ_ONLY, moves(N)],
    reports: [PROT.DEV_PRIVATE_LOCAL | PROT.READ],
    read: 0,
    // It is reported whatever was asked for, and the driver finds that it may not write.
    write: EFAULT,
    meanwhile: { op: "change_prot_numa", ...PAGE },
  },
  {
    name: "device-foreign",
    what: "A page of another device's memory is there.",
    setUp: [{ ...insert(P, 0, 4), mirror: mirrorId(2) } as Operation, ...WRITTEN, moves(P)],
    devices: [0, 0, 1],
    reports: [PROT.NONE],
    read: 0,
    write: 0,
    meanwhile: { op: "change_prot_numa", ...PAGE },
  },
  {
    name: "exclusive",
    what: "A page is there that a device has to itself.",
    setUp: [...WRITTEN, { op: "dmirror", command: "EXCLUSIVE", n: N, ...PAGE }],
    reports: [PROT.NONE, PROT.WRITE],
    read: 0,
    write: 0,
  },
];

const device = (command: DmirrorCommand, gives: readonly Outcome[]): Operation => ({
  op: "dmirror",
  command,
  n: command === "SNAPSHOT" ? M : N,
  ...PAGE,
  value: 3,
  gives,
});

/** A notifier of the snapshot's own around it. */
const SNAPSHOT_OPENS = { ...insert(M, 0, 1), mirror: mirrorId(1) } as Operation;

function ofRow(row: Row): NamedScenario {
  const { name, what, setUp, pmdOrder, devices, reports, read, write } = row;
  return litmus({
    name: `hmm/${name}`,
    title: `${what} The device looks, reads and writes`,
    source: "protocol.md 4.3",
    memory: true,
    pages: 4,
    ...(pmdOrder === undefined ? {} : { pmdOrder }),
    ...(devices === undefined ? {} : { devices }),
    snapshots: [M],
    setUp: [insert(N, 0, 4), ...setUp],
    tasks: {
      D: [
        SNAPSHOT_OPENS,
        device(
          "SNAPSHOT",
          reports.map((byte): Outcome => `prot ${byte}`),
        ),
        { op: "remove", n: M },
        device("READ", [read]),
        device("WRITE", [write]),
      ],
      C: [row.meanwhile ?? access(false)],
    },
  });
}

/** A later kernel lets go of the mmap lock for each fault: the mapping may change meanwhile. */
const LATER: readonly NamedScenario[] = [
  ["none", "A page that nobody has touched", [MAPPED]] as const,
  ["zero-page", "The zero page", [MAPPED, access(false)]] as const,
].map(([name, what, setUp]) =>
  litmus({
    name: `hmm-unlocked/${name}`,
    title: `${what}: a device write that lets go of the mmap lock, against munmap and the CPU`,
    source: "protocol.md 4.5, 10: hmm_range_fault_unlocked_timeout",
    memory: true,
    pages: 4,
    rangeFault: "unlocked",
    setUp: [insert(N, 0, 4), ...setUp],
    tasks: {
      D: [device("WRITE", [0, EFAULT])],
      M: [{ op: "munmap", ...PAGE }],
      C: [access(true)],
    },
  }),
);

/** Scenarios of hmm_range_fault's table, of its arrays, and of a later kernel's. */
export const RANGE_FAULT_SCENARIOS: readonly NamedScenario[] = [
  ...ROWS.map(ofRow),
  ...ASKING_SCENARIOS,
  litmus({
    name: "hmm/in-place",
    title:
      "A device reads a page that may no longer be written: what it found before is no request",
    source: "protocol.md 4.6; drm/xe/userptr: properly setup pfn_flags_mask (2025)",
    memory: true,
    pages: 4,
    setUp: [insert(N, 0, 4), ...WRITTEN],
    tasks: {
      D: [device("READ", [0])],
      M: [{ op: "mprotect", ...PAGES, prot: "read" }],
    },
  }),
  ...LATER,
];
