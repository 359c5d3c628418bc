/**
 * The program of fork: a copy of the address space, whose private pages are shared until one side writes.
 *
 * Each private mapping is copied inside one PROTECTION_PAGE region of the parent over the whole of it, a
 * hugetlb one inside CLEAR (protocol.md 5.3, copy_page_range): what was writable becomes read-only on both
 * sides, so a device may no longer write either. Of a shared mapping no entry is copied: the child faults.
 * Both address spaces are locked meanwhile; the child begins when they are free.
 */
import { addressOfPage, type PageEntry } from "@mmreplay/events";
import { isFreed } from "../../address-space/address-space.ts";
import { isForked } from "../../address-space/fork.ts";
import { regionOf } from "../../address-space/region.ts";
import { isExclusive, restored, writeProtected } from "../../memory/cpu-entry.ts";
import { asMapped, type Vma } from "../../memory/vma.ts";
import { someEntry } from "../../state/page-table.ts";
import { peekMm } from "../../state/state.ts";
import { endRegion } from "../end-program.ts";
import {
  type At,
  blockedIf,
  call,
  isMmapLocked,
  type Labels,
  local,
  type Move,
  move,
} from "../machine.ts";
import type { Operation } from "../operation.ts";
import { startRegion } from "../start-program.ts";
import { memoryRegion } from "./page-fault.ts";

type ForkAt = At<Extract<Operation, { op: "fork" }>>;

function begin(at: ForkAt): Move {
  const { child } = at.op;
  const opens = move(at, "fork_vma", { type: "dup_mmap", mm: at.mmId, child });
  return call(opens, "next", { vma: 0 });
}

/** Mappings whose pages are copied when somebody writes. */
const copied = (at: At): readonly Vma[] => at.mm.vmas.filter(({ kind }) => kind !== "shared");

const vmaAt = (at: At): Vma | undefined => copied(at)[local(at, "vma")];

/** The next mapping that is copied, or the end. */
function copyVma(at: ForkAt): Move {
  const vma = vmaAt(at);
  const { child } = at.op;
  if (vma === undefined) return move(at, "next", { type: "dup_mmap_return", mm: at.mmId, child });
  const [start, end] = [addressOfPage(vma.startPage), addressOfPage(vma.endPageExclusive)];
  const event = vma.kind === "hugetlb" ? "CLEAR" : "PROTECTION_PAGE";
  const region = { start, end, event, blockable: true, owner: null } as const;
  return call(startRegion(at, { region: memoryRegion(at.task), ...region }), "fork_protect");
}

/** Entries of the mapping as both sides are to have them. */
function shared(at: At): PageEntry[] {
  const entries: PageEntry[] = [];
  const vma = vmaAt(at);
  someEntry(at.mm.cpu, vma?.startPage ?? 0, vma?.endPageExclusive ?? 0, (page, entry) => {
    // What a device has to itself the CPU has again (copy_nonpresent_pte).
    const kept = isExclusive(entry) ? asMapped(vma, restored(entry)) : entry;
    entries.push([page, writeProtected(kept)]);
    return false;
  });
  return entries;
}

/** Labels of fork, and of the child's first operation. */
export const FORK_LABELS: Labels = {
  fork: {
    blockedOn: (at) => blockedIf(isMmapLocked(at), "mmap_lock"),
    run: (at) => begin(at as ForkAt),
  },
  fork_vma: { run: (at) => copyVma(at as ForkAt) },
  fork_protect: {
    run: (at) =>
      move(at, "fork_copy", {
        type: "cpu_pte_change",
        mm: at.mmId,
        region: memoryRegion(at.task),
        entries: shared(at),
      }),
  },
  fork_copy: {
    run: (at) => {
      const { child } = (at as ForkAt).op;
      const entries = shared(at);
      return move(at, "fork_end", { type: "copy_page_range", mm: at.mmId, child, entries });
    },
  },
  fork_end: {
    run: (at) => {
      const ends = endRegion(at, regionOf(at.mm, memoryRegion(at.task)), false);
      return call({ ...ends, set: { vma: local(at, "vma") + 1 } }, "fork_vma");
    },
  },
  child: {
    blockedOn: (at) => blockedIf(isMmapLocked(at) || !isForked(at.state, at.mmId), "fork"),
    run: (at) => move(at, "next", { type: "ret_from_fork", mm: at.mmId }),
  },
  wait_child: {
    blockedOn: (at) => blockedIf(isRunning(at), "child"),
    run: (at) => move(at, "next", { type: "wait_child", mm: at.mmId }),
  },
};

/** Whether the process that is waited for has not exited. */
function isRunning(at: At): boolean {
  const { op } = at as At<Extract<Operation, { op: "wait_child" }>>;
  const mm = peekMm(at.state, op.child);
  return !(mm.dead || isFreed(mm));
}
