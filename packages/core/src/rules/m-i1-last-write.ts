/**
 * M-I1 and M-I2: who reads a page finds what was written to it last, and its frame holds that.
 *
 * This is what the notifiers are for: two page tables, one memory. They compare values only, with what a
 * machine without page tables would hold (memory/last-write.ts), so they need no idea of how the tables are
 * kept equal. The numbers are the product's own, not protocol.md's.
 */
import {
  type Access,
  addressOfPage,
  type EventOf,
  endPageExclusive,
  type MmEvent,
  pageOf,
  shortAddress,
} from "@mmreplay/events";
import type { AddressSpace } from "../address-space/address-space.ts";
import { frameOfCpu, isMigrating, kindOf } from "../memory/cpu-entry.ts";
import { cachedFrame, filePageOf } from "../memory/file.ts";
import { holderOf } from "../memory/held-pages.ts";
import { lastWritten, mmOfAccess } from "../memory/last-write.ts";
import { vmaOf } from "../memory/vma.ts";
import { entryOf, someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import { noMemory, type Rule } from "./rule.ts";

const where = (page: number): string => shortAddress(addressOfPage(page));

type Reading = EventOf<"cpu_read" | "dmirror_do_read">;

/** M-I1. */
export const M_I1: Rule<null> = {
  id: "M-I1",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement: "A read of a page, by the CPU or a device, gives the value that was written last.",
  source: "Documentation/mm/hmm.rst",
  on: ["cpu_read", "dmirror_do_read"],
  observes: [["cpu_read"], ["dmirror_do_read"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "cpu_read" && event.type !== "dmirror_do_read") return;
    const mm = mmOfAccess(state, event);
    const wrong = event.entries.find(([page, , value]) => value !== lastWritten(state, mm, page));
    if (wrong === undefined) report.held(event.entries.length);
    else report.violated(stale(event, wrong, lastWritten(state, mm, wrong[0])));
  },
};

function stale(event: Reading, [page, frame, value]: Access, last: number) {
  const who = event.type === "cpu_read" ? "The CPU" : "The device";
  return {
    message: `${who} reads ${value} of page ${where(page)} through frame ${frame}, where ${last} was written last.`,
    address: addressOfPage(page),
  };
}

/** Kinds of entries whose frame holds the page's content. */
const HOLDING = new Set([
  "writable",
  "read_only",
  "protnone",
  "swap",
  "migration",
  "device",
  "device_read_only",
  "exclusive",
  "exclusive_read_only",
]);

/** M-I2. */
export const M_I2: Rule<null> = {
  id: "M-I2",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "The frame that the CPU's entry of a page names holds what was written to the page last, and of a shared page of a file it is the file's: no write is lost, none reaches a frame that was replaced.",
  source: "Documentation/mm/hmm.rst",
  on: [
    "cpu_write",
    "dmirror_do_write",
    "handle_mm_fault",
    "cpu_pte_change",
    "move_page_tables",
    "copy_page_range",
    "filemap_remove_folio",
    "migrate_copy",
  ],
  observes: [["cpu_write"], ["dmirror_do_write"]],
  start: noMemory,
  after(_, state, event, report) {
    if (state.frames.length === 0) return;
    const wrong = state.mms.flatMap((mm) => lostWrite(state, mm, event) ?? [])[0];
    if (wrong === undefined) report.held();
    else report.violated(wrong);
  },
};

function lostWrite(state: State, mm: AddressSpace, event: MmEvent) {
  let message: string | undefined;
  let wrong = 0;
  const [from, to] = concerned(state, event);
  someEntry(mm.cpu, from, to, (page, entry) => {
    message = differs(state, mm, page, entry);
    wrong = page;
    return message !== undefined;
  });
  return message === undefined ? undefined : { message, address: addressOfPage(wrong) };
}

function differs(state: State, mm: AddressSpace, page: number, entry: number): string | undefined {
  const kind = kindOf(entry)?.replace("huge_", "").replace("_writable", "") ?? "";
  if (!HOLDING.has(kind)) return undefined;
  const frame = isMigrating(entry) ? holderOf(state, frameOfCpu(entry)) : frameOfCpu(entry);
  const vma = vmaOf(mm.vmas, page);
  const shown = vma?.kind === "shared" ? filePageOf(vma, page) : undefined;
  if (shown !== undefined && cachedFrame(state, shown) !== frame) {
    return `Page ${where(page)} is in frame ${frame}, which is no longer the file's: what is written there is lost.`;
  }
  const content = state.frames[frame]?.content;
  const last = lastWritten(state, mm, page);
  if (content === last) return undefined;
  return `Page ${where(page)} is in frame ${frame}, which holds ${content}, where ${last} was written last: a write is lost.`;
}

/** The pages that an event can have changed: those that it names, or all. */
function concerned(state: State, event: MmEvent): [number, number] {
  if (event.type === "migrate_copy" && isInPlace(state, event)) {
    return [pageOf(event.start), endPageExclusive(event.end)];
  }
  if ("entries" in event && Array.isArray(event.entries)) {
    const pages = event.entries.map(([page]) => page);
    return [Math.min(...pages), Math.max(...pages) + 1];
  }
  return [0, Number.MAX_SAFE_INTEGER];
}

/** Each frame that is copied has one entry, at the page where the migration has found it. */
function isInPlace({ frames, mms, tasks }: State, event: EventOf<"migrate_copy">): boolean {
  const held = tasks[event.task]?.held ?? null;
  const cpu = held === null ? undefined : mms[held.mm]?.cpu;
  if (held === null || cpu === undefined) return false;
  return held.pages.every(({ page, from }) => {
    const names = frameOfCpu(entryOf(cpu, page)) === from;
    return from === 0 || frames[from]?.maps === Number(names);
  });
}
