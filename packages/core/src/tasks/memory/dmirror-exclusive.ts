/**
 * The test driver's EXCLUSIVE and CHECK_EXCLUSIVE (lib/test_hmm.c: dmirror_exclusive, dmirror_atomic_map,
 * dmirror_check_atomic).
 *
 * Windows of 64 pages are asked for under the mmap lock; entries with the tag ATOMIC are stored only if all of
 * a window were granted, while their pages are locked still. The driver of 6.1 looks at no sequence; the other
 * form does as nouveau does (drivers.md 2.5): it begins to read before it asks, checks under its lock, and
 * its callback leaves the invalidations alone that its own device asked for.
 */
import type { DeviceEntry } from "@mmreplay/events";
import { isAtomic } from "../../drivers/mirror/mirror.ts";
import { someEntry } from "../../state/page-table.ts";
import { peekMirror, peekNotifier } from "../../state/state.ts";
import { blockedIf, deviceOf, type Labels, local, type Move, move } from "../machine.ts";
import type { ReadSection } from "../task.ts";
import {
  type DmirrorAt,
  EINVAL,
  endPage,
  giveBack,
  locks,
  mirror,
  runs,
  unlock,
  WINDOW_PAGES,
} from "./dmirror-command.ts";
import { grantedPages, makeExclusive } from "./make-exclusive.ts";

const EPERM = -1;
const EBUSY = -16;

const checks = ({ scenario }: DmirrorAt): boolean => scenario.driver.exclusivePages === undefined;
const from = (at: DmirrorAt): number => local(at, "from");
const windowEnd = (at: DmirrorAt): number => Math.min(from(at) + WINDOW_PAGES, endPage(at));

/** How a window has ended: stored, missed a page, or to be tried again. */
const [STORED, MISSED, AGAIN] = [0, 1, 2];

function begin(at: DmirrorAt): Move {
  if (at.mm.users === 0) return giveBack(at, EINVAL);
  const then = checks(at) ? "dmirror_grant_begin" : "dmirror_grant_mmap_lock";
  const set = { from: at.op.page, window: STORED };
  return { ...move(at, then, { type: "mmget", mm: at.mmId }), set };
}

function readBegin(at: DmirrorAt): Move {
  const notifier = at.op.n;
  const { seq } = peekNotifier(at.state, notifier);
  if (seq === null) throw new Error(`notifier${notifier} has no sequence number`);
  const waits = at.mm.subs?.seq === seq;
  return move(at, waits ? "dmirror_grant_wake" : "dmirror_grant_mmap_lock", {
    type: "mmu_interval_read_begin",
    mm: at.mmId,
    notifier,
    seq,
    waits,
  });
}

function ask(at: DmirrorAt): Move {
  const owner = checks(at) ? deviceOf(at.scenario, mirror(at)) : null;
  const asked = { page: from(at), end: windowEnd(at), mirror: mirror(at), owner };
  return makeExclusive(at, asked, "dmirror_granted");
}

/** All pages of the window, or none is stored. */
function granted(at: DmirrorAt): Move {
  const all = grantedPages(at).length === windowEnd(at) - from(at);
  const then = checks(at) ? "dmirror_grant_check" : "dmirror_grant_store";
  const takes = move(at, all ? then : "dmirror_grant_missed", {
    type: "driver_lock",
    mirror: mirror(at),
  });
  return { ...takes, set: { window: all ? STORED : MISSED } };
}

function check(at: DmirrorAt): Move {
  const { notifier, seq } = at.me.section as ReadSection;
  const result = peekNotifier(at.state, notifier).seq !== seq;
  const body = { type: "mmu_interval_read_retry", notifier, seq, result } as const;
  const checked = move(at, result ? "dmirror_grant_unlock" : "dmirror_grant_store", body);
  return { ...checked, set: { window: result ? AGAIN : STORED } };
}

function store(at: DmirrorAt): Move {
  const entries = grantedPages(at).map(
    ({ page, from: frame }): DeviceEntry => [page, frame, false],
  );
  const notifier = checks(at) ? at.op.n : null;
  const body = { type: "device_map", mirror: mirror(at), notifier, entries, atomic: true } as const;
  return move(at, "dmirror_grant_unlock", body);
}

const afterUnlock = (at: DmirrorAt): string =>
  grantedPages(at).length > 0 ? "dmirror_grant_put" : afterPut(at);

