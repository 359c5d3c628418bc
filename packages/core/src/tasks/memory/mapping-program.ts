/**
 * The programs of mmap and of every operation of mm-operation.ts.
 *
 * The lock is taken, the mappings change, the invalidation starts, the entries change, it ends, the lock is
 * released. A start that is refused (the OOM reaper's may be) changes nothing: the reaper comes again.
 */
import {
  ADDRESS_MAX,
  ADDRESS_ZERO,
  addressOfPage,
  type EventBody,
  type PageEntry,
} from "@mmreplay/events";
import { openRegion, regionOf } from "../../address-space/region.ts";
import { cpuEntry, frameOfCpu, kindOf } from "../../memory/cpu-entry.ts";
import { ZERO_PAGE } from "../../memory/frame.ts";
import { entryOf, someEntry } from "../../state/page-table.ts";
import { endRegion } from "../end-program.ts";
import {
  type At,
  blockedIf,
  call,
  isMmapLocked,
  type Labels,
  local,
  type MicroStep,
  type Move,
  move,
} from "../machine.ts";
import type { Operation } from "../operation.ts";
import { startRegion } from "../start-program.ts";
import {
  EVERYTHING,
  MM_OPERATIONS,
  type MmAt,
  type MmOperation,
  type Span,
} from "./mm-operation.ts";
import { memoryRegion } from "./page-fault.ts";

type MmapAt = At<Extract<Operation, { op: "mmap" }>>;

const rowOf = (at: MmAt): MmOperation => MM_OPERATIONS[at.op.op];

function afterLock(at: MmAt): string {
  if (rowOf(at).vmas !== undefined) return "mapping_vmas";
  return rowOf(at).range(at) === undefined ? "mapping_unlock" : "mapping_start";
}

function lock(at: MmAt): Move {
  const shared = rowOf(at).lock === "mmap_read" ? { shared: true } : {};
  return move(at, afterLock(at), { type: "mmap_lock", mm: at.mmId, ...shared });
}

/** The page's own locks are not modelled: such an operation begins with its invalidation. */
function begin(at: MmAt): Move {
  return rowOf(at).lock === "page" ? start(at) : lock(at);
}

function changeVmas(at: MmAt): Move {
  const then = rowOf(at).range(at) === undefined ? "mapping_unlock" : "mapping_start";
  return { ...(rowOf(at).vmas?.(at) as EventBody), goto: then };
}

function spanOf(at: MmAt): Span {
  return rowOf(at).range(at) ?? { from: at.op.page, to: at.op.page + at.op.np };
}

function start(at: MmAt): Move {
  const { event, blockable } = rowOf(at);
  const { from, to } = spanOf(at);
  const all = to === EVERYTHING.to;
  const [begins, ends] = all
    ? [ADDRESS_ZERO, ADDRESS_MAX]
    : [addressOfPage(from), addressOfPage(to)];
  const region = { start: begins, end: ends, event, blockable, owner: null };
  return call(startRegion(at, { region: memoryRegion(at.task), ...region }), "mapping_entries");
}

const isHeld = (at: MmAt): boolean => rowOf(at).lock !== "page";

/** Where the operation goes on when it is done with the page table. */
const afterwards = (at: MmAt): string =>
  rowOf(at).goesOn ?? (isHeld(at) ? "mapping_unlock" : "next");

function changeEntries(at: MmAt): Move {
  const region = memoryRegion(at.task);
  if (openRegion(at.mm, region) === undefined) {
    return move(at, afterwards(at), { type: "task_skip", of: at.op.op, why: "refused" });
  }
  const entries: PageEntry[] = [];
  const { from, to } = spanOf(at);
  someEntry(at.mm.cpu, from, Math.min(to, at.scenario.pages), (page, entry) => {
    const after = rowOf(at).after(entry, at);
    if (after !== entry) entries.push([page, after]);
    return false;
  });
  return move(at, "mapping_end", { type: "cpu_pte_change", mm: at.mmId, region, entries });
}

/** The first page whose entry waits for its copy, apart from one. */
const migrating = (at: MmAt, but?: number): number | undefined => {
  let found: number | undefined;
  someEntry(at.mm.cpu, at.op.page, at.op.page + at.op.np, (page, entry) => {
    if (kindOf(entry) === "migration" && page !== but) found = page;
    return found !== undefined;
  });
  return found;
};

/** migrate_folio: the new page, while the entry keeps everybody out. */
function migrateCopy(at: MmAt): Move {
  const page = migrating(at);
  if (page === undefined) return move(at, "next", { type: "task_skip", of: at.op.op, why: "none" });
  const frame = Math.max(at.state.frames.length, ZERO_PAGE + 1);
  const copyOf = frameOfCpu(entryOf(at.mm.cpu, page));
  const copies = move(at, "migrate_restore", { type: "alloc_page", frame, copyOf });
  const first = at.me.calls.length === 0;
  return first ? call(copies, "next", { page, frame }) : { ...copies, set: { page, frame } };
}

/** remove_migration_ptes: what replaces an entry that was not present tells nobody. */
function migrateRestore(at: MmAt): Move {
  const page = local(at, "page");
  const waits = kindOf(entryOf(at.mm.cpu, page)) === "migration";
  const entries: PageEntry[] = waits ? [[page, cpuEntry("read_only", local(at, "frame"))]] : [];
  const then = migrating(at, page) === undefined ? "next" : "migrate_copy";
  return move(at, then, { type: "handle_mm_fault", mm: at.mmId, entries });
}

const begins: MicroStep = {
  blockedOn: (at) => {
    const { lock: held } = rowOf(at as MmAt);
    if (held === "page") return null;
    return blockedIf(
      held === "mmap_write" ? isMmapLocked(at) : at.mm.mmapLock !== null,
      "mmap_lock",
    );
  },
  run: (at) => begin(at as MmAt),
};

/** Labels of the operations, each of which begins with its own name. */
export const MAPPING_LABELS: Labels = {
  ...Object.fromEntries(Object.keys(MM_OPERATIONS).map((name) => [name, begins])),
  mmap: {
    blockedOn: (at) => blockedIf(isMmapLocked(at), "mmap_lock"),
    run: (at) => move(at, "mmap_region", { type: "mmap_lock", mm: at.mmId }),
  },
  mmap_region: {
    run: (at) => {
      const { page, np, prot } = (at as MmapAt).op;
      const pages = { startPage: page, endPageExclusive: page + np };
      return move(at, "mapping_unlock", { type: "mmap_region", mm: at.mmId, ...pages, prot });
    },
  },
  mapping_vmas: { run: (at) => changeVmas(at as MmAt) },
  mapping_start: { run: (at) => start(at as MmAt) },
  mapping_entries: { run: (at) => changeEntries(at as MmAt) },
  mapping_end: {
    run: (at) =>
      call(endRegion(at, regionOf(at.mm, memoryRegion(at.task)), false), afterwards(at as MmAt)),
  },
  migrate_copy: { run: (at) => migrateCopy(at as MmAt) },
  migrate_restore: { run: (at) => migrateRestore(at as MmAt) },
  mapping_unlock: { run: (at) => move(at, "next", { type: "mmap_unlock", mm: at.mmId }) },
};
