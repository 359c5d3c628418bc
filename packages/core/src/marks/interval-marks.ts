/**
 * Rare paths of interval notifiers: insertions and removals inside an epoch, sleeps, collisions.
 *
 * Each is one of the cases that protocol.md tells apart in part 2; most bugs of the zoo are invisible in a run
 * that takes none of them.
 */
import type { MmId } from "@mmreplay/events";
import type { Subscriptions } from "../interval-notifiers/subscriptions.ts";
import { isOdd, seqAfter } from "../state/seq.ts";
import { peekMm, peekNotifier, type State } from "../state/state.ts";
import { type Mark, mark } from "./mark.ts";

function subsOf(state: State, mm: MmId): Subscriptions | null {
  return peekMm(state, mm).subs;
}

/** The tree is frozen: an invalidation that hit a notifier is open. */
function isFrozen(subs: Subscriptions | null): subs is Subscriptions {
  return subs !== null && isOdd(subs.seq);
}

const INSERTING: readonly Mark[] = [
  mark(
    "mmu_interval_notifier_insert",
    {
      name: "insertion-deferred",
      says: "A notifier is inserted while the tree is frozen: it goes to the deferred list.",
      source: "__mmu_interval_notifier_insert, case D of protocol.md 2.8",
      rules: ["K-I5", "K-I6", "K-I7", "K-I14", "K-I20"],
    },
    (state, { mm, rc }) => rc === 0 && isFrozen(subsOf(state, mm)),
  ),
  mark(
    "mmu_interval_notifier_insert",
    {
      name: "insertion-freezes",
      says: "A notifier is inserted while a region is open that hit none: the sequence becomes odd.",
      source: "__mmu_interval_notifier_insert, case E of protocol.md 2.8",
      rules: ["K-I1", "K-I2", "K-I14", "K-I20"],
    },
    (state, { mm, rc }) => {
      const subs = subsOf(state, mm);
      return rc === 0 && subs !== null && subs.active > 0 && !isOdd(subs.seq);
    },
  ),
  mark(
    "mmu_interval_notifier_insert",
    {
      name: "insertion-failed",
      says: "An insertion fails: no memory, a signal, or an mm that nobody uses.",
      source: "__mmu_interval_notifier_insert, mmu_interval_notifier_insert",
      rules: ["K-I29"],
    },
    (_, { rc }) => rc !== 0,
  ),
  mark(
    "mmu_interval_notifier_insert",
    {
      name: "inserted-again",
      says: "A notifier that was removed is inserted again, after others have moved the sequence.",
      source: "mmu_interval_notifier_insert, protocol.md 2.8",
      rules: ["K-I10", "K-I20"],
    },
    (state, { mm, notifier, rc }) => {
      const { seq } = peekNotifier(state, notifier);
      return rc === 0 && seq !== null && subsOf(state, mm)?.seq !== seq;
    },
  ),
];

const REMOVING: readonly Mark[] = [
  mark(
    "mmu_interval_notifier_remove",
    {
      name: "removal-deferred",
      says: "A notifier is removed while the tree is frozen: the removal waits for the end of the epoch.",
      source: "mmu_interval_notifier_remove, protocol.md 2.9",
      rules: ["K-I7", "K-I14", "K-I17", "K-I18"],
    },
    (state, { mm, notifier }) =>
      isFrozen(subsOf(state, mm)) && peekNotifier(state, notifier).inTree,
  ),
  mark(
    "mmu_interval_notifier_remove",
    {
      name: "removal-of-deferred-insertion",
      says: "A notifier is removed that is still on the deferred list: its insertion never happens.",
      source: "mmu_interval_notifier_remove, RB_EMPTY_NODE",
      rules: ["K-I5", "K-I7", "K-I17"],
    },
    (state, { notifier }) => {
      const { inTree, deferred } = peekNotifier(state, notifier);
      return deferred && !inTree;
    },
  ),
  mark(
    "invalidate",
    {
      name: "callback-while-removing",
      says: "A notifier whose removal waits is still called back.",
      source: "mn_itree_invalidate, mmu_interval_notifier_remove",
      rules: ["K-I17", "K-I18"],
    },
    (state, { notifier }) => peekNotifier(state, notifier).phase === "removing",
  ),
];