/** Each page is unlocked and put. */
function put(at: DmirrorAt): Move {
  const [first, ...more] = grantedPages(at);
  if (first === undefined) throw new Error(`task ${at.task} holds no page`);
  const puts = { type: "put_page", frame: first.from } as const;
  if (more.length > 0) return move(at, "dmirror_grant_put", puts);
  const then = afterPut(at);
  const set = then === "dmirror_grant_ask" ? { from: windowEnd(at) } : {};
  return { ...move(at, then, puts), set };
}

const isLast = (at: DmirrorAt): boolean =>
  local(at, "window") !== STORED || windowEnd(at) === endPage(at);

function afterPut(at: DmirrorAt): string {
  return checks(at) || isLast(at) ? "dmirror_grant_mmap_unlock" : "dmirror_grant_ask";
}

function leave(at: DmirrorAt): Move {
  const then = checks(at) ? "dmirror_grant_over" : "dmirror_grant_mmput";
  return move(at, then, { type: "mmap_unlock", mm: at.mmId });
}

/** The read section ends: the next window begins, the same one again, or all is done. */
function over(at: DmirrorAt): Move {
  const window = local(at, "window");
  const again = window === AGAIN && (at.me.fault?.tries ?? 0) + 1 < at.scenario.driver.maxTries;
  const result = again ? "retry" : window === STORED ? "stored" : "failed";
  const next = isLast(at) ? "dmirror_grant_mmput" : "dmirror_grant_begin";
  const body = { type: "device_fault_return", notifier: at.op.n, result } as const;
  const ends = move(at, again ? "dmirror_grant_read_begin" : next, body);
  return again || isLast(at) ? ends : { ...ends, set: { from: windowEnd(at) } };
}

function mmput(at: DmirrorAt): Move {
  const rc = local(at, "window") === STORED ? 0 : EBUSY;
  const then = rc === 0 ? "dmirror_read_back" : "dmirror_return";
  return { ...move(at, then, { type: "mmput", mm: at.mmId }), set: { rc } };
}

/** Whether the device has any of the pages to itself. */
function checkAtomic(at: DmirrorAt): Move {
  const { device } = peekMirror(at.state, mirror(at));
  const atomic = someEntry(device, at.op.page, endPage(at), (_, entry) => isAtomic(entry));
  const body = { type: "driver_unlock", mirror: mirror(at) } as const;
  return { ...move(at, "dmirror_return", body), set: { rc: atomic ? EPERM : 0 } };
}

/** Labels before which others may run. */
export const DMIRROR_EXCLUSIVE_LABELS: Labels = {
  dmirror_exclusive: runs(begin),
  dmirror_grant_begin: runs((at) =>
    move(at, "dmirror_grant_read_begin", { type: "device_fault", notifier: at.op.n }),
  ),
  dmirror_grant_read_begin: runs(readBegin),
  dmirror_grant_wake: {
    blockedOn: ({ me }) =>
      blockedIf(me.sleep?.woken === false, "read_begin", me.sleep?.seq ?? null),
    run: (at) =>
      move(at, "dmirror_grant_mmap_lock", {
        type: "read_begin_wake",
        notifier: (at as DmirrorAt).op.n,
        seq: (at.me.section as ReadSection).seq,
      }),
  },
  dmirror_grant_mmap_lock: {
    blockedOn: (at) => blockedIf(at.mm.mmapLock !== null, "mmap_lock"),
    run: (at) => move(at, "dmirror_grant_ask", { type: "mmap_lock", mm: at.mmId, shared: true }),
  },
  dmirror_granted: locks(granted),
  dmirror_grant_check: runs(check),
  dmirror_grant_store: runs(store),
  dmirror_grant_unlock: runs((at) => unlock(at, afterUnlock(at))),
  dmirror_grant_put: runs(put),
  dmirror_grant_mmap_unlock: runs(leave),
  dmirror_check: locks((at) =>
    move(at, "dmirror_check_unlock", { type: "driver_lock", mirror: mirror(at) }),
  ),
};

/** Labels that follow at once. */
export const DMIRROR_EXCLUSIVE_INNER_LABELS: Labels = {
  dmirror_grant_ask: runs(ask),
  dmirror_grant_missed: runs((at) => unlock(at, afterUnlock(at))),
  dmirror_grant_over: runs(over),
  dmirror_grant_mmput: runs(mmput),
  dmirror_check_unlock: runs(checkAtomic),
};
