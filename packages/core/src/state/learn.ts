/**
 * What a recording teaches about a past that it does not show.
 *
 * A recording may begin in mid-flight, lose events, or show a value that the reconstruction does
 * not explain. Recorded values decide: they overwrite what was assumed. A loss takes away what was
 * known.
 */
import type { EventOf } from "@mmreplay/events";
import { emptyAddressSpace, ensureSubscriptions } from "../address-space/address-space.ts";
import { emptyMirror } from "../drivers/mirror/mirror.ts";
import { emptyNotifier } from "../interval-notifiers/interval-notifier.ts";
import { treeInsert, treeRemove } from "../interval-notifiers/interval-tree.ts";
import { emptyTask } from "../tasks/task.ts";
import { legal } from "./legal.ts";
import { isOdd } from "./seq.ts";
import { mirrorOf, mmOf, notifierOf, type State, taskOf } from "./state.ts";

/** `task_start`. */
export function taskStart(state: State, event: EventOf<"task_start">): void {
  taskOf(state, event.task).name = event.name;
}

/** `learn_mm`: the mm's invalidate_seq; an even one means that the deferred list was applied. */
export function learnMm(state: State, event: EventOf<"learn_mm">): void {
  const mm = mmOf(state, event.mm);
  const subs = ensureSubscriptions(mm);
  subs.hasItree = true;
  subs.seq = event.seq;
  if (isOdd(event.seq)) return;
  for (const id of subs.deferred) {
    const notifier = notifierOf(state, id);
    notifier.deferred = false;
    if (notifier.inTree) treeRemove(state, subs, id);
    else treeInsert(state, subs, id);
  }
  subs.deferred = [];
}

/** `learn_notifier`: a notifier that was inserted before the recording, or its invalidate_seq. */
export function learnNotifier(state: State, event: EventOf<"learn_notifier">): void {
  const notifier = notifierOf(state, event.notifier);
  const subs = ensureSubscriptions(mmOf(state, event.mm));
  subs.hasItree = true;
  mirrorOf(state, event.mirror);
  if (!notifier.inTree && !notifier.deferred) {
    mmOf(state, event.mm).count += 1;
    notifier.mm = event.mm;
    notifier.mirror = event.mirror;
    notifier.start = event.start;
    notifier.last = event.last;
    notifier.phase = "live";
    treeInsert(state, subs, event.notifier);
  }
  if (event.seq !== null) notifier.seq = event.seq;
}

/** `learn_notifier_gone`: its removal was not recorded. */
export function learnNotifierGone(state: State, event: EventOf<"learn_notifier_gone">): void {
  const notifier = notifierOf(state, event.notifier);
  const subs = ensureSubscriptions(mmOf(state, event.mm));
  const inserted = notifier.inTree || notifier.deferred;
  legal(!inserted || notifier.mm === event.mm, "a notifier of another mm", `one of mm${event.mm}`);
  if (notifier.deferred) subs.deferred.splice(subs.deferred.indexOf(event.notifier), 1);
  notifier.deferred = false;
  if (notifier.inTree) treeRemove(state, subs, event.notifier);
  notifier.phase = "free";
}

/** `learn_mirror`: a new instance, perhaps at the address of an older one. */
export function learnMirror(state: State, event: EventOf<"learn_mirror">): void {
  mirrorOf(state, event.mirror);
  state.mirrors[event.mirror] = emptyMirror();
}

/**
 * `lost_events`, `buffer_started`: nothing that was in progress or inserted is known any more.
 * What is still there shows itself again and is learned.
 */
export function forget(state: State): void {
  state.mms = state.mms.map(emptyAddressSpace);
  state.notifiers = state.notifiers.map(emptyNotifier);
  state.mirrors = state.mirrors.map(emptyMirror);
  state.tasks = state.tasks.map((task) => ({ ...emptyTask(), name: task.name }));
}
