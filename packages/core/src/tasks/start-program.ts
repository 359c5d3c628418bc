/**
 * The program of invalidate_range_start: START, the walk over the tree, the plain list.
 *
 * A refusal in a non-blockable region ends the walk; the core undoes its own count (`inv_abort`) and
 * returns -EAGAIN, and the caller must not call range_end. A refusal by the plain list returns
 * -EAGAIN without undoing the interval part's count: the kernel's own gap (K-Z28).
 */
import { type EventBody, lastOf } from "@mmreplay/events";
import { type Region, regionOf } from "../address-space/region.ts";
import { firstOverlap } from "../interval-notifiers/interval-tree.ts";
import { hasCallback } from "../notifier-list/plain-notifier.ts";
import { afterCall, fromHead } from "../notifier-list/walk.ts";
import { peekPlain } from "../state/state.ts";
import { type At, type Labels, type Move, move, skip } from "./machine.ts";
import type { Operation } from "./operation.ts";

type StartAt = At<Extract<Operation, { op: "inv_start" }>>;
type Start = EventBody<"mmu_notifier_invalidate_range_start">;

const EAGAIN = -11;

/** The region whose start or end this task is in the middle of. */
export function currentRegion(at: At): Region {
  return regionOf(at.mm, at.me.region as Region["id"]);
}

/** START of a region, and where the call goes on. */
export function startRegion(at: At, region: Omit<Start, "type" | "task" | "then" | "mm">): Move {
  const { subs } = at.mm;
  const hit = subs?.hasItree
    ? firstOverlap(at.state, subs, region.start, lastOf(region.end))
    : null;
  return move(at, hit === null ? afterTree(at, region.event) : "cb_enter", {
    type: "mmu_notifier_invalidate_range_start",
    mm: at.mmId,
    ...region,
  });
}

/** Where range_start goes on after the last callback of the tree. */
export function afterTree(at: At, event: Start["event"]): string {
  if (event === "RELEASE") return "exit_release_end";
  return at.mm.subs !== null && at.mm.subs.list.length > 0 ? "start_plain" : "start_return";
}

function begin(at: StartAt): Move {
  if (at.mm.dead) return skip(at, "mm_dead");
  const { sid, start, end, event, blockable } = at.op;
  return startRegion(at, { region: sid, start, end, event, blockable, owner: null });
}

function startPlain(at: At): Move {
  const first = fromHead(at.state, at.mmId, "invalidate_range_start");
  return move(at, first === null ? "start_plain_unlock" : "mn_start_cb", {
    type: "srcu_read_lock",
    mm: at.mmId,
    walk: "invalidate_range_start",
  });
}

function callStart(at: At, refuses: boolean): Move {
  const walk = at.me.walk as NonNullable<At["me"]["walk"]>;
  const plain = walk.cursor as NonNullable<typeof walk.cursor>;
  const region = currentRegion(at);
  let then = "start_plain_unlock";
  if (afterCall(at.state, plain, "invalidate_range_start") !== null) then = "mn_start_cb";
  else if (refuses || walk.failed) {
    if (fromHead(at.state, at.mmId, "invalidate_range_end") !== null) then = "mn_undo_end_cb";
  }
  return move(at, then, {
    type: "mn_hlist_invalidate_range_start",
    mm: at.mmId,
    region: region.id,
    plain,
    rc: refuses ? EAGAIN : 0,
  });
}

function hasEnd(at: At): boolean {
  const called = at.me.walk?.cursor;
  return called != null && hasCallback(peekPlain(at.state, called), "invalidate_range_end");
}

function undoStart(at: At): Move {
  const plain = at.me.walk?.cursor as NonNullable<NonNullable<At["me"]["walk"]>["cursor"]>;
  const more = afterCall(at.state, plain, "invalidate_range_end") !== null;
  return move(at, more ? "mn_undo_end_cb" : "start_plain_unlock", {
    type: "mn_hlist_invalidate_end",
    mm: at.mmId,
    region: currentRegion(at).id,
    plain,
  });
}

function startReturn(at: At, rc: number): Move {
  return move(at, at.op.op === "mm_exit" ? "exit_cpu_change" : "next", {
    type: "mmu_notifier_invalidate_range_start_return",
    mm: at.mmId,
    region: currentRegion(at).id,
    rc,
  });
}

/** Labels of range_start; `inv_start` begins it. */
export const START_LABELS: Labels = {
  inv_start: { run: (at) => begin(at as StartAt) },
  start_plain: { run: startPlain },
  mn_start_cb: {
    // A notifier with an end may not refuse: that would be a warning, and a misuse.
    mayRefuse: (at) => currentRegion(at).blockable === false && !hasEnd(at),
    run: (at, branch) => callStart(at, branch === "refuse"),
  },
  mn_undo_end_cb: { run: undoStart },
  start_plain_unlock: {
    run: (at) =>
      move(at, at.me.walk?.failed ? "start_return_eagain" : "start_return", {
        type: "srcu_read_unlock",
        mm: at.mmId,
      }),
  },
  start_return: { run: (at) => startReturn(at, 0) },
  start_return_eagain: { run: (at) => startReturn(at, EAGAIN) },
};
