/**
 * Migration to device memory and back, and exclusive access, against what may happen meanwhile.
 *
 * The driver of these scenarios asks the CPU's entries after a migration and checks its sequence when it stores
 * exclusive pages. The presets K-P12 and K-P13 have the test driver of Linux 6.1 beside it, which does
 * neither, and show what comes of that.
 */
import { type GupKind, mirrorId } from "@mmreplay/events";
import type { Rule } from "../rules/rule.ts";
import { SEARCH_RULES } from "../rules/search-rules.ts";
import { DMIRROR_6_1, type Operation } from "../tasks/operation.ts";
import type { SchedulingPoints } from "../tasks/runner.ts";
import { insert, type Litmus, litmus, M, N, type Program, remove } from "./litmus.ts";
import {
  CHILD,
  cpu,
  device,
  FORK,
  GRANTED,
  MAPPED,
  MOVED,
  mm,
  usual,
  WRITTEN,
} from "./migration-programs.ts";
import type { NamedScenario } from "./named-scenario.ts";

/** A device with coherent memory (protocol.md 6.1). */
const COHERENT = { devices: [2] } as const;
/** The process has a reference on the page, and drops it. */
const gup = (how: GupKind): Operation => ({ op: "gup", page: 0, how, write: true });

/** A second device has the same pages. */
const TWO: Program = [{ ...insert(M, 0, 4), mirror: mirrorId(1) } as Operation, ...WRITTEN];

/** It is in device memory, and a NUMA hint has taken it from the device's table. */
const FORGOTTEN: Program = [...MOVED, mm("change_prot_numa")];
/** A callback that leaves its own migrations alone answers true without set_seq: K-I12 would say no more. */
const BUT_K_I12: readonly Rule[] = SEARCH_RULES.filter(({ id }) => id !== "K-I12");

/** A fault that finds a page busy tries again, each time with an invalidation: the sequence must come round. */
const CYCLIC = { seqModulus: 8 } as const;

/** A scenario, and the same with the test driver of Linux 6.1, which breaks a rule there. */
function both(test: Litmus, rule: string, hole: string): NamedScenario[] {
  const shown: Litmus = {
    ...test,
    name: `${test.name}-6.1`,
    title: `${test.title}, by the test driver of Linux 6.1`,
    driver: { ...test.driver, ...DMIRROR_6_1 },
    rules: BUT_K_I12,
    shows: { rule, claim: `The model of lib/test_hmm.c of Linux 6.1 reaches it: ${hole}` },
  };
  return [litmus(test), litmus(shown)];
}

const SKIPS =
  "its callback leaves its own migrations alone, so a reader does not learn that the page has moved. A recording of a booted 6.1 kernel shows the same store. No upstream report is known; only the self-test driver is meant.";
const STORES =
  "what was moved is stored without a look at the sequence. Recorded on a booted 6.1 kernel as a store inside an invalidation. No upstream report is known; only the self-test driver is meant.";
const GRANTS =
  "a page that was granted is stored without a look at the sequence. It is not recorded, and no upstream report is known; only the self-test driver is meant.";

/** READ of a page of another device's memory must not fail. */
const TWO_READERS = {
  D: [{ ...device("READ"), gives: [0] } as Operation],
  E: [device("READ", M)],
};

/**
 * Rounds of migrations, one after the other: between a migration's parts and around the device's fault, and nowhere
 * inside an invalidation or with a driver's lock, so that nobody waits for either.
 */
const ROUNDS: SchedulingPoints = new Set([
  "start",
  "dmirror_moved",
  "dmirror_lock",
  "dmirror_read_begin",
  "dmirror_read_begin_wake",
  "hmm_wait",
  "mm_fault",
  "dmirror_lock_to_store",
]);

/** Faults on one page, as later kernels let them at it (protocol.md 5.2, K-Z9 and K-Z10). */
const TO_RAM: Litmus = {
  ...usual,
  ...CYCLIC,
  name: "mm/to-ram",
  title: "Two CPU writes to a page of device memory",
  source: "protocol.md 5.2",
  setUp: MOVED,
  deviceFault: "wait",
  tasks: { A: [cpu(true, 2)], B: [cpu(true, 4)] },
};

/** The same against an eviction that goes on until nothing is left. */
const TO_RAM_CLOSE: Litmus = {
  ...usual,
  ...CYCLIC,
  name: "mm/to-ram-close",
  title: "A CPU write to a page of device memory against the close of its device file",
  source: "protocol.md 6.2, K-Z22",
  setUp: MOVED,
  deviceFault: "wait",
  tasks: { C: [cpu(true)], X: [remove(N)] },
};

