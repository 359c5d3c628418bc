/**
 * The programs of the HMM test driver's READ, WRITE and SNAPSHOT (lib/test_hmm.c: dmirror_read,
 * dmirror_write, dmirror_snapshot).
 *
 * The device copies what its page table maps; where it maps nothing (or may not write) the rest of the
 * range is faulted, in windows of 64 pages, and the copy goes on. `faults` counts these calls, not their
 * retries (protocol.md 6.5). A snapshot asks what is there, through a notifier of its own that lives for
 * 64 pages; a program inserts and removes it around the command.
 */
import type { Access, DeviceEntry, DmirrorCommand, PageEntry } from "@mmreplay/events";
import { deviceAllows, frameOf, mayWrite } from "../../drivers/mirror/mirror.ts";
import { protByte } from "../../drivers/mirror/prot-byte.ts";
import { frameOfCpu } from "../../memory/cpu-entry.ts";
import { entryOf } from "../../state/page-table.ts";
import { peekMirror, peekNotifier } from "../../state/state.ts";
import {
  type At,
  blockedIf,
  call,
  deviceOf,
  type Labels,
  local,
  type Move,
  move,
  skip,
} from "../machine.ts";
import type { ReadSection } from "../task.ts";
import {
  type DmirrorAt,
  endPage,
  giveBack,
  locks,
  mirror,
  runs,
  unlock,
  WINDOW_PAGES,
} from "./dmirror-command.ts";
import { movesAgain, waitsForMigration } from "./dmirror-insist.ts";
import { rangeFault } from "./range-fault.ts";

const EFAULT = -14;
const EBUSY = -16;

const writes = (at: DmirrorAt): boolean => at.op.command === "WRITE";
const isSnapshot = (at: DmirrorAt): boolean => at.op.command === "SNAPSHOT";

/** What is asked of hmm_range_fault. */
function requestOf({ op }: DmirrorAt): "read" | "write" | "snapshot" {
  if (op.command === "WRITE") return "write";
  return op.command === "SNAPSHOT" ? "snapshot" : "read";
}

/** Where a command begins; what moves pages is in dmirror-move.ts, what grants them in dmirror-exclusive.ts. */
const BEGINS: Readonly<Record<DmirrorCommand, string>> = {
  READ: "dmirror_lock",
  WRITE: "dmirror_lock",
  SNAPSHOT: "dmirror_snapshot",
  MIGRATE_TO_DEV: "dmirror_move",
  MIGRATE_TO_SYS: "dmirror_move",
  RELEASE: "dmirror_release",
  EXCLUSIVE: "dmirror_exclusive",
  CHECK_EXCLUSIVE: "dmirror_check",
};

function begin(at: DmirrorAt): Move {
  if (peekNotifier(at.state, at.op.n).phase !== "live") return skip(at, "not_live");
  const { page, command } = at.op;
  const opens = move(at, BEGINS[command], {
    type: "dmirror_fops_unlocked_ioctl",
    mirror: mirror(at),
    command,
    startPage: page,
    endPageExclusive: endPage(at),
  });
  return call(opens, "next", { page, faults: 0, rc: 0 });
}

/** The device's entry of a page, where it allows what the command does. */
function usable(at: DmirrorAt, page: number): number | undefined {
  const entry = entryOf(peekMirror(at.state, mirror(at)).device, page);
  return entry !== 0 && (!writes(at) || mayWrite(entry)) ? entry : undefined;
}

function lockToCopy(at: DmirrorAt): Move {
  const any = local(at, "page") < endPage(at) && usable(at, local(at, "page")) !== undefined;
  const body = { type: "driver_lock", mirror: mirror(at) } as const;
  return move(at, any ? "dmirror_copy" : "dmirror_unlock", body);
}

