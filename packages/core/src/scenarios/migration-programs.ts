/**
 * What the scenarios of migration and of exclusive access are made of: one page, and what happens to it.
 */
import { type DmirrorCommand, type MmId, mmId, type NotifierId } from "@mmreplay/events";
import type { MmOperationName } from "../tasks/memory/operation.ts";
import type { Operation } from "../tasks/operation.ts";
import { insert, N, type Program } from "./litmus.ts";

/** The page. */
export const PAGE = { page: 0, np: 1 } as const;
/** The process that is forked. */
export const CHILD: MmId = mmId(1);
/** It is forked. */
export const FORK: Operation = { op: "fork", child: CHILD };

/** A command of the test driver on the page. */
export const device = (command: DmirrorCommand, n: NotifierId = N, value = 3): Operation => ({
  op: "dmirror",
  command,
  n,
  ...PAGE,
  value,
});

/** An access of the CPU to it. */
export const cpu = (write: boolean, value = 2): Operation => ({
  op: "cpu_access",
  write,
  ...PAGE,
  value,
});
/** An operation of the mm on it. */
export const mm = (op: MmOperationName): Operation => ({ op, ...PAGE, prot: "read" });

/** The notifier over four pages, and one page mapped. */
export const MAPPED: Program = [insert(N, 0, 4), { op: "mmap", ...PAGE, prot: "read_write" }];
/** The CPU has written the page. */
export const WRITTEN: Program = [...MAPPED, cpu(true, 1)];
/** It is in device memory. */
export const MOVED: Program = [...WRITTEN, device("MIGRATE_TO_DEV")];
/** A device has it to itself. */
export const GRANTED: Program = [...WRITTEN, device("EXCLUSIVE")];

/** What such a scenario says of its memory. */
export const usual: { readonly memory: true; readonly pages: 4; readonly setUp: Program } = {
  memory: true,
  pages: 4,
  setUp: WRITTEN,
};
