/**
 * The program of hmm_range_fault: the CPU's entries of a range, faulted in where that is asked for.
 *
 * The loop looks for a collision only at its head. A page that needs a fault has the rest of its PMD
 * faulted with the same need (protocol.md 4.4), then the walk goes on at that page. A fault may invalidate
 * and so collide with its own caller: then the result is -EBUSY, as after any other collision (4.7).
 */
import { addressOfPage, type PageEntry } from "@mmreplay/events";
import { allows } from "../../memory/cpu-entry.ts";
import { permits, vmaOf } from "../../memory/vma.ts";
import { peekNotifier } from "../../state/state.ts";
import { type At, call, type Labels, local, type Move, move } from "../machine.ts";
import type { ReadSection } from "../task.ts";
import { entryAt } from "./page-fault.ts";

const EPERM = -1;
const EFAULT = -14;
const EBUSY = -16;
/** Pages of a PMD: a hole is faulted up to the end of one. */
const PMD_PAGES = 512;

const section = (at: At): ReadSection => at.me.section as ReadSection;
const needsWrite = (at: At): boolean => local(at, "write") === 1;

/** What hmm_range_fault is called with: the pages `[page, end)`, to be read or written. */
export interface RangeFault {
  readonly page: number;
  readonly end: number;
  readonly write: boolean;
}

/** hmm_range_fault is called; the caller goes on at `back` and finds the code in `ret`. */
export function rangeFault(at: At, { page, end, write }: RangeFault, back: string): Move {
  const { notifier, seq } = section(at);
  const enters = move(at, "hmm_loop", {
    type: "hmm_range_fault",
    notifier,
    seq,
    start: addressOfPage(page),
    end: addressOfPage(end),
    owner: null,
  });
  return call(enters, back, { last: page, end, write: Number(write) });
}

/** The head of the loop: only here is a collision seen. */
function loopHead(at: At): Move {
  const { notifier, seq } = section(at);
  const result = peekNotifier(at.state, notifier).seq !== seq;
  const body = { type: "mmu_interval_check_retry", notifier, seq, result } as const;
  return move(at, result ? "hmm_busy" : "hmm_walk", body);
}

/** Reads entries up to the first that the request must have faulted. */
function walk(at: At): Move {
  const [first, end] = [local(at, "last"), local(at, "end")];
  const entries: PageEntry[] = [];
  let last = first;
  for (; last < end && allows(entryAt(at, last), needsWrite(at)); last += 1) {
    entries.push([last, entryAt(at, last)]);
  }
  const read = move(at, last === end ? "hmm_done" : "hmm_need", {
    type: "hmm_vma_handle_pte",
    notifier: section(at).notifier,
    entries,
  });
  return { ...read, set: { last } };
}

/** A page needs a fault: its mapping must allow it. */
function need(at: At): Move {
  const [last, end] = [local(at, "last"), local(at, "end")];
  const vma = vmaOf(at.mm.vmas, last);
  if (!permits(vma, false)) return over(at, EFAULT);
  if (!permits(vma, needsWrite(at))) return over(at, EPERM);
  const chunkEnd = last - (last % PMD_PAGES) + PMD_PAGES;
  const stop = Math.min(end, chunkEnd, vma?.endPageExclusive ?? end);
  return faultPage(at, last, stop);
}

function faultPage(at: At, page: number, stop: number): Move {
  const { notifier } = section(at);
  const write = needsWrite(at);
  const faults = move(at, "mm_fault", { type: "hmm_vma_fault", notifier, page, write });
  const args = { page, write: local(at, "write") };
  return call({ ...faults, set: { page: page + 1, stop } }, "hmm_faulted", args);
}

/** One page of the chunk is in: the next one, or the walk again from where it stopped. */
function faulted(at: At): Move {
  const [page, stop] = [local(at, "page"), local(at, "stop")];
  return page < stop ? faultPage(at, page, stop) : loopHead(at);
}

function over(at: At, rc: number): Move {
  const { notifier } = section(at);
  return { ...move(at, "next", { type: "hmm_range_fault_return", notifier, rc }), ret: rc };
}

/** Labels of hmm_range_fault, which `rangeFault` enters. */
export const RANGE_FAULT_LABELS: Labels = {
  hmm_loop: { run: loopHead },
  hmm_walk: { run: walk },
  hmm_need: { run: need },
  hmm_faulted: { run: faulted },
  hmm_busy: { run: (at) => over(at, EBUSY) },
  hmm_done: { run: (at) => over(at, 0) },
};
