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

/**
 * Operations on mappings and entries (mm-operation.ts). Only mprotect has a protection, and only the merge
 * of KSM a page onto which it merges.
 */
export type MmOperationName =
  | "munmap"
  | "mprotect"
  | "madvise_dontneed"
  | "change_prot_numa"
  | "clear_refs_write"
  | "page_mkclean"
  | "try_to_unmap"
  | "oom_reap_task_mm"
  | "ksm_write_protect"
  | "ksm_replace_page"
  | "migrate_pages";

/** One call of a program. */
export type MemoryOperation =
  | ({ op: "mmap"; prot: Protection } & Pages)
  | ({ op: MmOperationName; prot?: Protection | undefined; onto?: number | undefined } & Pages)
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
