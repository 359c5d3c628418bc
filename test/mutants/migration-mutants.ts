/**
 * Mutants of migration to device memory and of exclusive access.
 */
import { frameOfCpu, kindOf, type Operation, someEntry } from "@mmreplay/core";
import type { PageEntry } from "@mmreplay/events";
import { type Mutant, nothing } from "../support/mutant.ts";
import { insert, N, scenario } from "../support/operations.ts";
import type { Mutation } from "../support/run.ts";

const [page, np] = [0, 1];
const write: Operation = { op: "cpu_access", write: true, page, np, value: 7 };
const device = (command: "MIGRATE_TO_DEV" | "EXCLUSIVE"): Operation => ({
  op: "dmirror",
  command,
  n: N,
  page,
  np,
});

/** The CPU writes the page, the device gets it, and the CPU writes it again. */
const moved = (command: "MIGRATE_TO_DEV" | "EXCLUSIVE") => ({
  ...scenario({
    programs: [
      [insert(N, 0, 4), { op: "mmap", page, np, prot: "read_write" }, write],
      [device(command), write],
    ],
  }),
  cpu: [],
  memory: true,
});

/** 2^32 times the place of "migration" among the kinds of entries. */
const MIGRATION = 4 * 2 ** 32;

/** The entry of a moved page stays one that waits. */
const keepsWaiting = (): Mutation => ({
  rewrite(body, state) {
    if (body.type !== "handle_mm_fault" || state.tasks[body.task]?.held == null) return [body];
    const entries = body.entries.map(([at, entry]): PageEntry => {
      return [at, MIGRATION + frameOfCpu(entry)];
    });
    return [{ ...body, entries }];
  },
});

/** A fault on a page of device memory maps it. */
const mapsDeviceMemory = (): Mutation => ({
  rewrite(body, state) {
    if (body.type !== "get_page" || state.frames[body.frame]?.device == null) return [body];
    const mm = state.notifiers[0]?.mm;
    if (mm == null) return [body];
    const entries: PageEntry[] = [[page, body.frame]];
    return [{ type: "handle_mm_fault", task: body.task, mm, entries, goto: "next" }];
  },
});

/** The callback of a revocation clears nothing. */
const keepsExclusive = (): Mutation => ({
  rewrite(body, state) {
    if (body.type !== "device_unmap") return [body];
    const { cpu } = state.mms[0] ?? {};
    const revoked =
      cpu !== undefined &&
      someEntry(cpu, page, page + np, (_, entry) => kindOf(entry) === "exclusive");
    return [revoked ? nothing(body) : body];
  },
});

/** Mutants of migration. */
export const MIGRATION_MUTANTS: readonly Mutant[] = [
  {
    id: "moved-page-keeps-waiting",
    rule: "M-I5",
    changes: "migrate_vma_finalize leaves a migration entry for the destination",
    source: "K-I34, mm/migrate_device.c",
    scenario: moved("MIGRATE_TO_DEV"),
    schedule: "0* 1*",
    mutation: keepsWaiting,
  },
  {
    id: "fault-maps-device-frame",
    rule: "M-I6",
    changes: "a CPU fault on a page of device memory maps the device's own frame",
    source: "K-I34, mm/memory.c: do_swap_page",
    scenario: moved("MIGRATE_TO_DEV"),
    schedule: "0* 1*",
    mutation: mapsDeviceMemory,
  },
  {
    id: "revoked-page-stays-exclusive",
    rule: "M-I7",
    changes: "the callback of a revocation clears nothing",
    source: "K-I35, K-Z23",
    scenario: moved("EXCLUSIVE"),
    schedule: "0* 1*",
    mutation: keepsExclusive,
  },
];