const EPOCHS: readonly Mark[] = [
  mark(
    "mmu_notifier_invalidate_range_start",
    {
      name: "region-joins-epoch",
      says: "A region starts inside another one's epoch and shares its number.",
      source: "mn_itree_inv_start_range",
      rules: ["K-I1", "K-I3", "K-I11", "K-I14"],
    },
    (state, { mm }) => isFrozen(subsOf(state, mm)),
  ),
  mark(
    "mn_itree_inv_end",
    {
      name: "end-leaves-epoch",
      says: "A region ends while another one keeps the epoch open.",
      source: "mn_itree_inv_end",
      rules: ["K-I3", "K-I4", "K-I14"],
    },
    (state, { mm }) => {
      const subs = subsOf(state, mm);
      return isFrozen(subs) && subs.active > 1;
    },
  ),
  mark(
    "mn_itree_inv_end",
    {
      name: "end-applies-many",
      says: "The end of an epoch has two or more deferred insertions and removals to apply.",
      source: "mn_itree_inv_end",
      rules: ["K-I5", "K-I7"],
    },
    (state, { mm }) => {
      const subs = subsOf(state, mm);
      return isFrozen(subs) && subs.active === 1 && subs.deferred.length > 1;
    },
  ),
  mark(
    "mn_itree_inv_end",
    {
      name: "sequence-wraps",
      says: "The end of an epoch takes the sequence past its last number.",
      source: "mmu_notifier_subscriptions.invalidate_seq, protocol.md 1.1",
      rules: ["K-I1", "K-I9", "K-I10"],
    },
    (state, { mm }) => {
      const subs = subsOf(state, mm);
      return isFrozen(subs) && subs.active === 1 && seqAfter(subs.seq, state.seqModulus) < subs.seq;
    },
  ),
  mark(
    "mmu_notifier_invalidate_range_start_return",
    {
      name: "start-refused",
      says: "A start that may not sleep returns -EAGAIN.",
      source: "mn_itree_invalidate, __mmu_notifier_invalidate_range_start",
      rules: ["K-I22", "K-I23", "K-I24"],
    },
    (_, { rc }) => rc !== 0,
  ),
];

const READING: readonly Mark[] = [
  mark(
    "mmu_interval_read_begin",
    {
      name: "reader-sleeps",
      says: "A reader waits for the end of the epoch that its notifier has acknowledged.",
      source: "mmu_interval_read_begin",
      rules: ["K-I19", "K-I28", "K-I33"],
    },
    (_, { waits }) => waits === true,
  ),
  mark(
    "mmu_interval_read_begin",
    {
      name: "reader-before-callback",
      says: "A reader begins inside an epoch whose callback its notifier has still to get.",
      source: "mmu_interval_read_begin",
      rules: ["K-I12", "K-I13", "K-I14"],
    },
    (state, { mm, waits }) => waits === false && isFrozen(subsOf(state, mm)),
  ),
  mark(
    "read_begin_wake",
    {
      name: "reader-wakes-in-next-epoch",
      says: "A reader that slept goes on when the next epoch has begun already.",
      source: "mmu_interval_read_begin",
      rules: ["K-I12", "K-I13", "K-I19", "K-I33"],
    },
    (state, { notifier }) => {
      const { mm } = peekNotifier(state, notifier);
      return mm !== null && isFrozen(subsOf(state, mm));
    },
  ),
  mark(
    "mmu_interval_read_retry",
    {
      name: "reader-retries",
      says: "The check under the driver's lock sees another number, and the reader begins again.",
      source: "mmu_interval_read_retry",
      rules: ["K-I12", "K-I13", "K-I14"],
    },
    (_, { result }) => result,
  ),
  mark(
    "device_map",
    {
      name: "store-inside-epoch",
      says: "A reader stores pages while an epoch is open: its callback has still to come.",
      source: "mmu_interval_read_retry, protocol.md 2.7",
      rules: ["K-I13", "K-I14", "K-I26"],
    },
    (state, { notifier }) => {
      const mm = notifier === null ? null : peekNotifier(state, notifier).mm;
      return mm !== null && isFrozen(subsOf(state, mm));
    },
  ),
  mark(
    "driver_trylock_fail",
    {
      name: "callback-finds-lock-held",
      says: "A callback that may not sleep finds the driver's lock held, and refuses.",
      source: "mmu_interval_notifier_ops.invalidate, mmu_notifier_range_blockable",
      rules: ["K-I22", "K-I23"],
    },
    () => true,
  ),
];

/** Rare paths of interval notifiers. */
export const INTERVAL_MARKS: readonly Mark[] = [...INSERTING, ...REMOVING, ...EPOCHS, ...READING];
