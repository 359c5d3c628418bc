/**
 * Operations on memory: what a process does to its mappings, what the CPU and the test driver access.
 *
 * Pages are numbers, ranges half-open. A value is the content of a whole page: page `page + i` is given
 * `value + i`.
 */
import type { DmirrorCommand, MmId, NotifierId, Protection } from "@mmreplay/events";

/** Pages `[page, page + np)`. */
interface Pages {
  page: number;
  np: number;
}

/** One call of a program. */
export type MemoryOperation =
  | ({ op: "mmap" | "mprotect"; prot: Protection } & Pages)
  | ({ op: "munmap" } & Pages)
  | { op: "fork"; child: MmId }
  | { op: "wait_child"; child: MmId }
  | { op: "child" }
  | ({ op: "cpu_access"; write: boolean; value?: number | undefined } & Pages)
  | ({
      op: "dmirror";
      command: DmirrorCommand;
      n: NotifierId;
      value?: number | undefined;
    } & Pages);
