/**
 * What was written to each page last, by whoever: what a machine without page tables would hold.
 *
 * It is kept beside the page tables and the frames, by accesses alone, so that rules can compare the two
 * (M-I1, M-I2). A page of a file has one value for all mappings; private memory has it with its address, and
 * it moves, is copied and goes with the entry.
 */
import type { EventOf, MmId, PageEntry } from "@mmreplay/events";
import type { AddressSpace } from "../address-space/address-space.ts";
import { entryOf, setEntry } from "../state/page-table.ts";
import { mmOf, type State } from "../state/state.ts";
import { frameOfCpu } from "./cpu-entry.ts";
import { cachedFrame, type FilePage, fileOf, filePageIn, filePageOf } from "./file.ts";
import { vmaOf } from "./vma.ts";

/**
 * The file's page that a page shows now: in a private mapping only until it has a copy of its own. Where the
 * mapping is gone and the entry is not yet, as in the middle of munmap, the frame says it.
 */
function shownFilePage(state: State, mm: AddressSpace, page: number): FilePage | undefined {
  const vma = vmaOf(mm.vmas, page);
  if (vma === undefined) return filePageIn(state, frameOfCpu(entryOf(mm.cpu, page)));
  const shown = filePageOf(vma, page);
  if (shown === undefined || vma?.kind !== "private") return shown;
  const entry = entryOf(mm.cpu, page);
  const isCopy = entry !== 0 && frameOfCpu(entry) !== cachedFrame(state, shown);
  return isCopy ? undefined : shown;
}

/** What a read of the page must give. */
export function lastWritten(state: State, mm: AddressSpace, page: number): number {
  const shown = shownFilePage(state, mm, page);
  if (shown === undefined) return entryOf(mm.written, page);
  const file = state.files[shown.file];
  return file === undefined ? 0 : entryOf(file.written, shown.filePage);
}

/** A write. */
export function remember(state: State, mm: AddressSpace, page: number, value: number): void {
  const shown = shownFilePage(state, mm, page);
  if (shown === undefined) setEntry(mm.written, page, value);
  else setEntry(fileOf(state, shown.file).written, shown.filePage, value);
}

/**
 * The entry of a page of private memory changes. What may be discarded is forgotten with it: what the caller
 * gives up, or MADV_FREE has given away; whoever else takes an entry away loses what was written. The copy of
 * a file's page begins with what it holds. Whether it has a write to the file that came while it was made is left
 * open (mmap(2), MAP_PRIVATE).
 */
export function followEntry(
  state: State,
  mm: AddressSpace,
  [page, after]: PageEntry,
  discards: boolean,
): void {
  if (after === 0) {
    const given = state.frames[frameOfCpu(entryOf(mm.cpu, page))]?.lazyFree === true;
    if (discards || given) setEntry(mm.written, page, 0);
    return;
  }
  const vma = vmaOf(mm.vmas, page);
  const shown = vma?.kind === "private" ? filePageOf(vma, page) : undefined;
  if (shown === undefined) return;
  const before = shownFilePage(state, mm, page);
  const copies = frameOfCpu(after) !== cachedFrame(state, shown);
  if (before === undefined || !copies) return;
  setEntry(mm.written, page, state.frames[frameOfCpu(after)]?.content ?? 0);
}

/** The address space of a driver instance. */
export function mmOfMirror(state: Pick<State, "notifiers">, mirror: number): MmId {
  return state.notifiers.find((one) => one.mirror === mirror)?.mm ?? (0 as MmId);
}

/** The address space whose pages an access names. */
export function mmOfAccess(
  state: State,
  event: EventOf<"cpu_read" | "cpu_write" | "dmirror_do_read" | "dmirror_do_write">,
): AddressSpace {
  return mmOf(state, "mm" in event ? event.mm : mmOfMirror(state, event.mirror));
}
