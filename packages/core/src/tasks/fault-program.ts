/**
 * The program of a device fault: read_begin, walk, lock, retry check, store.
 *
 * The check and the store are one critical section of the driver's lock; the walk holds no lock and
 * may be stale by then. Each bug of `DriverBug` that concerns the fault path leaves a step out or
 * moves it. Kernel counterpart: the loop of Documentation/mm/hmm.rst, dmirror_range_fault
 * (lib/test_hmm.c).
 */
import { type DeviceEntry, type EventOf, type PageEntry, pageOf } from "@mmreplay/events";
import { entryOf } from "../state/page-table.ts";
import { peekNotifier } from "../state/state.ts";
import {
  type At,
  blockedIf,
  isLocked,
  type Labels,
  type MicroStep,
  type Move,
  mirrorOfNotifier,
  move,
  skip,
} from "./machine.ts";
import type { Operation } from "./operation.ts";
import type { ReadSection } from "./task.ts";

/** A task in a device fault. */
export type FaultAt = At<Extract<Operation, { op: "fault" }>>;
type Seq = EventOf<"mmu_interval_read_begin">["seq"];

const mirrorOf = (at: At) => mirrorOfNotifier(at, (at as FaultAt).op.n);
const section = (at: At): ReadSection => at.me.section as ReadSection;
const notifierSeq = (at: FaultAt): Seq => peekNotifier(at.state, at.op.n).seq as Seq;
const collides = (at: FaultAt): boolean => notifierSeq(at) !== section(at).seq;

/** Pages `[page, page + np)` of a fault: inside the notifier's interval and the page table. */
export function faultPages(at: FaultAt): { page: number; np: number } {
  const { start, last } = peekNotifier(at.state, at.op.n);
  const first = pageOf(start);
  const end = Math.min(pageOf(last), at.scenario.pages - 1);
  const page = first + (at.op.pageOffset % (end - first + 1));
  return { page, np: Math.min(at.op.np, end - page + 1) };
}

/** A device fault begins, or is left out where it does not apply. */
export function beginFault(at: FaultAt, then: string): Move {
  const notifier = peekNotifier(at.state, at.op.n);
  if (notifier.phase !== "live") return skip(at, "not_live");
  if (pageOf(notifier.start) >= at.scenario.pages) return skip(at, "no_page");
  return move(at, then, { type: "device_fault", notifier: at.op.n });
}

/** read_begin of a device fault; where it sleeps it goes on at `asleep`. */
export function readBegin(at: FaultAt, then: string, asleep: string): Move {
  const seq = notifierSeq(at);
  const waits = at.mm.subs !== null && seq === at.mm.subs.seq;
  return move(at, waits ? asleep : then, {
    type: "mmu_interval_read_begin",
    mm: at.mmId,
    notifier: at.op.n,
    seq,
    waits,
  });
}

/** The CPU's entries of the fault's pages are read; where none is present it goes on at `absent`. */
export function walk(at: FaultAt, then: string, absent: string): Move {
  const { page, np } = faultPages(at);
  const entries: PageEntry[] = [];
  for (let at_ = page; at_ < page + np; at_++) entries.push([at_, entryOf(at.mm.cpu, at_)]);
  const present = entries.some(([, frame]) => frame !== 0);
  return move(at, present ? then : absent, {
    type: "hmm_vma_handle_pte",
    notifier: at.op.n,
    entries,
  });
}

/** The sleep of read_begin. */
export function sleepOfReadBegin(then: string): MicroStep {
  return {
    blockedOn: ({ me }) =>
      blockedIf(me.sleep?.woken === false, "read_begin", me.sleep?.seq ?? null),
    run: (at) =>
      move(at, then, {
        type: "read_begin_wake",
        notifier: (at as FaultAt).op.n,
        seq: section(at).seq,
      }),
  };
}

function afterWalk(at: FaultAt): string {
  const { bug, earlyCheck } = at.scenario.driver;
  if (earlyCheck) return "fault_check_retry";
  return bug === "retry_check_before_lock" ? "fault_retry_check" : "fault_lock";
}

