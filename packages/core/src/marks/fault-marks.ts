/**
 * Rare paths of page faults and of what the mm does to pages: copies, losers of races, huge pages, swap.
 *
 * A fault that fills an absent page tells nobody; the ones here replace something, come too late, or find what
 * only another operation can have left.
 */
import type { EventOf, MmId, PageEntry } from "@mmreplay/events";
import { frameOfCpu, isHuge, kindOf } from "../memory/cpu-entry.ts";
import { ZERO_PAGE } from "../memory/frame.ts";
import { entryOf } from "../state/page-table.ts";
import { peekMm, type State } from "../state/state.ts";
import { type Mark, mark } from "./mark.ts";

/** The old and the new entry of each page that a change names. */
function changesOf(
  state: State,
  { mm, entries }: { readonly mm: MmId; readonly entries: readonly PageEntry[] },
): { readonly old: number; readonly now: number }[] {
  const { cpu } = peekMm(state, mm);
  return entries.map(([page, now]) => ({ old: entryOf(cpu, page), now }));
}

type Change = EventOf<"cpu_pte_change">;

/** What the frame of an old entry is, where it is known. */
const frameOf = (state: State, entry: number) => state.frames[frameOfCpu(entry)];

const FAULTS: readonly Mark[] = [
  mark(
    "alloc_page",
    {
      name: "copy-on-write",
      says: "A write to a page that others share gets a copy.",
      source: "wp_page_copy, do_cow_fault",
      rules: ["M-I1", "K-I14", "K-I15"],
    },
    (_, { copyOf, device, held }) =>
      copyOf !== null && copyOf !== ZERO_PAGE && device === undefined && held === undefined,
  ),
  mark(
    "alloc_page",
    {
      name: "zero-page-replaced",
      says: "A write takes the zero page away from those that have read it.",
      source: "wp_page_copy, is_zero_pfn",
      rules: ["M-I1", "K-I14", "K-I15"],
    },
    (_, { copyOf }) => copyOf === ZERO_PAGE,
  ),
  mark(
    "handle_mm_fault",
    {
      name: "fault-too-late",
      says: "A page fault finds that another thread has been faster, or that its page is gone.",
      source: "handle_pte_fault, pte_same",
      rules: ["M-I1"],
    },
    (_, { entries }) => entries.length === 0,
  ),
  mark(
    "cpu_pte_change",
    {
      name: "copy-too-late",
      says: "An invalidation for a new page finds another entry than the one that it was made for.",
      source: "wp_page_copy, pte_same",
      rules: ["M-I1", "K-I15"],
    },
    (_, { entries, goto }) => entries.length === 0 && goto === "mm_fault_end",
  ),
  mark(
    "handle_mm_fault",
    {
      name: "swapped-in",
      says: "A page comes back from the swap area.",
      source: "do_swap_page",
      rules: ["M-I1"],
    },
    (state, event) => changesOf(state, event).some(({ old }) => kindOf(old) === "swap"),
  ),
  mark(
    "bad_area",
    {
      name: "access-refused",
      says: "A thread touches what it may not.",
      source: "bad_area, access_error",
      rules: ["M-I1"],
    },
    () => true,
  ),
];

const HUGE: readonly Mark[] = [
  mark(
    "handle_mm_fault",
    {
      name: "huge-page-mapped",
      says: "A fault maps a huge page.",
      source: "do_huge_pmd_anonymous_page, hugetlb_fault",
      rules: ["M-I1", "K-I14"],
    },
    (state, event) => changesOf(state, event).some(({ old, now }) => !isHuge(old) && isHuge(now)),
  ),
  mark(
    "split_huge_pmd",
    {
      name: "huge-page-split",
      says: "A huge page is split into small ones.",
      source: "__split_huge_pmd",
      rules: ["K-I14", "K-I15", "M-I3"],
    },
    (state, { mm, page }) => isHuge(entryOf(peekMm(state, mm).cpu, page)),
  ),
  mark(
    "split_huge_pmd",
    {
      name: "split-of-small-pages",
      says: "A huge page is to be split that is none any more, or never was.",
      source: "__split_huge_pmd, vma_adjust_trans_huge",
      rules: ["K-I15"],
    },
    (state, { mm, page }) => !isHuge(entryOf(peekMm(state, mm).cpu, page)),
  ),
];

/** A change of entries of which one fits. */
function changing(
  fields: Pick<Mark, "name" | "says" | "source" | "rules">,
  fits: (change: { old: number; now: number }, state: State, event: Change) => boolean,
): Mark {
  return mark("cpu_pte_change", fields, (state, event) =>
    changesOf(state, event).some((change) => fits(change, state, event)),
  );
}

const PAGES: readonly Mark[] = [
  changing(
    {
      name: "merged",
      says: "A page is replaced by another one of the same content.",
      source: "replace_page (mm/ksm.c)",
      rules: ["M-I1", "M-I3", "K-I14"],
    },
    ({ old, now }, state) => {
      if (kindOf(now) !== "read_only" || frameOfCpu(now) === frameOfCpu(old)) return false;
      return (frameOf(state, now)?.maps ?? 0) > 0;
    },
  ),
  changing(
    {
      name: "given-away-page-dropped",
      says: "Reclaim drops a page that its process has given away.",
      source: "try_to_unmap_one, madvise_free",
      rules: ["M-I1", "K-I14"],
    },
    ({ old, now }, state, { goto }) =>
      now === 0 && goto !== "mm_fault_end" && frameOf(state, old)?.lazyFree === true,
  ),
  changing(
    {
      name: "memory-failed",
      says: "A page of memory fails, and its entry is poisoned.",
      source: "try_to_unmap_one, TTU_HWPOISON",
      rules: ["M-I3", "K-I14"],
    },
    ({ now }) => kindOf(now) === "hwpoison",
  ),
  mark(
    "filemap_remove_folio",
    {
      name: "hole-punched",
      says: "A page of a file is taken out of it under those that map it.",
      source: "truncate_inode_pages_range, unmap_mapping_range",
      rules: ["M-I1", "M-I3", "M-I4"],
    },
    () => true,
  ),
  mark(
    "move_page_tables",
    {
      name: "entries-moved",
      says: "mremap takes entries to another place.",
      source: "move_page_tables",
      rules: ["M-I1", "K-I14", "K-I15"],
    },
    (state, { mm, startPage, endPageExclusive }) => {
      const { cpu } = peekMm(state, mm);
      for (let page = startPage; page < endPageExclusive; page++) {
        if (entryOf(cpu, page) !== 0) return true;
      }
      return false;
    },
  ),
];

/** Rare paths of page faults and of the mm's operations. */
export const FAULT_MARKS: readonly Mark[] = [...FAULTS, ...HUGE, ...PAGES];
