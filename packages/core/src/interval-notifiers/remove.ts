/**
 * Removal of an interval notifier.
 *
 * While the tree is frozen a removal only joins the deferred list and sleeps until the sequence
 * moves; the notifier stays in the tree and is still called back. A pending insert is simply taken
 * off the list. Kernel counterpart: mmu_interval_notifier_remove (mm/mmu_notifier.c).
 */
import type { EventOf, NotifierId } from "@mmreplay/events";
import { dropCount } from "../address-space/address-space.ts";
import { legal } from "../state/legal.ts";
import { isOdd } from "../state/seq.ts";
import { mmOf, notifierOf, peekNotifier, type State, taskOf } from "../state/state.ts";
import { treeRemove } from "./interval-tree.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** Whether the removal will have to wait for the end of the epoch. */
export function removeWaits(state: State, subs: Subscriptions, id: NotifierId): boolean {
  return isOdd(subs.seq) && peekNotifier(state, id).inTree;
}

/** `mmu_interval_notifier_remove`: the critical section. */
export function remove(state: State, event: EventOf<"mmu_interval_notifier_remove">): void {
  const { subs } = mmOf(state, event.mm);
  const notifier = notifierOf(state, event.notifier);
  legal(subs !== null, "a removal from an mm without subscriptions", "an inserted notifier");
  legal(
    notifier.inTree || notifier.deferred,
    `a removal of notifier${event.notifier}, which is not inserted`,
    "an inserted notifier",
  );
  legal(notifier.mm === event.mm, "a notifier of another mm", `one of mm${event.mm}`);
  notifier.phase = "removing";
  if (!isOdd(subs.seq)) {
    treeRemove(state, subs, event.notifier);
  } else if (!notifier.inTree) {
    subs.deferred.splice(subs.deferred.indexOf(event.notifier), 1);
    notifier.deferred = false;
  } else {
    legal(!notifier.deferred, "a second removal of a notifier", "one removal");
    subs.deferred.unshift(event.notifier);
    notifier.deferred = true;
    taskOf(state, event.task).sleep = {
      kind: "remove",
      mm: event.mm,
      notifier: event.notifier,
      seq: subs.seq,
      woken: false,
    };
  }
}

/** `remove_wake`: the sleep is over. */
export function removeWake(state: State, event: EventOf<"remove_wake">): void {
  taskOf(state, event.task).sleep = null;
}

/** `mmu_interval_notifier_remove_return`: the reference on the mm goes, the notifier is free. */
export function removeReturn(
  state: State,
  event: EventOf<"mmu_interval_notifier_remove_return">,
): void {
  notifierOf(state, event.notifier).phase = "free";
  taskOf(state, event.task).sleep = null;
  dropCount(mmOf(state, event.mm));
}