/** Scenarios of migration and of exclusive access. */
export const MIGRATION_SCENARIOS: readonly NamedScenario[] = [
  litmus({
    ...usual,
    name: "K-P11",
    title: "double_map: a page of one device's memory is read by both devices",
    source: "protocol.md 11, 6.6 double_map",
    setUp: [...TWO, device("READ"), device("READ", M), device("MIGRATE_TO_DEV", M)],
    devices: [0, 1],
    tasks: TWO_READERS,
  }),
  ...both(
    {
      ...usual,
      name: "K-P12",
      title: "A device read against the same device's migration of the page",
      source: "protocol.md 11, K-Z29",
      tasks: { D: [device("READ")], G: [device("MIGRATE_TO_DEV")] },
    },
    "K-I13",
    SKIPS,
  ),
  ...both(
    {
      ...usual,
      name: "mm/migrate-write",
      title: "A device write through the old entry against the same device's migration",
      source: "K-Z29, the lost write",
      setUp: [...WRITTEN, device("WRITE")],
      tasks: { D: [device("WRITE", N, 4)], G: [device("MIGRATE_TO_DEV")] },
    },
    "M-I2",
    "the old entry stays while the page is copied, and what is written through it after the copy is lost. No upstream report is known; only the self-test driver is meant.",
  ),
  ...both(
    {
      ...usual,
      name: "mm/to-ram-read",
      title: "A device read of its own memory against the CPU's, which brings the page back",
      source: "K-Z29; ../shared/traces, hole 1",
      setUp: FORGOTTEN,
      tasks: { D: [device("READ")], C: [cpu(false)] },
    },
    "K-I13",
    SKIPS,
  ),
  ...both(
    {
      ...usual,
      name: "mm/migrate-dontneed",
      title: "A migration to the device against MADV_DONTNEED",
      source: "../shared/traces, hole 2",
      tasks: { G: [device("MIGRATE_TO_DEV")], M: [mm("madvise_dontneed")] },
    },
    "K-I14",
    STORES,
  ),
  ...both(
    {
      ...usual,
      name: "K-P13",
      title: "Exclusive access against MADV_DONTNEED",
      source: "protocol.md 11, K-Z30",
      // A second pass revokes what the first was granted, and so collides with itself.
      driver: { maxTries: 2 },
      tasks: { E: [device("EXCLUSIVE")], M: [mm("madvise_dontneed")] },
    },
    "K-I14",
    GRANTS,
  ),
  litmus({
    ...usual,
    ...CYCLIC,
    name: "mm/migrate-two-devices",
    title: "Two devices migrate one page to themselves until they have it, one after the other",
    source: "protocol.md 8.1, K-Z21",
    setUp: TWO,
    devices: [0, 1],
    driver: { insists: "serialized" },
    reusesFrames: true,
    points: ROUNDS,
    tasks: { G: [device("MIGRATE_TO_DEV")], H: [device("MIGRATE_TO_DEV", M)] },
  }),
  litmus({
    ...usual,
    name: "mm/migrate-munmap",
    title: "A migration to the device against munmap",
    source: "protocol.md 5.1",
    tasks: { G: [device("MIGRATE_TO_DEV")], M: [mm("munmap")] },
  }),
  litmus({
    ...usual,
    name: "mm/migrate-mremap-child",
    title: "A migration to the device of a page that the forked child has moved, or moves",
    source: "protocol.md 5.1; mm/rmap.c: rmap_walk_anon",
    processes: { child: CHILD },
    tasks: {
      P: [FORK, device("MIGRATE_TO_DEV")],
      child: [{ op: "child" }, { ...mm("mremap"), to: 2 } as Operation],
    },
  }),
  litmus({
    ...usual,
    ...CYCLIC,
    name: "mm/migrate-cpu",
    title: "A migration to the device against a CPU write",
    source: "protocol.md 5.1",
    tasks: { G: [device("MIGRATE_TO_DEV")], C: [cpu(true)] },
  }),
  litmus({
    ...usual,
    ...CYCLIC,
    name: "mm/migrate-hole",
    title: "A migration of a page that nobody has touched against a CPU write",
    source: "protocol.md 5.1, the second MIGRATE",
    setUp: MAPPED,
    tasks: { G: [device("MIGRATE_TO_DEV")], C: [cpu(true)] },
  }),
  litmus({
    ...usual,
    ...CYCLIC,
    name: "mm/migrate-both-ways",
    title: "A migration to the device, and one back",
    source: "protocol.md 5.1",
    tasks: { G: [device("MIGRATE_TO_DEV")], H: [device("MIGRATE_TO_SYS")] },
  }),
  litmus(TO_RAM),
  litmus({
    ...TO_RAM,
    name: "mm/to-ram-6.1",
    title: `${TO_RAM.title}, by the page fault of Linux 6.1`,
    deviceFault: "reference",
    shows: {
      rule: "no-progress",
      claim:
        "K-Z9, in the model: each of the two faults holds a reference that makes the other's migration give up, and both may go on so for ever. Linux 6.1 is without the trylock of 1afaeb8293c9.",
    },
  }),
  litmus({
    ...usual,
    name: "mm/to-ram-dontneed",
    title: "A CPU read of a page of device memory against MADV_DONTNEED",
    source: "protocol.md 5.2",
    setUp: MOVED,
    tasks: { C: [cpu(false)], M: [mm("madvise_dontneed")] },
  }),
  litmus({
    ...usual,
    ...CYCLIC,
    name: "mm/to-ram-one-cpu",
    title: "A page of one device's memory is read twice by another device, on one CPU",
    source: "protocol.md 8.1, K-Z10",
    setUp: [...TWO, device("MIGRATE_TO_DEV")],
    devices: [0, 1],
    deviceFault: "wait",
    oneCpu: true,
    tasks: { E: [device("READ", M)], F: [device("READ", M)] },
  }),
  litmus(TO_RAM_CLOSE),
  litmus({
    ...TO_RAM_CLOSE,
    name: "mm/to-ram-close-6.1",
    title: `${TO_RAM_CLOSE.title}, by the page fault and the eviction of Linux 6.1`,
    deviceFault: "reference",
    driver: { close: "one_pass" },
    shows: {
      rule: "M-I6",
      claim:
        "The eviction on close, one pass in the model, leaves a page to which a page fault refers; the fault then asks a driver instance that is freed. Whether the kernel's pass leaves such a page is not known, and nothing is claimed of it.",
    },
  }),
  litmus({
    ...usual,
    name: "mm/close",
    title: "A device file is closed; then the CPU writes a page that was in device memory",
    source: "protocol.md 6.2, K-Z22",
    setUp: MOVED,
    tasks: { X: [remove(N), cpu(true)] },
  }),
  litmus({
    ...usual,
    name: "mm/revoke",
    title: "Two CPU writes to a page that a device has to itself",
    source: "protocol.md 5.2",
    setUp: GRANTED,
    tasks: { A: [cpu(true, 2)], B: [cpu(true, 4)] },
  }),
  litmus({
    ...usual,
    name: "mm/revoke-dontneed",
    title: "A CPU write to a page that a device has to itself against MADV_DONTNEED",
    source: "protocol.md 5.2, K-Z7",
    setUp: GRANTED,
    tasks: { C: [cpu(true)], M: [mm("madvise_dontneed")] },
  }),
  litmus({
    ...usual,
    ...CYCLIC,
    name: "mm/migrate-fork",
    title: "fork of a page of device memory: the child writes, the parent's device reads",
    source: "6.6 hmm_cow_in_device",
    setUp: MOVED,
    processes: { child: CHILD },
    tasks: { D: [device("READ")], P: [FORK], child: [{ op: "child" }, cpu(true, 4)] },
  }),
  litmus({
    ...usual,
    name: "mm/exclusive-fork",
    title: "fork of a page that a device has to itself, and a write on each side",
    source: "6.6 exclusive_cow",
    setUp: GRANTED,
    processes: { child: CHILD },
    tasks: { P: [FORK, cpu(true)], child: [{ op: "child" }, cpu(true, 4)] },
  }),
  litmus({
    ...usual,
    ...COHERENT,
    name: "mm/coherent-migrate-cpu",
    title: "A migration to coherent memory of a device against a CPU write",
    source: "protocol.md 5.1, DEVICE_COHERENT",
    tasks: { G: [device("MIGRATE_TO_DEV")], C: [cpu(true)] },
  }),
  litmus({
    ...usual,
    ...COHERENT,
    name: "mm/coherent-back",
    title: "A migration back from coherent memory against a CPU write and a device read",
    source: "protocol.md 5.1, DEVICE_COHERENT",
    setUp: MOVED,
    tasks: { H: [device("MIGRATE_TO_SYS")], C: [cpu(true)], D: [device("READ")] },
  }),
  litmus({
    ...usual,
    ...COHERENT,
    name: "mm/coherent-pin",
    title: "A long-term pin of a page of coherent memory against a CPU write and a device write",
    source: "6.6 hmm_gup_test",
    setUp: MOVED,
    tasks: { P: [gup("pin_longterm_fast")], C: [cpu(true)], D: [device("WRITE", N, 4)] },
  }),
  litmus({
    ...usual,
    name: "mm/pin-private",
    title: "A long-term pin of a page of device-private memory against MADV_DONTNEED",
    source: "6.6 hmm_gup_test",
    setUp: MOVED,
    tasks: { P: [gup("pin_longterm")], M: [mm("madvise_dontneed")] },
  }),
  litmus({
    ...usual,
    name: "mm/exclusive-cpu",
    title: "Exclusive access against a CPU write",
    source: "protocol.md 5.2",
    driver: { maxTries: 2 },
    tasks: { E: [device("EXCLUSIVE")], C: [cpu(true)] },
  }),
];
