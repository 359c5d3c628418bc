/**
 * The program of hmm_range_fault: the CPU's entries of a range, faulted in where that is asked for.
 *
 * What it makes of an entry is one table (protocol.md 4.3, `lookAt`). The loop looks for a collision only
 * at its head. A page that needs a fault has the rest of its PMD faulted with the same need (4.4), then the
 * walk goes on at that page. A fault may invalidate and so collide with its own caller: then the result is
 * -EBUSY, as after any other collision (4.7).
 */
import { addressOfPage, type PageEntry } from "@mmreplay/events";
import {
  allows,
  cpuEntry,
  frameOfCpu,
  isDevicePrivate,
  isMigrating,
  isProtnone,
  kindOf,
} from "../../memory/cpu-entry.ts";
import { permits, vmaOf } from "../../memory/vma.ts";
import { peekNotifier } from "../../state/state.ts";
import { type At, blockedIf, call, type Labels, local, type Move, move } from "../machine.ts";
import type { ReadSection } from "../task.ts";
import { isPmdNone, pmdPages, pmdStart } from "./huge-pages.ts";
import { entryAt, VM_FAULT_ERROR } from "./page-fault.ts";
import { dropLock } from "./range-fault-unlocked.ts";

const EPERM = -1;
const EFAULT = -14;
const EBUSY = -16;

/** What a caller asks for: to be told what is there, to read, to read and write. */
export type Request = "snapshot" | "read" | "write";
const REQUESTS: readonly Request[] = ["snapshot", "read", "write"];

const section = (at: At): ReadSection => at.me.section as ReadSection;

/** What hmm_range_fault is called with: the pages `[page, end)`, and whose device pages are reported. */
export interface RangeFault {
  readonly page: number;
  readonly end: number;
  /** What is asked for all pages (default_flags). */
  readonly request: Request;
  /** What is asked for each page besides (hmm_pfns, and a pfn_flags_mask of all ones), at most 32 of them. */
  readonly asks?: readonly Request[] | undefined;
  /** dev_private_owner. */
  readonly owner: number;
}

/** Requests as one number, the first page's in its last digit. */
function numberOf(asks: readonly Request[]): number {
  return asks.reduceRight((sum, ask) => REQUESTS.length * sum + REQUESTS.indexOf(ask), 0);
}

/** The requests of single pages as a number; undefined: there are none. */
const asksOf = (at: At): number | undefined => at.me.calls.at(-1)?.args["asks"];

/** What is asked for a page: (hmm_pfns[i] & pfn_flags_mask) | default_flags (protocol.md 4.1). */
function requestOf(at: At, page: number): Request {
  const asks = asksOf(at) ?? 0;
  const own = Math.floor(asks / REQUESTS.length ** (page - local(at, "first"))) % REQUESTS.length;
  return REQUESTS[Math.max(own, local(at, "request"))] ?? "snapshot";
}

/** No access is possible (HMM_PFN_ERROR). */
export const HMM_PFN_ERROR: number = cpuEntry("error", 0);

/** What becomes of one page: it is reported, faulted, waited for, or the call fails. */
type Looked =
  | { readonly report: number }
  | { readonly needs: "fault" | "wait" }
  | { readonly rc: number };

/** hmm_range_fault is called; the caller goes on at `back` and finds the code in `ret`. */
export function rangeFault(at: At, range: RangeFault, back: string): Move {
  const { page, end, request, asks, owner } = range;
  const { notifier, seq } = section(at);
  const enters = move(at, "hmm_loop", {
    type: "hmm_range_fault",
    notifier,
    seq,
    start: addressOfPage(page),
    end: addressOfPage(end),
    owner,
  });
  const asked = REQUESTS.indexOf(request);
  const single = asks === undefined ? {} : { asks: numberOf(asks) };
  return call(enters, back, { first: page, last: page, end, request: asked, owner, ...single });
}

/** The head of the loop: only here is a collision seen. */
function loopHead(at: At): Move {
  const { notifier, seq } = section(at);
  const result = peekNotifier(at.state, notifier).seq !== seq;
  const body = { type: "mmu_interval_check_retry", notifier, seq, result } as const;
  return move(at, result ? "hmm_busy" : "hmm_walk", body);
}

