/**
 * fork against a device: the parent's pages are shared with a child until one side writes.
 *
 * The CPU has written page 0 before. What was writable becomes read-only on both sides inside one
 * invalidation of the parent, so a device of the parent may no longer write either; each side's first write
 * makes a copy, whichever comes first and through whichever table.
 */
import { type DmirrorCommand, type MmId, mirrorId, mmId, type NotifierId } from "@mmreplay/events";
import type { Operation } from "../tasks/operation.ts";
import { EXIT, insert, litmus, M, N, remove } from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";

const PAGE = { page: 0, np: 1 };
const CHILD: MmId = mmId(1);
const FORK: Operation = { op: "fork", child: CHILD };
/** The child's first operation: it begins when fork is over. */
const BEGIN: Operation = { op: "child" };

const write = (value: number): Operation => ({ op: "cpu_access", write: true, ...PAGE, value });
const READ: Operation = { op: "cpu_access", write: false, ...PAGE };
const device = (command: DmirrorCommand, n: NotifierId, value = 0): Operation => ({
  op: "dmirror",
  command,
  n,
  ...PAGE,
  value,
});

/** The child opens the device file: a driver instance of its own. */
const OPEN: Operation = { ...insert(M, 0, 4), mirror: mirrorId(1) } as Operation;

const usual = {
  memory: true,
  pages: 4,
  setUp: [insert(N, 0, 4), { op: "mmap", ...PAGE, prot: "read_write" }, write(1)],
  processes: { child: CHILD },
} as const;

/** Scenarios of two address spaces. */
export const FORK_SCENARIOS: readonly NamedScenario[] = [
  litmus({
    ...usual,
    name: "mm/fork",
    title: "A device write and a CPU write against fork; then the child writes",
    source: "protocol.md 5.3, copy_page_range",
    tasks: {
      D: [device("WRITE", N, 3)],
      C: [write(2)],
      F: [FORK],
      child: [BEGIN, write(4), READ],
    },
  }),
  litmus({
    ...usual,
    name: "mm/fork-child-device",
    title: "The child's device writes and the parent's CPU writes what fork has shared",
    source: "protocol.md 5.3, copy_page_range, wp_page_copy",
    tasks: {
      C: [write(2), READ],
      F: [FORK],
      child: [BEGIN, OPEN, device("WRITE", M, 4), READ],
    },
  }),
  litmus({
    ...usual,
    name: "mm/anon_write_child",
    title: "The child's device writes, closes and exits, while the parent's device reads",
    source: "tools/testing/selftests/vm/hmm-tests.c: anon_write_child",
    tasks: {
      D: [device("READ", N)],
      F: [FORK, { op: "wait_child", child: CHILD }, READ],
      child: [BEGIN, READ, OPEN, device("WRITE", M, 4), READ, remove(M), EXIT],
    },
  }),
];
