/**
 * What the mm does to a page, against a driver that mirrors it: one scenario for each operation of
 * mm-operation.ts, and the faults of hmm_range_fault that invalidate themselves.
 *
 * The CPU has written page 0. The driver's write and the CPU's reach the page while the operation is in the
 * middle; the tables must agree whenever nothing is open.
 */
import type { DmirrorCommand } from "@mmreplay/events";
import { MM_OPERATIONS } from "../tasks/memory/mm-operation.ts";
import type { MmOperationName } from "../tasks/memory/operation.ts";
import type { Operation } from "../tasks/operation.ts";
import { insert, litmus, N, type Program } from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";

const PAGE = { page: 0, np: 1 };
const NAMES = Object.keys(MM_OPERATIONS) as MmOperationName[];

const access = (write: boolean, value: number): Operation => ({
  op: "cpu_access",
  write,
  ...PAGE,
  value,
});

const device = (command: DmirrorCommand): Operation => ({
  op: "dmirror",
  command,
  n: N,
  ...PAGE,
  value: 3,
});

/** The notifier over four pages, and one page mapped. */
const MAPPED: Program = [insert(N, 0, 4), { op: "mmap", ...PAGE, prot: "read_write" }];

/** The CPU has written the page. */
const WRITTEN: Program = [...MAPPED, access(true, 1)];

const operation = (op: MmOperationName): Operation => ({ op, ...PAGE, prot: "read", onto: 1 });

/** A second page with the same content, both write-protected: KSM may merge them. */
const SAME: Program = [
  insert(N, 0, 4),
  { op: "mmap", page: 0, np: 2, prot: "read_write" },
  access(true, 1),
  { op: "cpu_access", write: true, page: 1, np: 1, value: 1 },
  { op: "ksm_write_protect", page: 0, np: 2 },
];

const against = NAMES.map((name) => {
  const { event, site } = MM_OPERATIONS[name];
  return litmus({
    name: `mm/${name}`,
    title: `A device write and a CPU write against ${name} (${event})`,
    source: `protocol.md 5.3, ${site}`,
    memory: true,
    pages: 4,
    setUp: name === "ksm_replace_page" ? SAME : WRITTEN,
    tasks: { D: [device("WRITE")], M: [operation(name)], C: [access(true, 2)] },
  });
});

/** Scenarios of memory. */
export const MEMORY_SCENARIOS: readonly NamedScenario[] = [
  ...against,
  litmus({
    name: "K-P10",
    title: "COW self-collision: the fault of a device write replaces the zero page",
    source: "protocol.md 11, 4.7",
    memory: true,
    pages: 4,
    setUp: [...MAPPED, access(false, 0)],
    tasks: { D: [device("WRITE")], C: [access(false, 0)] },
  }),
  litmus({
    name: "mm/two-faults",
    title: "A device write and a CPU write to a page that nobody has touched",
    source: "protocol.md 5.3, a fault that only adds an entry",
    memory: true,
    pages: 4,
    setUp: MAPPED,
    tasks: { D: [device("WRITE")], C: [access(true, 2)] },
  }),
  litmus({
    name: "mm/zero-page",
    title: "A device read of the zero page against the CPU's first write",
    source: "protocol.md 5.3, wp_page_copy",
    memory: true,
    pages: 4,
    setUp: [...MAPPED, access(false, 0)],
    tasks: { D: [device("READ")], C: [access(true, 2)] },
  }),
  litmus({
    name: "mm/device-read",
    title: "A device read against MADV_DONTNEED and a new CPU write",
    source: "protocol.md 5.3, zap_page_range_single",
    memory: true,
    pages: 4,
    setUp: WRITTEN,
    tasks: { D: [device("READ")], M: [operation("madvise_dontneed"), access(true, 2)] },
  }),
];
