/**
 * The programs of mmap, munmap and mprotect.
 *
 * A mapping changes under the mmap lock; then the entries change inside one invalidation over the span:
 * UNMAP for munmap, PROTECTION_VMA for mprotect (protocol.md 5.3). mprotect tells nobody where nothing is
 * populated, and never makes an entry writable: the next write faults.
 */
import {
  addressOfPage,
  type InvalidationEvent,
  type PageEntry,
  type Protection,
} from "@mmreplay/events";
import { regionOf } from "../../address-space/region.ts";
import { cpuEntry, frameOfCpu, kindOf } from "../../memory/cpu-entry.ts";
import { someEntry } from "../../state/page-table.ts";
import { endRegion } from "../end-program.ts";
import {
  type At,
  blockedIf,
  call,
  isMmapLocked,
  type Labels,
  type Move,
  move,
} from "../machine.ts";
import type { Operation } from "../operation.ts";
import { startRegion } from "../start-program.ts";
import { memoryRegion } from "./page-fault.ts";

type MapAt = At<Extract<Operation, { op: "mmap" | "munmap" | "mprotect" }>>;

/** Pages of a PMD, and of the chunk of a PUD that mprotect walks at once. */
const PMD_PAGES = 512;

const span = ({ op }: MapAt) => ({ startPage: op.page, endPageExclusive: op.page + op.np });

function lock(at: At): Move {
  return move(at, "mapping_change", { type: "mmap_lock", mm: at.mmId });
}

/** The first PMD that holds an entry; undefined: nothing is populated. */
function firstPopulated(at: MapAt): number | undefined {
  const { startPage, endPageExclusive } = span(at);
  let first: number | undefined;
  someEntry(at.mm.cpu, startPage, endPageExclusive, (page) => {
    first = Math.max(startPage, page - (page % PMD_PAGES));
    return true;
  });
  return first;
}

function change(at: MapAt): Move {
  const { op } = at;
  if (op.op === "mmap") {
    return move(at, "mapping_unlock", {
      type: "mmap_region",
      mm: at.mmId,
      ...span(at),
      prot: op.prot,
    });
  }
  if (op.op === "munmap") {
    return move(at, "mapping_start", { type: "do_munmap", mm: at.mmId, ...span(at) });
  }
  const then = firstPopulated(at) === undefined ? "mapping_unlock" : "mapping_start";
  return move(at, then, { type: "mprotect_fixup", mm: at.mmId, ...span(at), prot: op.prot });
}

function start(at: MapAt): Move {
  const { startPage, endPageExclusive } = span(at);
  const unmaps = at.op.op === "munmap";
  const event: InvalidationEvent = unmaps ? "UNMAP" : "PROTECTION_VMA";
  const from = unmaps ? startPage : (firstPopulated(at) ?? startPage);
  const [begin, end] = [addressOfPage(from), addressOfPage(endPageExclusive)];
  const region = { start: begin, end, event, blockable: true, owner: null };
  return call(startRegion(at, { region: memoryRegion(at), ...region }), "mapping_entries");
}

/** What is left of an entry under a protection. */
function restricted(entry: number, prot: Protection): number {
  if (prot === "none") return cpuEntry("protnone", frameOfCpu(entry));
  if (prot === "read_write" && kindOf(entry) === "writable") return entry;
  return cpuEntry("read_only", frameOfCpu(entry));
}

function changeEntries(at: MapAt): Move {
  const { op } = at;
  const entries: PageEntry[] = [];
  const { startPage, endPageExclusive } = span(at);
  someEntry(at.mm.cpu, startPage, endPageExclusive, (page, entry) => {
    const after = op.op === "mprotect" ? restricted(entry, op.prot) : 0;
    if (after !== entry) entries.push([page, after]);
    return false;
  });
  const region = memoryRegion(at);
  return move(at, "mapping_end", { type: "cpu_pte_change", mm: at.mmId, region, entries });
}

const begins = {
  blockedOn: (at: At) => blockedIf(isMmapLocked(at), "mmap_lock"),
  run: lock,
};

/** Labels of the three operations, each of which begins with its own name. */
export const MAPPING_LABELS: Labels = {
  mmap: begins,
  munmap: begins,
  mprotect: begins,
  mapping_change: { run: (at) => change(at as MapAt) },
  mapping_start: { run: (at) => start(at as MapAt) },
  mapping_entries: { run: (at) => changeEntries(at as MapAt) },
  mapping_end: {
    run: (at) => call(endRegion(at, regionOf(at.mm, memoryRegion(at)), false), "mapping_unlock"),
  },
  mapping_unlock: { run: (at) => move(at, "next", { type: "mmap_unlock", mm: at.mmId }) },
};
