/**
 * Rare paths of plain notifiers: walks over a list that changes, waits for their readers, refusals.
 *
 * The list is read under SRCU, so whoever takes a notifier off it may still be calling it; most runs never have a
 * walk and a removal at the same time.
 */
import type { MmId, PlainId } from "@mmreplay/events";
import { hasOpenRegion } from "../address-space/region.ts";
import type { Subscriptions } from "../interval-notifiers/subscriptions.ts";
import { peekMm, peekPlain, peekTask, type State } from "../state/state.ts";
import { type Mark, mark } from "./mark.ts";

function subsOf(state: State, mm: MmId): Subscriptions | null {
  return peekMm(state, mm).subs;
}

const isLinked = (state: State, plain: PlainId): boolean => peekPlain(state, plain).linked;

const REGISTERING: readonly Mark[] = [
  mark(
    "mmu_notifier_register",
    {
      name: "registration-failed",
      says: "A registration fails: no memory, or a signal while all locks are taken.",
      source: "__mmu_notifier_register, mm_take_all_locks",
      rules: ["K-I29", "K-I30"],
    },
    (_, { rc }) => rc !== 0,
  ),
  mark(
    "mmu_notifier_register",
    {
      name: "registration-finds-subscriptions",
      says: "A registration allocated subscriptions and finds, under the lock, that another one was faster.",
      source: "__mmu_notifier_register",
      rules: ["K-I29", "K-I30"],
    },
    (state, { mm, plain, rc }) => rc === 0 && plain === null && subsOf(state, mm) !== null,
  ),
  mark(
    "mmu_notifier_get",
    {
      name: "get-shares",
      says: "mmu_notifier_get finds a notifier that another caller has made.",
      source: "find_get_mmu_notifier",
      rules: ["K-I29", "K-I32"],
    },
    (state, { plain }) => peekPlain(state, plain).users > 0,
  ),
  mark(
    "mmu_notifier_put",
    {
      name: "put-leaves-users",
      says: "mmu_notifier_put gives back a reference that was not the last one.",
      source: "mmu_notifier_put",
      rules: ["K-I32"],
    },
    (state, { plain }) => peekPlain(state, plain).users > 1,
  ),
];

const LEAVING: readonly Mark[] = [
  mark(
    "mmu_notifier_put",
    {
      name: "put-inside-walk",
      says: "The last reference goes while somebody walks the list: the notifier is freed when that is over.",
      source: "mmu_notifier_put, call_srcu",
      rules: ["K-I32"],
    },
    (state, { plain }) => peekPlain(state, plain).users === 1 && state.srcu.readers.length > 0,
  ),
  mark(
    "hlist_del_init_rcu",
    {
      name: "unlinked-inside-walk",
      says: "A notifier leaves the list while somebody walks it.",
      source: "mmu_notifier_unregister",
      rules: ["K-I25", "K-I32"],
    },
    (state) => state.srcu.readers.length > 0,
  ),
  mark(
    "hlist_del_init_rcu",
    {
      name: "unlinked-inside-region",
      says: "A notifier leaves the list between a region's start and its end: it gets no end.",
      source: "mmu_notifier_unregister, protocol.md 3.4",
      rules: ["K-I25"],
    },
    (state, { mm }) => hasOpenRegion(peekMm(state, mm)),
  ),
  mark(
    "mmu_notifier_unregister",
    {
      name: "unregistered-after-exit",
      says: "A notifier is unregistered that the exit has taken off the list already.",
      source: "mmu_notifier_unregister, __mmu_notifier_release",
      rules: ["K-I32"],
    },
    (state, { plain }) => !isLinked(state, plain),
  ),
  mark(
    "synchronize_srcu",
    {
      name: "synchronize-waits",
      says: "Somebody walks the list when a driver waits for all walks.",
      source: "synchronize_srcu, mmu_notifier_synchronize",
      rules: ["K-I32"],
    },
    (state) => state.srcu.readers.length > 0,
  ),
  mark(
    "mn_hlist_release",
    {
      name: "exit-releases-list",
      says: "The exit takes notifiers off the list whose drivers have not unregistered them.",
      source: "__mmu_notifier_release",
      rules: ["K-I31", "K-I32"],
    },
    (state, { mm }) => (subsOf(state, mm)?.list.length ?? 0) > 0,
  ),
];

const WALKING: readonly Mark[] = [
  mark(
    "mn_hlist_invalidate_range_start",
    {
      name: "plain-start-refused",
      says: "A plain notifier refuses a start that may not sleep.",
      source: "mn_hlist_invalidate_range_start",
      rules: ["K-I3", "K-I22", "K-I23", "K-I24"],
    },
    (_, { rc }) => rc !== 0,
  ),
  mark(
    "mn_hlist_invalidate_end",
    {
      name: "start-undone",
      says: "A start that a later notifier has refused is ended for those that had accepted it.",
      source: "mn_hlist_invalidate_range_start",
      rules: ["K-I24", "K-I25"],
    },
    (state, { task }) => peekTask(state, task).walk?.failed === true,
  ),
  mark(
    "mn_hlist_invalidate_range_start",
    {
      name: "start-after-unlinking",
      says: "A walk calls a notifier that has left the list since the walk came to it.",
      source: "hlist_for_each_entry_srcu, protocol.md 3.3",
      rules: ["K-I25", "K-I32"],
    },
    (state, { plain }) => !isLinked(state, plain),
  ),
  mark(
    "mn_hlist_invalidate_end",
    {
      name: "end-after-unlinking",
      says: "The walk of an end calls a notifier that has left the list since the walk came to it.",
      source: "hlist_for_each_entry_srcu, protocol.md 3.3",
      rules: ["K-I25", "K-I32"],
    },
    (state, { plain }) => !isLinked(state, plain),
  ),
];

/** Rare paths of plain notifiers. */
export const PLAIN_MARKS: readonly Mark[] = [...REGISTERING, ...LEAVING, ...WALKING];
