/**
 * The program of mmu_interval_notifier_insert and its _locked variant.
 *
 * The decision to register the interval part is made once, without a lock; two tasks may both decide
 * to, and the second merely finds it done. A failed registration fails the insertion.
 */
import { mirrorId } from "@mmreplay/events";
import { isFreed, openSections } from "../address-space/address-space.ts";
import { EINVAL, EOVERFLOW, lastByte } from "../interval-notifiers/insert.ts";
import { peekNotifier } from "../state/state.ts";
import { type At, blockedIf, isMmapLocked, type Labels, type Move, move, skip } from "./machine.ts";
import type { Injection, Operation } from "./operation.ts";

type InsertAt = At<Extract<Operation, { op: "insert" }>>;

const EINTR = -4;
const ENOMEM = -12;

const hasItree = (at: At): boolean => at.mm.subs?.hasItree === true;

function begin(at: InsertAt): Move {
  const { op } = at;
  if (peekNotifier(at.state, op.n).phase !== "free") return skip(at, "not_free");
  if (isFreed(at.mm)) return skip(at, "mm_freed");
  if (op.force) {
    if (!hasItree(at)) return skip(at, "force_without_itree");
  } else if (at.mm.users === 0) return skip(at, "mm_users_zero");
  return move(at, op.force ? "insert_first" : "insert_mmget", {
    type: "mmu_interval_notifier_insert_begin",
    mm: at.mmId,
    notifier: op.n,
  });
}

function takeUsers(at: InsertAt): Move {
  const route = at.op.locked
    ? "insert_locked_mmap_lock"
    : hasItree(at)
      ? "insert_first"
      : "insert_mmap_lock";
  return move(at, route, { type: "mmget", mm: at.mmId });
}

/** Where the lock-all step goes on once the mmap lock is held. */
function registerLabel(at: At, inject: Injection | undefined): string {
  return at.mm.subs === null && inject === "ENOMEM" ? "insert_enomem" : "insert_register";
}

function takeMmapLock(at: InsertAt, then: string): Move {
  return move(at, then, { type: "mmap_lock", mm: at.mmId });
}

function fail(at: InsertAt, rc: number): Move {
  return move(at, "insert_failed", {
    type: "mmu_notifier_register",
    mm: at.mmId,
    plain: null,
    ops: "all",
    rc,
  });
}

function registerInterval(at: InsertAt): Move {
  if (at.op.inject === "EINTR") return fail(at, EINTR);
  return move(at, "insert_commit", {
    type: "mmu_notifier_register",
    mm: at.mmId,
    plain: null,
    ops: "all",
    rc: 0,
  });
}

function finish(at: InsertAt, rc: number): Move {
  const { op } = at;
  const unlocks = at.mm.mmapLock === at.task;
  const then = unlocks ? "insert_mmap_unlock" : op.force ? "next" : "insert_mmput";
  return move(at, then, {
    type: "mmu_interval_notifier_insert",
    mm: at.mmId,
    notifier: op.n,
    mirror: op.mirror ?? mirrorId(0),
    start: op.start,
    length: op.length,
    rc,
  });
}

function commit(at: InsertAt): Move {
  const { op } = at;
  if (lastByte(op.start, op.length) === undefined) return finish(at, EOVERFLOW);
  return finish(at, at.mm.users <= 0 ? EINVAL : 0);
}

/** The rc with which the registration failed: no subscriptions means that memory was short. */
function failedRc(at: InsertAt): number {
  return at.op.inject === "ENOMEM" ? ENOMEM : EINTR;
}

/** Labels of an insertion; `insert` begins it. */
export const INSERT_LABELS: Labels = {
  insert: { run: (at) => begin(at as InsertAt) },
  insert_mmget: { run: (at) => takeUsers(at as InsertAt) },
  insert_mmap_lock: {
    blockedOn: (at) => blockedIf(isMmapLocked(at), "mmap_lock"),
    run: (at) => takeMmapLock(at as InsertAt, registerLabel(at, (at as InsertAt).op.inject)),
  },
  insert_locked_mmap_lock: {
    blockedOn: (at) => blockedIf(isMmapLocked(at), "mmap_lock"),
    run: (at) =>
      takeMmapLock(
        at as InsertAt,
        hasItree(at) ? "insert_commit" : registerLabel(at, (at as InsertAt).op.inject),
      ),
  },
  insert_enomem: { run: (at) => fail(at as InsertAt, ENOMEM) },
  insert_register: {
    blockedOn: (at) => blockedIf(openSections(at.mm) > 0, "all_locks"),
    run: (at) => registerInterval(at as InsertAt),
  },
  insert_failed: { run: (at) => finish(at as InsertAt, failedRc(at as InsertAt)) },
  insert_first: { run: (at) => commit(at as InsertAt) },
  insert_commit: { run: (at) => commit(at as InsertAt) },
  insert_mmap_unlock: {
    run: (at) =>
      move(at, (at as InsertAt).op.force ? "next" : "insert_mmput", {
        type: "mmap_unlock",
        mm: at.mmId,
      }),
  },
  insert_mmput: { run: (at) => move(at, "next", { type: "mmput", mm: at.mmId }) },
};