/** The table of protocol.md 4.3: one page, with what was asked for it. */
function lookAt(at: At, page: number): Looked {
  const request = requestOf(at, page);
  const asked = request !== "snapshot";
  const vma = vmaOf(at.mm.vmas, page);
  if (vma === undefined || vma.kind === "pfnmap" || !permits(vma, false)) {
    return asked ? { rc: EFAULT } : { report: HMM_PFN_ERROR };
  }
  const entry = entryAt(at, page);
  if (allows(entry, request === "write")) return { report: entry };
  const kind = kindOf(entry);
  if (kind === "special" || kind === "hwpoison") {
    if (asked) return { rc: EFAULT };
    return { report: kind === "special" ? HMM_PFN_ERROR : 0 };
  }
  // A page of the caller's own device is reported whatever was asked for.
  if (isDevicePrivate(entry) && deviceOf(at, entry) === local(at, "owner")) {
    return { report: entry };
  }
  if (!asked) return { report: isProtnone(entry) ? entry : 0 };
  if (isMigrating(entry)) return { needs: "wait" };
  return request === "write" && !permits(vma, true) ? { rc: EPERM } : { needs: "fault" };
}

const deviceOf = (at: At, entry: number): number | null =>
  at.state.frames[frameOfCpu(entry)]?.device ?? null;

/** Reads entries up to the first that cannot be reported as it is. */
function walk(at: At): Move {
  const [first, end] = [local(at, "last"), local(at, "end")];
  const entries: PageEntry[] = [];
  let last = first;
  let then = "hmm_done";
  for (; last < end; last += 1) {
    const looked = lookAt(at, last);
    if ("report" in looked) entries.push([last, looked.report]);
    else {
      then = "rc" in looked ? "hmm_failed" : `hmm_${looked.needs}`;
      break;
    }
  }
  const read = move(at, then, {
    type: "hmm_vma_handle_pte",
    notifier: section(at).notifier,
    entries,
  });
  return { ...read, set: { last } };
}

/**
 * A page needs a fault: the rest of its PMD gets one. Where nothing is there the need is that of all these pages
 * together, else that of the page alone (protocol.md 4.4).
 */
function need(at: At): Move {
  const [last, end] = [local(at, "last"), local(at, "end")];
  const looked = lookAt(at, last);
  if ("rc" in looked) return over(at, looked.rc);
  if ("report" in looked || looked.needs === "wait") return loopHead(at);
  const vma = vmaOf(at.mm.vmas, last);
  const pmdEnd = pmdStart(at.scenario, last) + pmdPages(at.scenario);
  const stop = Math.min(end, pmdEnd, vma?.endPageExclusive ?? end);
  const pages = Array.from({ length: isPmdNone(at, last) ? stop - last : 1 }, (_, i) => last + i);
  const write = pages.some((page) => requestOf(at, page) === "write");
  if (write && !permits(vma, true)) return over(at, EPERM);
  return faultPage(at, last, stop, write);
}

function faultPage(at: At, page: number, stop: number, write: boolean): Move {
  const { notifier } = section(at);
  const faults = move(at, "mm_fault", { type: "hmm_vma_fault", notifier, page, write });
  const args = { page, write: Number(write) };
  // Without requests of single pages the need is that of all.
  const need = asksOf(at) === undefined ? {} : { need: Number(write) };
  return call({ ...faults, set: { page: page + 1, stop, ...need } }, "hmm_faulted", args);
}

/** Whether the pages of the chunk that is faulted are to be written. */
function writesChunk(at: At): boolean {
  const need = at.me.calls.at(-1)?.args["need"];
  return need === undefined ? REQUESTS[local(at, "request")] === "write" : need === 1;
}

/** One page of the chunk is in: the next one, or the walk again from where it stopped. */
function faulted(at: At): Move {
  if (at.me.calls.at(-1)?.args["ret"] === VM_FAULT_ERROR) return over(at, EFAULT);
  const [page, stop] = [local(at, "page"), local(at, "stop")];
  if (page < stop) return faultPage(at, page, stop, writesChunk(at));
  return at.scenario.rangeFault === "unlocked" ? dropLock(at) : loopHead(at);
}

function over(at: At, rc: number): Move {
  const { notifier } = section(at);
  return { ...move(at, "next", { type: "hmm_range_fault_return", notifier, rc }), ret: rc };
}

/** What the page that stopped the walk makes the call fail with. */
function failed(at: At): Move {
  const looked = lookAt(at, local(at, "last"));
  return "rc" in looked ? over(at, looked.rc) : loopHead(at);
}

/** Labels of hmm_range_fault, which `rangeFault` enters. */
export const RANGE_FAULT_LABELS: Labels = {
  hmm_loop: { run: loopHead },
  hmm_walk: { run: walk },
  hmm_fault: { run: need },
  hmm_failed: { run: failed },
  hmm_wait: {
    blockedOn: (at) => {
      const page = local(at, "last");
      return blockedIf(isMigrating(entryAt(at, page)), "migration_entry", page);
    },
    run: (at) =>
      move(at, "hmm_loop", {
        type: "migration_entry_wait",
        mm: at.mmId,
        page: local(at, "last"),
      }),
  },
  hmm_faulted: { run: faulted },
  hmm_busy: { run: (at) => over(at, EBUSY) },
  hmm_done: { run: (at) => over(at, 0) },
};
