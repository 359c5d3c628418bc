/**
 * Files: pages that several mappings, also of several processes, show.
 *
 * Kernel counterpart: struct address_space with its page cache. Shared anonymous memory is a file without
 * a name. The cache holds one reference on each of its frames.
 */
import type { EventOf, TaskId } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import {
  emptyPageTable,
  entryOf,
  type PageTable,
  setEntry,
  someEntry,
} from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import type { Vma } from "./vma.ts";

/** One file. */
export interface MemoryFile {
  /** Who keeps page faults away (invalidate_lock). */
  lock: TaskId | null;
  /** Frame of each page that is in memory. */
  cache: PageTable;
  /** What was written to each page last (last-write.ts). */
  written: PageTable;
}

/** A page of a file. */
export interface FilePage {
  readonly file: number;
  readonly filePage: number;
}

/** The file's page that a mapping shows at a page; undefined for memory without a file. */
export function filePageOf(vma: Vma | undefined, page: number): FilePage | undefined {
  if (vma === undefined || vma.file === null) return undefined;
  return { file: vma.file, filePage: vma.filePage + page - vma.startPage };
}

/** The file's page that is in a frame; undefined: none is. */
export function filePageIn({ files }: Pick<State, "files">, frame: number): FilePage | undefined {
  let found: FilePage | undefined;
  for (const [file, { cache }] of files.entries()) {
    someEntry(cache, 0, Number.MAX_SAFE_INTEGER, (filePage, cached) => {
      if (cached === frame) found = { file, filePage };
      return cached === frame;
    });
  }
  return found;
}

/** The frame that is in the cache; 0: none. */
export function cachedFrame({ files }: Pick<State, "files">, at: FilePage): number {
  const file = files[at.file];
  return file === undefined ? 0 : entryOf(file.cache, at.filePage);
}

/** Files have dense numbers: the next unseen one is at most this far ahead of the last seen one. */
const FILE_GAP_MAX = 1024;

/** The file of a number, made when it is first named. */
export function fileOf({ files }: State, number: number): MemoryFile {
  legal(number - files.length < FILE_GAP_MAX, `the file ${number}`, `files near ${files.length}`);
  while (files.length <= number) {
    files.push({ lock: null, cache: emptyPageTable(), written: emptyPageTable() });
  }
  return files[number] as MemoryFile;
}

/** `filemap_invalidate_lock`. */
export function filemapLock(state: State, event: EventOf<"filemap_invalidate_lock">): void {
  const file = fileOf(state, event.file);
  legal(file.lock === null, "a second holder of a file's lock", "a free lock");
  file.lock = event.task;
}

/** `filemap_invalidate_unlock`. */
export function filemapUnlock(state: State, event: EventOf<"filemap_invalidate_unlock">): void {
  fileOf(state, event.file).lock = null;
}

/** `filemap_add_folio`. */
export function filemapAdd(state: State, event: EventOf<"filemap_add_folio">): void {
  const { cache } = fileOf(state, event.file);
  const frame = state.frames[event.frame];
  legal(entryOf(cache, event.filePage) === 0, "a second frame of a file's page", "an absent page");
  legal(frame !== undefined, "a file's page without a frame", "a frame");
  frame.pins += 1;
  // Whoever maps it now finds it in the cache: the allocating task drops its own reference.
  frame.isNew = false;
  setEntry(cache, event.filePage, event.frame);
}

/** `filemap_remove_folio`. */
export function filemapRemove(state: State, event: EventOf<"filemap_remove_folio">): void {
  const { cache, written } = fileOf(state, event.file);
  const number = entryOf(cache, event.filePage);
  const frame = state.frames[number];
  // A page that is not in memory is not there to be removed; number 0 is none.
  if (number !== 0 && frame !== undefined) frame.pins -= 1;
  setEntry(cache, event.filePage, 0);
  setEntry(written, event.filePage, 0);
}

/** `generic_perform_write`. */
export function fileWrite(state: State, event: EventOf<"generic_perform_write">): void {
  const { written } = fileOf(state, event.file);
  for (const [filePage, number, value] of event.entries) {
    const frame = state.frames[number];
    legal(frame !== undefined, "a write to a file's page without a frame", "a frame");
    frame.content = value;
    setEntry(written, filePage, value);
  }
}
