/**
 * The program of the CPU's page table change and of invalidate_range_end.
 *
 * The epoch is closed, with the deferred list applied and the sleepers woken, before the plain
 * notifiers' ends run. The same tail undoes a refused start (`inv_abort`).
 */
import { type EventBody, endPageExclusive, type PageEntry, pageOf } from "@mmreplay/events";
import { openRegion, type Region } from "../address-space/region.ts";
import { endsEpoch } from "../interval-notifiers/epoch.ts";
import { afterCall, fromHead } from "../notifier-list/walk.ts";
import { entryOf } from "../state/page-table.ts";
import { type At, type Labels, type Move, move, skip } from "./machine.ts";
import type { Operation } from "./operation.ts";
import { currentRegion } from "./start-program.ts";

type SectionAt = At<Extract<Operation, { op: "cpu_change" | "inv_end" }>>;
type EndAt = At<Extract<Operation, { op: "inv_end" }>>;

/** The entries that a region's page table change leaves: absent after UNMAP, else a new frame. */
export function changedEntries(at: At, region: Region): PageEntry[] {
  const entries: PageEntry[] = [];
  const end = Math.min(endPageExclusive(region.end), at.scenario.pages);
  let frame = at.mm.nextFrame;
  for (let page = pageOf(region.start); page < end; page++) {
    const old = entryOf(at.mm.cpu, page);
    if (old === 0) continue;
    if (region.event === "UNMAP") entries.push([page, 0]);
    else entries.push([page, at.scenario.pageVersions ? old + at.scenario.pages : frame++]);
  }
  return entries;
}

/** The CPU's page table changes inside a region. */
export function changePages(at: At, region: Region, then: string): Move {
  return move(at, then, {
    type: "cpu_pte_change",
    mm: at.mmId,
    region: region.id,
    entries: changedEntries(at, region),
    // Frames without contents have nothing to lose.
    ...(at.scenario.memory === true && region.event === "UNMAP" ? { discards: true } : {}),
  });
}

/** range_end is called for a region. */
export function endRegion(at: At, region: Region, onlyEnd: boolean): Move {
  return move(at, region.counted ? "end_itree" : afterEpoch(at, region), {
    type: "mmu_notifier_invalidate_range_end",
    mm: at.mmId,
    region: region.id,
    ...(onlyEnd ? { onlyEnd } : {}),
  });
}

function begin(at: SectionAt): Move {
  const region = openRegion(at.mm, at.op.sid);
  if (region === undefined) return skip(at, "not_started");
  if (at.op.op === "cpu_change") return changePages(at, region, "next");
  return endRegion(at, region, at.op.onlyEnd === true);
}

/** END: under the lock. */
function end(at: At): Move {
  const deferred = at.mm.subs?.deferred.length ?? 0;
  const final = endsEpoch(at.state, { mm: at.mmId });
  const then = final ? (deferred > 0 ? "drain" : "wake") : afterEpoch(at, currentRegion(at));
  return move(at, then, {
    type: "mn_itree_inv_end",
    mm: at.mmId,
    region: currentRegion(at).id,
  });
}

/** Where the call goes on once its count is undone. */
function afterEpoch(at: At, region: Region): string {
  if (region.phase === "starting") return "start_return_eagain";
  if (region.event === "RELEASE") return "end_return";
  return at.mm.subs !== null && at.mm.subs.list.length > 0 ? "end_plain" : "end_return";
}

function drain(at: At): Move {
  const deferred = at.mm.subs?.deferred ?? [];
  return move(at, deferred.length > 1 ? "drain" : "wake", {
    type: "deferred_list_apply",
    mm: at.mmId,
    notifier: deferred[0] as EventBody<"deferred_list_apply">["notifier"],
  });
}

const onlyEnd = (at: At): boolean => (at as EndAt).op.onlyEnd === true;
const endCallback = (at: At): string => (onlyEnd(at) ? "mn_end_cb" : "mn_invalidate_range_cb");

function endPlain(at: At): Move {
  const first = fromHead(at.state, at.mmId, "invalidate_range_end");
  return move(at, first === null ? "end_plain_unlock" : endCallback(at), {
    type: "srcu_read_lock",
    mm: at.mmId,
    walk: "invalidate_range_end",
  });
}

const cursor = (at: At) =>
  at.me.walk?.cursor as NonNullable<NonNullable<At["me"]["walk"]>["cursor"]>;

function callEnd(at: At): Move {
  const more = afterCall(at.state, cursor(at), "invalidate_range_end") !== null;
  return move(at, more ? endCallback(at) : "end_plain_unlock", {
    type: "mn_hlist_invalidate_end",
    mm: at.mmId,
    region: currentRegion(at).id,
    plain: cursor(at),
  });
}

function endReturn(at: At): Move {
  const region = currentRegion(at);
  let then = "next";
  if (at.op.op === "mm_exit") then = region.event === "RELEASE" ? "exit_after_release" : "exit_end";
  if (then === "exit_after_release") {
    const listed = at.mm.subs !== null && at.mm.subs.list.length > 0;
    then = listed ? "exit_plain" : "exit_unmap_start";
  }
  return move(at, then, {
    type: "mmu_notifier_invalidate_range_end_return",
    mm: at.mmId,
    region: region.id,
  });
}

/** Labels of the change, of range_end, and of the undoing of a start. */
export const END_LABELS: Labels = {
  cpu_change: { run: (at) => begin(at as SectionAt) },
  inv_end: { run: (at) => begin(at as SectionAt) },
  end_itree: { run: end },
  inv_abort: { run: end },
  drain: { run: drain },
  wake: {
    run: (at) =>
      move(at, afterEpoch(at, currentRegion(at)), {
        type: "wake_up_all",
        mm: at.mmId,
      }),
  },
  end_plain: { run: endPlain },
  mn_invalidate_range_cb: {
    run: (at) =>
      move(at, "mn_end_cb", {
        type: "mn_hlist_callback",
        mm: at.mmId,
        plain: cursor(at),
        operation: "invalidate_range",
        result: 0,
      }),
  },
  mn_end_cb: { run: callEnd },
  end_plain_unlock: {
    run: (at) => move(at, "end_return", { type: "srcu_read_unlock", mm: at.mmId }),
  },
  end_return: { run: endReturn },
};