/** Copies up to the first page that the device cannot use. */
function copy(at: DmirrorAt): Move {
  const { op } = at;
  const entries: Access[] = [];
  let page = local(at, "page");
  for (; page < endPage(at); page += 1) {
    const entry = usable(at, page);
    if (entry === undefined) break;
    const frame = frameOf(entry);
    const content = at.state.frames[frame]?.content ?? 0;
    entries.push([page, frame, writes(at) ? (op.value ?? 0) + page - op.page : content]);
  }
  const type = writes(at) ? "dmirror_do_write" : "dmirror_do_read";
  const copied = move(at, "dmirror_unlock", { type, mirror: mirror(at), entries });
  return { ...copied, set: { page } };
}

function unlockAfterCopy(at: DmirrorAt): Move {
  if (local(at, "page") < endPage(at)) return unlock(at, "dmirror_fault");
  return unlock(at, movesAgain(at) ? "dmirror_move" : "dmirror_return");
}

/** dmirror_snapshot: all of the range, without a request. */
function snapshot(at: DmirrorAt): Move {
  if (at.mm.users === 0) return giveBack(at, EFAULT);
  const set = { from: at.op.page };
  return { ...move(at, "dmirror_window", { type: "mmget", mm: at.mmId }), set };
}

/** dmirror_fault: the rest of the range, or nothing where the process is going. */
function fault(at: DmirrorAt): Move {
  if (at.mm.users === 0) return giveBack(at, EFAULT);
  const set = { faults: local(at, "faults") + 1, from: local(at, "page") };
  return { ...move(at, "dmirror_window", { type: "mmget", mm: at.mmId }), set };
}

function window(at: DmirrorAt): Move {
  return move(at, "dmirror_read_begin", { type: "device_fault", notifier: at.op.n });
}

function readBegin(at: DmirrorAt): Move {
  const notifier = at.op.n;
  const { seq } = peekNotifier(at.state, notifier);
  if (seq === null) throw new Error(`notifier${notifier} has no sequence number`);
  const waits = at.mm.subs?.seq === seq;
  return move(at, waits ? "dmirror_read_begin_wake" : "dmirror_mmap_lock", {
    type: "mmu_interval_read_begin",
    mm: at.mmId,
    notifier,
    seq,
    waits,
  });
}

const windowEnd = (at: DmirrorAt): number =>
  Math.min(local(at, "from") + WINDOW_PAGES, endPage(at));

const section = (at: At): ReadSection => at.me.section as ReadSection;

function walked(at: DmirrorAt): Move {
  const rc = local(at, "ret");
  const then = rc === 0 ? "dmirror_lock_to_store" : "dmirror_again";
  return move(at, rc === 0 || rc === EBUSY ? then : "dmirror_failed", {
    type: "mmap_unlock",
    mm: at.mmId,
  });
}

function retryCheck(at: DmirrorAt): Move {
  const { notifier, seq } = section(at);
  const result = peekNotifier(at.state, notifier).seq !== seq;
  const body = { type: "mmu_interval_read_retry", notifier, seq, result } as const;
  const then = isSnapshot(at) ? "dmirror_mkentry" : "dmirror_store";
  return move(at, result ? "dmirror_unlock_again" : then, body);
}

/** dmirror_mkentry: what was found, as the command reports it. */
function encode(at: DmirrorAt): Move {
  const device = deviceOf(at.scenario, mirror(at));
  const entries = section(at).entries.map(([page, entry]): PageEntry => {
    return [page, protByte(at.state, device, entry)];
  });
  const encodes = { type: "dmirror_range_snapshot", mirror: mirror(at), entries } as const;
  return { ...move(at, "dmirror_unlock_stored", encodes), set: { page: windowEnd(at) } };
}

/**
 * What was looked up, up to a page that may not be written though that was asked for: a read-only one of the
 * device's own memory, which hmm_range_fault reports as it is (protocol.md 4.3). Then the command fails, with
 * a warning (../shared/traces, hole 1).
 */
function store(at: DmirrorAt): Move {
  const found = section(at).entries;
  const refused = writes(at) ? found.findIndex(([, entry]) => !deviceAllows(entry, true)) : -1;
  const stored = refused < 0 ? found : found.slice(0, refused);
  const maps = move(at, refused < 0 ? "dmirror_unlock_stored" : "dmirror_unlock_failed", {
    type: "device_map",
    mirror: mirror(at),
    notifier: at.op.n,
    entries: stored.map(([page, entry]): DeviceEntry => {
      return [page, frameOfCpu(entry), deviceAllows(entry, true)];
    }),
  });
  return refused < 0 ? maps : { ...maps, set: { ret: EFAULT } };
}

