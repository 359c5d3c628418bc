/**
 * Mutants of what the page tables point at: of who is told, what is copied, what is taken away when, and of
 * references.
 */
import type { Operation, Scenario } from "@mmreplay/core";
import type { EventBody } from "@mmreplay/events";
import { aside, type Mutant, nothing } from "../support/mutant.ts";
import { insert, N, scenario } from "../support/operations.ts";

const [page, np] = [0, 1];
const access = (write: boolean, value = 7): Operation => ({
  op: "cpu_access",
  write,
  page,
  np,
  value,
});
const device = (command: "READ" | "WRITE"): Operation => ({
  op: "dmirror",
  command,
  n: N,
  page,
  np,
});
const on = (op: "page_mkclean" | "madvise_dontneed" | "migrate_pages"): Operation => ({
  op,
  page,
  np,
});

/** One page, mapped and mirrored; then one task does these things. */
function memory(...program: Operation[]): Scenario {
  const setUp: Operation[] = [insert(N, 0, 4), { op: "mmap", page, np, prot: "read_write" }];
  return { ...scenario({ programs: [setUp, program] }), cpu: [], memory: true };
}

/** An event of this type is not the model's, the first time or each time. */
function instead<T extends EventBody["type"]>(
  type: T,
  bodies: (body: EventBody<T>) => readonly EventBody[],
): NonNullable<Mutant["mutation"]> {
  return () => ({
    rewrite: (body) => (body.type === type ? bodies(body as EventBody<T>) : [body]),
  });
}

/** Mutants of memory. */
export const MEMORY_MUTANTS: readonly Mutant[] = [
  {
    id: "zero-page-stays-mapped",
    rule: "M-I1",
    changes: "the CLEAR of a page that replaces the zero page clears nothing on the device",
    source: "K-S1, wp_page_copy",
    scenario: memory(access(false), device("READ"), access(true), device("READ")),
    schedule: "0* 1*",
    bug: "callback_clears_nothing",
  },
  {
    id: "migration-copies-nothing",
    rule: "M-I2",
    changes: "the page that compaction moves a page to is empty",
    source: "mm/migrate.c: migrate_folio",
    scenario: memory(access(true), on("migrate_pages")),
    schedule: "0* 1*",
    mutation: instead("alloc_page", (body) => [{ ...body, copyOf: null }]),
  },
  {
    id: "write-through-protection",
    rule: "M-I3",
    changes: "the PROTECTION_PAGE of a page that is cleaned leaves the device its right to write",
    source: "protocol.md 5.3, page_vma_mkclean_one",
    scenario: memory(access(true), device("WRITE"), on("page_mkclean"), device("WRITE")),
    schedule: "0* 1*",
    bug: "callback_clears_nothing",
  },
  {
    id: "access-to-free-page",
    rule: "M-I3",
    changes: "the device reads a page that MADV_DONTNEED has given back",
    source: "0a98219bcc96",
    scenario: memory(access(true), device("READ"), on("madvise_dontneed"), device("READ")),
    schedule: "0* 1*",
    bug: "callback_clears_nothing",
  },
  {
    id: "reference-kept",
    rule: "M-I4",
    changes: "a task takes a reference on the page that it maps and never drops it",
    source: "get_page, put_page",
    scenario: memory(access(true), access(false)),
    schedule: "0* 1*",
    mutation: instead("handle_mm_fault", (body) => {
      const { entries, task } = body;
      const frame = entries[0]?.[1] ?? 0;
      return [body, ...(frame === 0 ? [] : [aside({ type: "get_page", task, frame } as const)])];
    }),
  },
  {
    id: "reference-dropped-twice",
    rule: "M-I4",
    changes: "a file's page is put once more by the task that has brought it into memory",
    source: "get_page, put_page",
    scenario: memory({ op: "file_write", file: 0, page, np, value: 1 }),
    schedule: "0* 1*",
    mutation: instead("put_page", (body) => [aside(body), aside(body), body]),
  },
  {
    id: "allocation-never-put",
    rule: "M-I4",
    changes: "the task that brings a file's page into memory keeps its reference",
    source: "get_page, put_page",
    scenario: memory({ op: "file_write", file: 0, page, np, value: 1 }, access(true)),
    schedule: "0* 1*",
    mutation: instead("put_page", (body) => [nothing(body)]),
  },
];
