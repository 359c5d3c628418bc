/**
 * What single operations do besides their invalidation: pages that are copied, moved, dropped or given away.
 *
 * A migration keeps everybody out with migration entries and replaces them by entries of the copies; what
 * replaces an entry that was not present tells nobody. It looks for them by the frames that it has isolated,
 * as the kernel's reverse mapping does. A copy that has no entry to go to is given back.
 */
import { type MmId, mmId, type PageEntry } from "@mmreplay/events";
import {
  asHuge,
  cpuEntry,
  frameOfCpu,
  isHuge,
  isMigrating,
  isPresent,
  kindOf,
} from "../../memory/cpu-entry.ts";
import { filePageOf } from "../../memory/file.ts";
import { nextFrame, ZERO_PAGE } from "../../memory/frame.ts";
import { asMapped, vmaOf } from "../../memory/vma.ts";
import { entryOf, someEntry } from "../../state/page-table.ts";
import { peekMm } from "../../state/state.ts";
import { blockedIf, keep, type Labels, local, type Move, move, skip } from "../machine.ts";
import { pmdOrder, pmdPages, pmdStart } from "./huge-pages.ts";
import { EVERYTHING, type MmAt, named, punchedPage, type Span } from "./mm-operation.ts";
import { memoryRegion } from "./page-fault.ts";

const pagesOf = (at: MmAt) => ({ startPage: at.op.page, endPageExclusive: at.op.page + at.op.np });

/** An entry that waits for its copy. */
interface Waiting {
  readonly mm: MmId;
  readonly page: number;
  readonly entry: number;
}

/**
 * The first entry of what this task has isolated, in whichever address space and at whichever page: mremap may
 * have moved it and fork copied it. `but` are pages of the task's innermost call that are served already.
 */
function waiting(at: MmAt, but?: Span): Waiting | undefined {
  const locals = Object.entries(at.me.calls.at(-1)?.args ?? {});
  const own = new Set(
    locals.flatMap(([name, frame]) => (name.startsWith("isolated") ? frame : [])),
  );
  let found: Waiting | undefined;
  at.state.mms.some(({ cpu }, index) =>
    someEntry(cpu, EVERYTHING.from, EVERYTHING.to, (page, entry) => {
      const served = but !== undefined && index === local(at, "mm");
      if (served && but.from <= page && page < but.to) return false;
      if (isMigrating(entry) && own.has(frameOfCpu(entry)))
        found = { mm: mmId(index), page, entry };
      return found !== undefined;
    }),
  );
  return found;
}

/** migrate_folio: the new page, while the entry keeps everybody out. */
function migrateCopy(at: MmAt): Move {
  const first = waiting(at);
  if (first === undefined) return skip(at, "none");
  const { entry } = first;
  const frame = nextFrame(at.state);
  const locals = { ...first, frame };
  if (isHuge(entry)) {
    const order = pmdOrder(at.scenario);
    const all = { type: "alloc_page", frame, copyOf: null, order } as const;
    return keep(at, move(at, "migrate_folio", all), locals);
  }
  const one = { type: "alloc_page", frame, copyOf: frameOfCpu(entry) } as const;
  return keep(at, move(at, "migrate_restore", one), locals);
}

/** What the entry that waited for its copy is now. */
function waitedFor(at: MmAt): number {
  const space = peekMm(at.state, mmId(local(at, "mm")));
  return entryOf(space.cpu, local(at, "page"));
}

/** The pages of a huge page are copied together. */
function migrateFolio(at: MmAt): Move {
  const [frame, old] = [local(at, "frame"), local(at, "entry")];
  const entries = Array.from({ length: pmdPages(at.scenario) }, (_, index): PageEntry => {
    return [frameOfCpu(old) + index, frame + index];
  });
  const waits = waitedFor(at) === old;
  return move(at, "migrate_restore", { type: "folio_copy", entries: waits ? entries : [] });
}

/** remove_migration_ptes, for the entries that still wait. */
function migrateRestore(at: MmAt): Move {
  const [page, frame, old] = [local(at, "page"), local(at, "frame"), local(at, "entry")];
  const huge = isHuge(old);
  const count = huge ? pmdPages(at.scenario) : 1;
  const write = kindOf(old)?.endsWith("_writable") === true;
  // An entry that was write-protected, split or moved meanwhile waits still: it is looked for again.
  const waits = waitedFor(at) === old;
  const vma = vmaOf(peekMm(at.state, mmId(local(at, "mm"))).vmas, page);
  const entries = Array.from({ length: waits ? count : 0 }, (_, index): PageEntry => {
    const small = cpuEntry(write ? "writable" : "read_only", frame + index);
    const entry = huge ? asHuge(write, frame + index) : small;
    return [page + index, asMapped(vma, entry)];
  });
  const more = waiting(at, { from: page, to: page + count }) !== undefined;
  return move(at, waits ? (more ? "migrate_copy" : "next") : "migrate_put", {
    type: "handle_mm_fault",
    mm: mmId(local(at, "mm")),
    entries,
  });
}

/** The copy is not needed any more. */
function migratePut(at: MmAt): Move {
  const order = isHuge(local(at, "entry")) ? pmdOrder(at.scenario) : 0;
  const then = waiting(at) === undefined ? "next" : "migrate_copy";
  return move(at, then, { type: "put_page", frame: local(at, "frame"), order });
}

