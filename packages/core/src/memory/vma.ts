/**
 * Mappings: which pages of an address space exist, what they allow, and what they show.
 *
 * Kernel counterparts: struct vm_area_struct, mmap_region, do_mas_munmap (mm/mmap.c), mprotect_fixup
 * (mm/mprotect.c), copy_vma (mm/mremap.c). They change under the mmap lock; the page table follows,
 * inside an invalidation. Neighbours that differ in nothing are one mapping.
 */
import type { EventOf, MappingKind, Protection } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { mmOf, type State } from "../state/state.ts";
import { withoutAccess } from "./cpu-entry.ts";

/** One mapping. */
export interface Vma {
  startPage: number;
  endPageExclusive: number;
  prot: Protection;
  kind: MappingKind;
  /** The file that it shows, its page at `startPage`; null: anonymous memory. */
  file: number | null;
  filePage: number;
  /** MADV_HUGEPAGE. */
  huge: boolean;
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

/**
 * What a page gets that comes back to a mapping (mk_pte with vm_page_prot): one that allows nothing keeps the CPU
 * out, whatever the entry allowed before.
 */
export function asMapped(vma: Vma | undefined, entry: number): number {
  return permits(vma, false) ? entry : withoutAccess(entry);
}

/** The part of a mapping that lies in these pages; undefined: none does. */
function part(vma: Vma, from: number, to: number): Vma | undefined {
  const startPage = Math.max(vma.startPage, from);
  const endPageExclusive = Math.min(vma.endPageExclusive, to);
  if (startPage >= endPageExclusive) return undefined;
  const filePage = vma.file === null ? 0 : vma.filePage + startPage - vma.startPage;
  return { ...vma, startPage, endPageExclusive, filePage };
}

const present = (vma: Vma | undefined): vma is Vma => vma !== undefined;

/** The mappings without these pages; one that reaches over an edge is cut there. */
function without(vmas: readonly Vma[], { startPage, endPageExclusive }: Pages): Vma[] {
  return vmas
    .flatMap((vma) => [
      part(vma, 0, startPage),
      part(vma, endPageExclusive, Number.MAX_SAFE_INTEGER),
    ])
    .filter(present);
}

/** What of the mappings lies in these pages. */
function within(vmas: readonly Vma[], { startPage, endPageExclusive }: Pages): Vma[] {
  return vmas.map((vma) => part(vma, startPage, endPageExclusive)).filter(present);
}

/** Ascending, with neighbours joined. */
function joined(vmas: readonly Vma[]): Vma[] {
  const all: Vma[] = [];
  for (const vma of vmas.toSorted((a, b) => a.startPage - b.startPage)) {
    const last = all.at(-1);
    if (last !== undefined && continues(last, vma)) last.endPageExclusive = vma.endPageExclusive;
    else all.push({ ...vma });
  }
  return all;
}

function continues(last: Vma, next: Vma): boolean {
  const same = (["prot", "kind", "file", "huge"] as const).every((key) => last[key] === next[key]);
  const length = last.endPageExclusive - last.startPage;
  const goesOn = last.file === null || next.filePage === last.filePage + length;
  return same && goesOn && last.endPageExclusive === next.startPage;
}

/** `mmap_region`. */
export function mmapRegion(state: State, event: EventOf<"mmap_region">): void {
  const { startPage, endPageExclusive, prot, kind = "private", file = null, filePage = 0 } = event;
  const mm = mmOf(state, event.mm);
  legal(startPage < endPageExclusive, "an empty mapping", "at least a page");
  legal(within(mm.vmas, event).length === 0, "a mapping over another one", "unmapped pages");
  const vma = { startPage, endPageExclusive, prot, kind, file, filePage, huge: false };
  mm.vmas = joined([...mm.vmas, vma]);
}

/** `do_munmap`. */
export function doMunmap(state: State, event: EventOf<"do_munmap">): void {
  const mm = mmOf(state, event.mm);
  mm.vmas = without(mm.vmas, event);
}

/** `mprotect_fixup`. */
export function mprotectFixup(state: State, event: EventOf<"mprotect_fixup">): void {
  change(state, event, (vma) => ({ ...vma, prot: event.prot }));
}

/** `hugepage_madvise`. */
export function hugepageMadvise(state: State, event: EventOf<"hugepage_madvise">): void {
  change(state, event, (vma) => ({ ...vma, huge: true }));
}

type OfPages = EventOf<"mprotect_fixup" | "hugepage_madvise">;

function change(state: State, event: OfPages, to: (vma: Vma) => Vma): void {
  const mm = mmOf(state, event.mm);
  mm.vmas = joined([...without(mm.vmas, event), ...within(mm.vmas, event).map(to)]);
}

/** `mremap`. */
export function mremap(state: State, event: EventOf<"mremap">): void {
  const mm = mmOf(state, event.mm);
  const by = event.to - event.startPage;
  const left = without(mm.vmas, event);
  const moved = within(mm.vmas, event).map((vma) => ({
    ...vma,
    startPage: vma.startPage + by,
    endPageExclusive: vma.endPageExclusive + by,
  }));
  const free = moved.every((vma) => within(left, vma).length === 0);
  legal(free, "a mapping moved over another one", "unmapped pages");
  mm.vmas = joined([...left, ...moved]);
}
