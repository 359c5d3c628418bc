/**
 * What a recording teaches about a past that it does not show.
 *
 * A recording may begin in mid-flight, lose events, or show a value that the reconstruction does
 * not explain. Recorded values decide: they overwrite what was assumed. A loss takes away what was
 * known of the device page tables and of calls in progress.
 */
import type { EventOf } from "@mmreplay/events";
import { ensureSubscriptions } from "../address-space/address-space.ts";
import { treeInsert } from "../interval-notifiers/interval-tree.ts";
import { emptyPageTable } from "./page-table.ts";
import { mirrorOf, mmOf, notifierOf, type State, taskOf } from "./state.ts";

/** `task_start`. */
export function taskStart(state: State, event: EventOf<"task_start">): void {
  taskOf(state, event.task).name = event.name;
}

/** `learn_mm`: the mm's invalidate_seq; regions that are known to be open stay counted. */
export function learnMm(state: State, event: EventOf<"learn_mm">): void {
  const mm = mmOf(state, event.mm);
  const subs = ensureSubscriptions(mm);
  subs.hasItree = true;
  subs.seq = event.seq;
  for (const region of mm.regions) {
    if (region.counted) continue;
    region.counted = true;
    subs.active += 1;
  }
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

/** `lost_events`, `buffer_started`: what was in progress is no longer known. */
export function forget(state: State): void {
  for (const mirror of state.mirrors) {
    mirror.lock = null;
    mirror.device = emptyPageTable();
  }
  for (const task of state.tasks) {
    task.section = null;
    task.fault = null;
    task.sleep = null;
    task.region = null;
  }
  for (const mm of state.mms) {
    if (mm.subs !== null) mm.subs.active = 0;
    mm.regions = [];
  }
}
