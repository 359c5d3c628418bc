/**
 * Plain notifiers come and go: register, get, put, unregister, and the list at the end of an mm.
 *
 * A put only unlinks and asks for a grace period; unregister waits for one. Kernel counterparts:
 * __mmu_notifier_register, mmu_notifier_get_locked, mmu_notifier_put, mmu_notifier_unregister,
 * mn_hlist_release (mm/mmu_notifier.c).
 */
import type { EventOf, PlainId } from "@mmreplay/events";
import { dropCount, ensureSubscriptions } from "../address-space/address-space.ts";
import { legal } from "../state/legal.ts";
import { mmOf, plainOf, type State, taskOf } from "../state/state.ts";

/** `mmu_notifier_register_begin`. */
export function registerBegin(state: State, event: EventOf<"mmu_notifier_register_begin">): void {
  if (event.plain !== null) plainOf(state, event.plain).phase = "registering";
}

/** `alloc_notifier`. */
export function allocNotifier(state: State, event: EventOf<"alloc_notifier">): void {
  plainOf(state, event.plain).phase = "registering";
  taskOf(state, event.task).allocated = event.plain;
}

/** `mmu_notifier_register`: subscriptions exist; the interval part or a notifier is added. */
export function register(state: State, event: EventOf<"mmu_notifier_register">): void {
  const mm = mmOf(state, event.mm);
  taskOf(state, event.task).allocated = null;
  if (event.rc !== 0) {
    if (event.plain !== null) plainOf(state, event.plain).phase = "free";
    return;
  }
  const subs = ensureSubscriptions(mm);
  if (event.plain === null) {
    subs.hasItree = true;
    return;
  }
  const plain = plainOf(state, event.plain);
  legal(!plain.linked, `a second registration of plain${event.plain}`, "a free notifier");
  plain.mm = event.mm;
  plain.ops = event.ops;
  plain.users = 1;
  plain.linked = true;
  plain.next = subs.list[0] ?? null;
  plain.phase = "live";
  subs.list.unshift(event.plain);
  mm.count += 1;
  if (event.ops === "no_start") taskOf(state, event.task).references.push(event.plain);
}

/** `mmu_notifier_get`. */
export function get(state: State, event: EventOf<"mmu_notifier_get">): void {
  plainOf(state, event.plain).users += 1;
  taskOf(state, event.task).references.push(event.plain);
}

function unlink(state: State, id: PlainId): void {
  const plain = plainOf(state, id);
  legal(plain.linked && plain.mm !== null, `plain${id}, which is not on a list`, "a listed one");
  const list = mmOf(state, plain.mm).subs?.list ?? [];
  const at = list.indexOf(id);
  const before = at > 0 ? list[at - 1] : undefined;
  if (before !== undefined) plainOf(state, before).next = plain.next;
  list.splice(at, 1);
  plain.linked = false;
}

/** `mmu_notifier_put`: the last one unlinks and asks for a grace period. */
export function put(state: State, event: EventOf<"mmu_notifier_put">): void {
  const plain = plainOf(state, event.plain);
  legal(plain.users > 0, `a put of plain${event.plain} without users`, "a user");
  plain.users -= 1;
  taskOf(state, event.task).references.pop();
  if (plain.users > 0) return;
  plain.phase = "unregistering";
  if (plain.linked) unlink(state, event.plain);
  state.srcu.callbacks.push({ plain: event.plain, mm: event.mm, waitFor: [...state.srcu.readers] });
}

/** `free_notifier`: the grace period of a put is over. */
export function freeNotifier(state: State, event: EventOf<"free_notifier">): void {
  const at = state.srcu.callbacks.findIndex((callback) => callback.plain === event.plain);
  if (at >= 0) state.srcu.callbacks.splice(at, 1);
  plainOf(state, event.plain).phase = "free";
  dropCount(mmOf(state, event.mm));
}

/** `mmu_notifier_unregister`. */
export function unregister(state: State, event: EventOf<"mmu_notifier_unregister">): void {
  plainOf(state, event.plain).phase = "unregistering";
}

/** `hlist_del_init_rcu`: off the list, unless the exit has already emptied it. */
export function unregisterUnlink(state: State, event: EventOf<"hlist_del_init_rcu">): void {
  if (plainOf(state, event.plain).linked) unlink(state, event.plain);
}

/** `mmu_notifier_unregister_return`. */
export function unregisterReturn(
  state: State,
  event: EventOf<"mmu_notifier_unregister_return">,
): void {
  const plain = plainOf(state, event.plain);
  plain.phase = "free";
  plain.users = 0;
  dropCount(mmOf(state, event.mm));
}

/** `mn_hlist_release`: the list is emptied; each notifier keeps its reference. */
export function hlistRelease(state: State, event: EventOf<"mn_hlist_release">): void {
  const list = mmOf(state, event.mm).subs?.list ?? [];
  while (list[0] !== undefined) unlink(state, list[0]);
}
