/**
 * What an operation of mm-operation.ts needs to have something to do: the kind of mapping that it works on.
 *
 * Most work on private anonymous memory of small pages. The scenarios that search an operation and the guide
 * that shows it to a driver begin from the same mapping.
 */
import type { Protection } from "@mmreplay/events";
import type { MmapOptions, MmOperationName } from "../tasks/memory/operation.ts";

/** How a mapping differs from private memory of small pages. */
export interface MappingNeeds {
  readonly mapping?: MmapOptions;
  /** Absent: it may be read and written. */
  readonly prot?: Protection;
  /** A PMD maps 2^pmdOrder pages, so that there are huge ones. */
  readonly pmdOrder?: number;
  /** Huge pages are advised. */
  readonly huge?: true;
}

/** Pages of a file that processes share. */
const SHARED: MmapOptions = { kind: "shared", file: 0 };

/** What the operations need, where it is not the usual mapping. */
export const MAPPING_NEEDS: { readonly [Name in MmOperationName]?: MappingNeeds } = {
  unmap_mapping_range: { mapping: SHARED },
  retract_page_tables: { mapping: SHARED, pmdOrder: 1 },
  collapse_huge_page: { pmdOrder: 1 },
  // The text of a program: nobody may write to it.
  uprobe_write_opcode: { mapping: { file: 0 }, prot: "read" },
  split_huge_pmd: { pmdOrder: 1, huge: true },
};
