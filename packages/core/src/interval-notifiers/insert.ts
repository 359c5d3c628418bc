/**
 * Insertion of an interval notifier, in its three cases.
 *
 * The core does not remember which addresses the open regions cover, so any open region is assumed
 * to cover the new notifier, and its first reader must wait for the end of the epoch. With none
 * open the notifier gets `seq - 1`, odd and different from any value that is being waited for.
 * Kernel counterpart: __mmu_interval_notifier_insert (mm/mmu_notifier.c); cases I, E, D of
 * protocol.md 2.8.
 */
import { type Address, addLength, type EventOf, lastOf } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { isOdd, seqAfter, seqBefore } from "../state/seq.ts";
import { mirrorOf, mmOf, notifierOf, type State } from "../state/state.ts";
import { treeInsert } from "./interval-tree.ts";

/** EOVERFLOW of an empty or wrapping interval. */
export const EOVERFLOW = -75;
/** EINVAL of an mm without users. */
export const EINVAL = -22;

/** The last byte of an interval, or undefined where the kernel answers -EOVERFLOW. */
export function lastByte(start: Address, length: Address): Address | undefined {
  if (/^0x0+$/.test(length)) return undefined;
  return addLength(start, lastOf(length));
}

/** `mmu_interval_notifier_insert_begin`: the slot is spoken for. */
export function insertBegin(
  state: State,
  event: EventOf<"mmu_interval_notifier_insert_begin">,
): void {
  const notifier = notifierOf(state, event.notifier);
  legal(notifier.phase === "free", `an insertion of notifier${event.notifier}`, "a free notifier");
  notifier.phase = "inserting";
  notifier.mm = event.mm;
}

/** `mmu_interval_notifier_insert`: the critical section, or the failure. */
export function insert(state: State, event: EventOf<"mmu_interval_notifier_insert">): void {
  const notifier = notifierOf(state, event.notifier);
  if (event.rc !== 0) {
    notifier.phase = "free";
    return;
  }
  const mm = mmOf(state, event.mm);
  const { subs } = mm;
  const last = lastByte(event.start, event.length);
  legal(subs !== null, "an insertion into an mm without subscriptions", "a registration first");
  legal(last !== undefined, "a successful insertion of an empty interval", "rc -75");
  legal(!notifier.inTree && !notifier.deferred, "a second insertion", "a removed notifier");
  mirrorOf(state, event.mirror);
  mm.count += 1;
  Object.assign(notifier, {
    mm: event.mm,
    mirror: event.mirror,
    start: event.start,
    last,
    phase: "live",
  });
  if (subs.active === 0) {
    notifier.seq = seqBefore(subs.seq, state.seqModulus);
    treeInsert(state, subs, event.notifier);
  } else if (isOdd(subs.seq)) {
    subs.deferred.unshift(event.notifier);
    notifier.deferred = true;
    notifier.seq = subs.seq;
  } else {
    subs.seq = seqAfter(subs.seq, state.seqModulus);
    notifier.seq = subs.seq;
    treeInsert(state, subs, event.notifier);
  }
}