/** After a pass that has failed: another one, or the end. */
function failedPass(at: FaultAt): string {
  const tries = (at.me.fault?.tries ?? 0) + 1;
  return tries >= at.scenario.driver.maxTries ? "fault_gave_up" : "fault_retry";
}

function earlyCheck(at: FaultAt): Move {
  const result = collides(at);
  const goesOn =
    at.scenario.driver.bug === "retry_check_before_lock" ? "fault_retry_check" : "fault_lock";
  return move(at, result ? failedPass(at) : goesOn, {
    type: "mmu_interval_check_retry",
    notifier: at.op.n,
    seq: section(at).seq,
    result,
  });
}

function lock(at: FaultAt): Move {
  const { bug } = at.scenario.driver;
  const checks = bug !== "no_retry_check" && bug !== "retry_check_before_lock";
  return move(at, checks ? "fault_retry_check" : "fault_store", {
    type: "driver_lock",
    mirror: mirrorOf(at),
  });
}

function retryCheck(at: FaultAt): Move {
  const result = collides(at);
  const before = at.scenario.driver.bug === "retry_check_before_lock";
  let then = before ? "fault_lock" : "fault_store";
  if (result) then = before ? failedPass(at) : "fault_unlock_retry";
  return move(at, then, {
    type: "mmu_interval_read_retry",
    notifier: at.op.n,
    seq: section(at).seq,
    result,
  });
}

function store(at: FaultAt): Move {
  return move(at, "fault_unlock", {
    type: "device_map",
    mirror: mirrorOf(at),
    notifier: at.op.n,
    entries: section(at)
      .entries.filter(([, frame]) => frame !== 0)
      .map(([page, frame]): DeviceEntry => [page, frame, true]),
  });
}

function over(at: FaultAt, result: EventOf<"device_fault_return">["result"]): Move {
  const reuses = at.scenario.driver.bug === "retry_reuses_old_seq";
  const then = result === "retry" ? (reuses ? "fault_reuse_seq" : "fault_read_begin") : "next";
  return move(at, then, { type: "device_fault_return", notifier: at.op.n, result });
}

const unlock =
  (then: (at: FaultAt) => string) =>
  (at: At): Move =>
    move(at, then(at as FaultAt), { type: "driver_unlock", mirror: mirrorOf(at) });

/** Labels of a fault; `fault` begins it. */
export const FAULT_LABELS: Labels = {
  fault: { run: (at) => beginFault(at as FaultAt, "fault_read_begin") },
  fault_read_begin: { run: (at) => readBegin(at as FaultAt, "fault_cpu_read", "read_begin_wake") },
  fault_reuse_seq: {
    run: (at) =>
      move(at, "fault_cpu_read", {
        type: "read_seq_unguarded",
        notifier: (at as FaultAt).op.n,
        seq: notifierSeq(at as FaultAt),
      }),
  },
  read_begin_wake: sleepOfReadBegin("fault_cpu_read"),
  fault_cpu_read: {
    run: (at) => walk(at as FaultAt, afterWalk(at as FaultAt), "fault_not_present"),
  },
  fault_not_present: { run: (at) => over(at as FaultAt, "not_present") },
  fault_check_retry: { run: (at) => earlyCheck(at as FaultAt) },
  fault_lock: {
    blockedOn: (at) => blockedIf(isLocked(at, (at as FaultAt).op.n), "driver_lock"),
    run: (at) => lock(at as FaultAt),
  },
  fault_retry_check: { run: (at) => retryCheck(at as FaultAt) },
  fault_store: { run: (at) => store(at as FaultAt) },
  fault_unlock: { run: unlock(() => "fault_stored") },
  fault_unlock_retry: { run: unlock(failedPass) },
  fault_stored: { run: (at) => over(at as FaultAt, "stored") },
  fault_retry: { run: (at) => over(at as FaultAt, "retry") },
  fault_gave_up: { run: (at) => over(at as FaultAt, "gave_up") },
};
