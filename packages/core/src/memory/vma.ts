/**
 * Mappings: which pages of an address space exist, and what they allow.
 *
 * Kernel counterparts: struct vm_area_struct, mmap_region, do_mas_munmap (mm/mmap.c), mprotect_fixup
 * (mm/mprotect.c). They change under the mmap lock; the page table follows, inside an invalidation.
 */
import type { EventOf, Protection } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { mmOf, type State } from "../state/state.ts";

/** One mapping, anonymous and private. */
export interface Vma {
  startPage: number;
  endPageExclusive: number;
  prot: Protection;
}

type Pages = Pick<Vma, "startPage" | "endPageExclusive">;

/** The mapping of a page. */
export function vmaOf(vmas: readonly Vma[], page: number): Vma | undefined {
  return vmas.find((vma) => vma.startPage <= page && page < vma.endPageExclusive);
}

/** Whether a mapping allows an access. */
export function permits(vma: Vma | undefined, write: boolean): boolean {
  return vma?.prot === "read_write" || (vma?.prot === "read" && !write);
}

/** The mappings without these pages; one that reaches over an edge is cut there. */
function without(vmas: readonly Vma[], { startPage, endPageExclusive }: Pages): Vma[] {
  return vmas.flatMap((vma) => {
    const left = { ...vma, endPageExclusive: Math.min(vma.endPageExclusive, startPage) };
    const right = { ...vma, startPage: Math.max(vma.startPage, endPageExclusive) };
    return [left, right].filter((part) => part.startPage < part.endPageExclusive);
  });
}

/** `mmap_region`. */
export function mmapRegion(state: State, event: EventOf<"mmap_region">): void {
  const { startPage, endPageExclusive, prot } = event;
  const mm = mmOf(state, event.mm);
  const free = without(mm.vmas, event);
  legal(startPage < endPageExclusive, "an empty mapping", "at least a page");
  legal(free.length === mm.vmas.length, "a mapping over another one", "unmapped pages");
  mm.vmas = sorted([...mm.vmas, { startPage, endPageExclusive, prot }]);
}

/** `do_munmap`. */
export function doMunmap(state: State, event: EventOf<"do_munmap">): void {
  const mm = mmOf(state, event.mm);
  mm.vmas = without(mm.vmas, event);
}

/** `mprotect_fixup`. */
export function mprotectFixup(state: State, event: EventOf<"mprotect_fixup">): void {
  const mm = mmOf(state, event.mm);
  const changed = mm.vmas.flatMap((vma): Vma[] => {
    const startPage = Math.max(vma.startPage, event.startPage);
    const endPageExclusive = Math.min(vma.endPageExclusive, event.endPageExclusive);
    return startPage < endPageExclusive
      ? [{ ...vma, startPage, endPageExclusive, prot: event.prot }]
      : [];
  });
  mm.vmas = sorted([...without(mm.vmas, event), ...changed]);
}

function sorted(vmas: Vma[]): Vma[] {
  return vmas.sort((a, b) => a.startPage - b.startPage);
}
