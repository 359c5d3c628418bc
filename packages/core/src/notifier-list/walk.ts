/**
 * Walks over the plain list.
 *
 * A walk stands on the notifier that it will call next. A refused start does not stop the walk: the
 * others are still started, then every notifier that has an end is ended, in the same SRCU section.
 * Kernel counterparts: mn_hlist_invalidate_range_start, mn_hlist_invalidate_end, mn_hlist_release
 * (mm/mmu_notifier.c).
 */
import type { EventOf, MmId, PlainId, TaskId, WalkKind } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { peekMm, peekPlain, type State, taskOf } from "../state/state.ts";
import type { Walk } from "../tasks/task.ts";
import { hasCallback } from "./plain-notifier.ts";

/** The first notifier from `from` on that has the callback, or null. */
function firstWithCallback(state: State, from: PlainId | null, kind: WalkKind): PlainId | null {
  let at = from;
  while (at !== null && !hasCallback(peekPlain(state, at), kind)) at = peekPlain(state, at).next;
  return at;
}

/** A walk begins at the head of the list. */
export function beginWalk(state: State, task: TaskId, mm: MmId, kind: WalkKind): void {
  taskOf(state, task).walk = {
    mm,
    kind,
    cursor: fromHead(state, mm, kind),
    failed: false,
    result: 0,
  };
}

/** The notifier that a walk beginning now would call first, or null. */
export function fromHead(state: State, mm: MmId, kind: WalkKind): PlainId | null {
  return firstWithCallback(state, peekMm(state, mm).subs?.list[0] ?? null, kind);
}

/** The notifier that a walk calls after `called`, or null. */
export function afterCall(state: State, called: PlainId, kind: WalkKind): PlainId | null {
  return firstWithCallback(state, peekPlain(state, called).next, kind);
}

function walkOf(state: State, task: TaskId): Walk {
  const { walk } = taskOf(state, task);
  legal(walk !== null, "a callback outside a walk", "srcu_read_lock first");
  return walk;
}

/** `mn_hlist_invalidate_range_start`. */
export function hlistRangeStart(
  state: State,
  event: EventOf<"mn_hlist_invalidate_range_start">,
): void {
  const walk = walkOf(state, event.task);
  walk.failed ||= event.rc !== 0;
  walk.cursor = afterCall(state, event.plain, walk.kind);
  if (walk.cursor === null && walk.failed) {
    walk.kind = "invalidate_range_end";
    walk.cursor = fromHead(state, event.mm, walk.kind);
  }
}

/** `mn_hlist_invalidate_end`. */
export function hlistRangeEnd(state: State, event: EventOf<"mn_hlist_invalidate_end">): void {
  const walk = walkOf(state, event.task);
  walk.cursor = afterCall(state, event.plain, walk.kind);
}

/** `mn_hlist_callback`: invalidate_range inside an end walk does not move it. */
export function hlistCallback(state: State, event: EventOf<"mn_hlist_callback">): void {
  const { walk } = taskOf(state, event.task);
  if (walk === null || walk.kind !== event.operation) return;
  walk.result |= event.result;
  const stops = event.operation === "test_young" && event.result !== 0;
  walk.cursor = stops ? null : afterCall(state, event.plain, walk.kind);
}
