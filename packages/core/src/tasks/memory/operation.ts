/**
 * Operations on memory: what a process does to its mappings, what the CPU and the test driver access.
 *
 * Pages are numbers, ranges half-open. A value is the content of a whole page: page `page + i` is given
 * `value + i`.
 */
import type {
  DmirrorCommand,
  GupKind,
  MappingKind,
  MmId,
  NotifierId,
  Protection,
} from "@mmreplay/events";
import type { Outcome } from "../operation.ts";
import type { Request } from "./range-fault.ts";

/** Pages `[page, page + np)`. */
interface Pages {
  page: number;
  np: number;
}

/**
 * Operations on mappings and entries (mm-operation.ts). Only mprotect has a protection, only the merge
 * of KSM a page onto which it merges, only mremap a place to which the pages move.
 */
export type MmOperationName =
  | "munmap"
  | "mremap"
  | "mprotect"
  | "madvise_dontneed"
  | "madvise_free"
  | "unmap_mapping_range"
  | "change_prot_numa"
  | "clear_refs_write"
  | "page_mkclean"
  | "try_to_unmap"
  | "memory_failure"
  | "migrate_pages"
  | "split_huge_pmd"
  | "collapse_huge_page"
  | "retract_page_tables"
  | "ksm_write_protect"
  | "ksm_replace_page"
  | "uprobe_write_opcode"
  | "oom_reap_task_mm";

/** What a mapping shows: absent, private anonymous memory. */
export interface MmapOptions {
  kind?: MappingKind | undefined;
  file?: number | undefined;
  filePage?: number | undefined;
  /** Pages that its driver maps at once: vm_insert_page, or memory without a struct page. */
  insert?: "page" | "special" | undefined;
}

/** One call of a program. */
export type MemoryOperation =
  | ({ op: "mmap"; prot: Protection } & MmapOptions & Pages)
  | ({ op: "madvise_hugepage" } & Pages)
  | ({
      op: MmOperationName;
      prot?: Protection | undefined;
      onto?: number | undefined;
      to?: number | undefined;
    } & Pages)
  | ({ op: "file_write" | "file_read"; file: number; value?: number | undefined } & Pages)
  | { op: "gup"; page: number; how: GupKind; write: boolean }
  | { op: "fork"; child: MmId }
  | { op: "wait_child"; child: MmId }
  | { op: "child" }
  | ({ op: "cpu_access"; write: boolean; value?: number | undefined } & Pages)
  | ({
      op: "dmirror";
      command: DmirrorCommand;
      n: NotifierId;
      value?: number | undefined;
      /** Of SNAPSHOT: what is asked for each of the pages (hmm_pfns as input); absent: nothing. */
      asks?: readonly Request[] | undefined;
      gives?: readonly Outcome[] | undefined;
    } & Pages);