/** khugepaged: one huge page for what it has isolated; pages that were absent are zero. */
function collapseCopy(at: MmAt): Move {
  const pmd = pmdStart(at.scenario, at.op.page);
  if (!isMigrating(firstEntry(at, pmd))) {
    return move(at, "mapping_unlock", { type: "task_skip", of: at.op.op, why: "not collapsible" });
  }
  const [frame, order] = [nextFrame(at.state), pmdOrder(at.scenario)];
  const allocates = { type: "alloc_page", frame, copyOf: null, order } as const;
  return keep(at, move(at, "collapse_folio", allocates), { frame, page: pmd });
}

function firstEntry(at: MmAt, pmd: number): number {
  let first = 0;
  someEntry(at.mm.cpu, pmd, pmd + pmdPages(at.scenario), (_, entry) => {
    first = entry;
    return true;
  });
  return first;
}

function collapseFolio(at: MmAt): Move {
  const [page, frame] = [local(at, "page"), local(at, "frame")];
  const entries: PageEntry[] = [];
  someEntry(at.mm.cpu, page, page + pmdPages(at.scenario), (each, entry) => {
    if (frameOfCpu(entry) !== ZERO_PAGE) entries.push([frameOfCpu(entry), frame + each - page]);
    return false;
  });
  return move(at, "collapse_install", { type: "folio_copy", entries });
}

function collapseInstall(at: MmAt): Move {
  const [page, frame] = [local(at, "page"), local(at, "frame")];
  const entries = Array.from({ length: pmdPages(at.scenario) }, (_, index): PageEntry => {
    return [page + index, asHuge(true, frame + index)];
  });
  return move(at, "mapping_unlock", { type: "handle_mm_fault", mm: at.mmId, entries });
}

const fileOfPage = (at: MmAt, page: number) => filePageOf(vmaOf(at.mm.vmas, page), page);

/** A hole is punched: page faults are kept away from the file until its pages are gone. */
function punchLock(at: MmAt): Move {
  const shown = fileOfPage(at, at.op.page);
  if (shown === undefined) return skip(at, "no file");
  const { file, filePage } = shown;
  const locks = move(at, "mapping_start", { type: "filemap_invalidate_lock", file });
  return keep(at, locks, { page: at.op.page, file, filePage });
}

function punchRemove(at: MmAt): Move {
  const page = local(at, "page");
  const shown = punchedPage(at, page);
  const then = page + 1 < named(at).to ? "punch_remove" : "mapping_end";
  return { ...move(at, then, { type: "filemap_remove_folio", ...shown }), set: { page: page + 1 } };
}

/** A copy of the page, which is to hold the breakpoint. */
function uprobeCopy(at: MmAt): Move {
  const entry = entryOf(at.mm.cpu, at.op.page);
  if (!isPresent(entry)) {
    return move(at, "mapping_unlock", { type: "task_skip", of: at.op.op, why: "absent" });
  }
  const frame = nextFrame(at.state);
  const copies = { type: "alloc_page", frame, copyOf: frameOfCpu(entry) } as const;
  return keep(at, move(at, "mapping_start", copies), { frame, entry });
}

/** Labels of these. */
export const PAGE_MOVE_LABELS: Labels = {
  migrate_copy: { run: (at) => migrateCopy(at as MmAt) },
  migrate_folio: { run: (at) => migrateFolio(at as MmAt) },
  migrate_restore: { run: (at) => migrateRestore(at as MmAt) },
  migrate_put: { run: (at) => migratePut(at as MmAt) },
  collapse_copy: { run: (at) => collapseCopy(at as MmAt) },
  collapse_folio: { run: (at) => collapseFolio(at as MmAt) },
  collapse_install: { run: (at) => collapseInstall(at as MmAt) },
  unmap_mapping_range: {
    blockedOn: (at) => {
      const file = fileOfPage(at as MmAt, (at as MmAt).op.page)?.file;
      const lock = file === undefined ? null : (at.state.files[file]?.lock ?? null);
      return blockedIf(lock !== null, "file_lock");
    },
    run: (at) => punchLock(at as MmAt),
  },
  punch_remove: { run: (at) => punchRemove(at as MmAt) },
  punch_unlock: {
    run: (at) => move(at, "next", { type: "filemap_invalidate_unlock", file: local(at, "file") }),
  },
  uprobe_copy: { run: (at) => uprobeCopy(at as MmAt) },
  uprobe_put: {
    run: (at) => move(at, "mapping_unlock", { type: "put_page", frame: local(at, "frame") }),
  },
  mremap_move: {
    run: (at) => {
      const { op } = at as MmAt;
      return move(at, "mapping_end", {
        type: "move_page_tables",
        mm: at.mmId,
        region: memoryRegion(at.task),
        ...pagesOf(at as MmAt),
        to: op.to ?? op.page,
      });
    },
  },
  madvise_free_pages: {
    run: (at) => {
      const pages = pagesOf(at as MmAt);
      return move(at, "mapping_end", { type: "madvise_free_pte_range", mm: at.mmId, ...pages });
    },
  },
};