type PassResult = "retry" | "stored" | "failed" | "gave_up";

const passOver = (at: DmirrorAt, then: string, result: PassResult): Move =>
  move(at, then, { type: "device_fault_return", notifier: at.op.n, result });

/** A pass has collided: another one, or the second that dmirror_range_fault has is over (`maxTries`). */
function again(at: DmirrorAt): Move {
  const tries = (at.me.fault?.tries ?? 0) + 1;
  if (isSnapshot(at) || tries < at.scenario.driver.maxTries) {
    return passOver(at, "dmirror_read_begin", "retry");
  }
  return { ...passOver(at, "dmirror_mmput", "gave_up"), set: { rc: EBUSY } };
}

function stored(at: DmirrorAt): Move {
  const from = windowEnd(at);
  const then = from === endPage(at) ? "dmirror_mmput" : "dmirror_window";
  return { ...passOver(at, then, "stored"), set: { from } };
}

function failed(at: DmirrorAt): Move {
  return { ...passOver(at, "dmirror_mmput", "failed"), set: { rc: local(at, "ret") } };
}

/** Labels of a command of the test driver; `dmirror` begins it. */
export const DMIRROR_LABELS: Labels = {
  dmirror: {
    blockedOn: (at) => blockedIf(waitsForMigration(at as DmirrorAt), "other_migration"),
    ...runs(begin),
  },
  dmirror_lock: locks(lockToCopy),
  dmirror_copy: runs(copy),
  dmirror_unlock: runs(unlockAfterCopy),
  dmirror_snapshot: runs(snapshot),
  dmirror_fault: runs(fault),
  dmirror_window: runs(window),
  dmirror_read_begin: runs(readBegin),
  dmirror_read_begin_wake: {
    blockedOn: ({ me }) =>
      blockedIf(me.sleep?.woken === false, "read_begin", me.sleep?.seq ?? null),
    run: (at) =>
      move(at, "dmirror_mmap_lock", {
        type: "read_begin_wake",
        notifier: (at as DmirrorAt).op.n,
        seq: section(at).seq,
      }),
  },
  dmirror_mmap_lock: {
    blockedOn: (at) => blockedIf(at.mm.mmapLock !== null, "mmap_lock"),
    run: (at) => move(at, "dmirror_walk", { type: "mmap_lock", mm: at.mmId, shared: true }),
  },
  dmirror_walk: runs((at) => {
    const request = requestOf(at);
    const owner = deviceOf(at.scenario, mirror(at));
    const [page, end, first] = [local(at, "from"), windowEnd(at), at.op.page];
    const asks = at.op.asks?.slice(page - first, end - first);
    const range = { page, end, request, asks, owner };
    return rangeFault(at, range, "dmirror_walked");
  }),
  dmirror_walked: runs(walked),
  dmirror_again: runs(again),
  dmirror_lock_to_store: locks((at) =>
    move(at, "dmirror_retry_check", { type: "driver_lock", mirror: mirror(at) }),
  ),
  dmirror_retry_check: runs(retryCheck),
  dmirror_unlock_again: runs((at) => unlock(at, "dmirror_again")),
  dmirror_mkentry: runs(encode),
  dmirror_store: runs(store),
  dmirror_unlock_stored: runs((at) => unlock(at, "dmirror_stored")),
  dmirror_unlock_failed: runs((at) => unlock(at, "dmirror_failed")),
  dmirror_stored: runs(stored),
  dmirror_failed: runs(failed),
  dmirror_mmput: runs((at) => {
    const again = local(at, "rc") === 0 && !isSnapshot(at);
    const then = again ? "dmirror_lock" : "dmirror_return";
    return move(at, then, { type: "mmput", mm: at.mmId });
  }),
  dmirror_return: runs((at) => giveBack(at, local(at, "rc"))),
};
