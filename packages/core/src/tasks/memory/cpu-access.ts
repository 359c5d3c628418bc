/**
 * The program of the CPU's own accesses: page by page, with a page fault where an entry does not allow it.
 *
 * An access without a mapping that allows it fails (bad_area), and with it the rest of the operation.
 */
import type { Access } from "@mmreplay/events";
import { allows, frameOfCpu } from "../../memory/cpu-entry.ts";
import { translation } from "../../memory/tlb.ts";
import { permits, vmaOf } from "../../memory/vma.ts";
import { type At, blockedIf, call, type Labels, local, type Move, move } from "../machine.ts";
import type { Operation } from "../operation.ts";
import { VM_FAULT_ERROR } from "./page-fault.ts";

type AccessAt = At<Extract<Operation, { op: "cpu_access" }>>;

function begin(at: AccessAt): Move {
  const { page, np, write } = at.op;
  const pages = { startPage: page, endPageExclusive: page + np };
  const opens = move(at, "cpu_access_page", { type: "cpu_access", mm: at.mmId, ...pages, write });
  return call(opens, "next", { page });
}

function onePage(at: AccessAt): Move {
  const { op } = at;
  const page = local(at, "page");
  const entry = translation(at.mm, page);
  if (allows(entry, op.write)) return access(at, page, frameOfCpu(entry));
  return move(at, "cpu_fault_lock", { type: "exc_page_fault", mm: at.mmId, page, write: op.write });
}

/** The mapping is looked at under the mmap lock. */
function lockAndFault(at: AccessAt): Move {
  const { write } = at.op;
  const page = local(at, "page");
  const permitted = permits(vmaOf(at.mm.vmas, page), write);
  const locks = { type: "mmap_lock", mm: at.mmId, shared: true } as const;
  if (!permitted) return move(at, "cpu_bad_area", locks);
  return call(move(at, "mm_fault", locks), "cpu_faulted", { page, write: Number(write) });
}

/** The page is there, or cannot be had (SIGBUS). */
function faulted(at: AccessAt): Move {
  if (at.me.calls.at(-1)?.args["ret"] === VM_FAULT_ERROR) return badArea(at);
  return move(at, "cpu_access_page", { type: "mmap_unlock", mm: at.mmId });
}

function badArea(at: AccessAt): Move {
  const { write } = at.op;
  const page = local(at, "page");
  return move(at, "cpu_bad_unlock", { type: "bad_area", mm: at.mmId, page, write });
}

function access(at: AccessAt, page: number, frame: number): Move {
  const { op } = at;
  const value = op.write
    ? (op.value ?? 0) + page - op.page
    : (at.state.frames[frame]?.content ?? 0);
  const entries: Access[] = [[page, frame, value]];
  const then = page + 1 === op.page + op.np ? "next" : "cpu_access_page";
  const type = op.write ? "cpu_write" : "cpu_read";
  return { ...move(at, then, { type, mm: at.mmId, entries }), set: { page: page + 1 } };
}

/** Labels of the CPU's accesses; `cpu_access` begins them. */
export const CPU_ACCESS_LABELS: Labels = {
  cpu_access: { run: (at) => begin(at as AccessAt) },
  cpu_access_page: { run: (at) => onePage(at as AccessAt) },
  cpu_fault_lock: {
    blockedOn: (at) => blockedIf(at.mm.mmapLock !== null, "mmap_lock"),
    run: (at) => lockAndFault(at as AccessAt),
  },
  cpu_faulted: { run: (at) => faulted(at as AccessAt) },
  cpu_bad_area: { run: (at) => badArea(at as AccessAt) },
  cpu_bad_unlock: { run: (at) => move(at, "next", { type: "mmap_unlock", mm: at.mmId }) },
};
