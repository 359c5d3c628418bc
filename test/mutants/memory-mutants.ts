/**
 * Mutants of what the page tables point at.
 */
import type { Operation } from "@mmreplay/core";
import type { Mutant } from "../support/mutant.ts";
import { insert, N, scenario } from "../support/operations.ts";

const [page, np] = [0, 1];
const access = (write: boolean): Operation => ({ op: "cpu_access", write, page, np, value: 7 });
const device: Operation = { op: "dmirror", command: "READ", n: N, page, np };

/** Mutants of memory. */
export const MEMORY_MUTANTS: readonly Mutant[] = [
  {
    id: "zero-page-stays-mapped",
    rule: "M-I1",
    changes: "the CLEAR of a page that replaces the zero page clears nothing on the device",
    source: "K-S1, wp_page_copy",
    scenario: {
      ...scenario({
        programs: [
          [insert(N, 0, 4), { op: "mmap", page, np, prot: "read_write" }, access(false)],
          [device, access(true), device],
        ],
      }),
      cpu: [],
      memory: true,
    },
    schedule: "0* 1*",
    bug: "callback_clears_nothing",
  },
];
