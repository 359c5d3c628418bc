/**
 * The programs of plain notifiers: register, get, put, unregister, and the calls over the list.
 *
 * unregister runs release in an SRCU section, unlinks, and waits for a grace period; put only drops
 * a reference and leaves the freeing to a callback (`srcu_free`, run by no task's program).
 * Kernel counterparts: mmu_notifier_register, mmu_notifier_get_locked, mmu_notifier_put,
 * mmu_notifier_unregister, mmu_notifier_synchronize (mm/mmu_notifier.c).
 */
import type { EventOf, PlainId, PlainOperation } from "@mmreplay/events";
import { isFreed, openSections } from "../address-space/address-space.ts";
import { hasCallback, type PlainOps } from "../notifier-list/plain-notifier.ts";
import { afterCall, fromHead } from "../notifier-list/walk.ts";
import { peekPlain } from "../state/state.ts";
import {
  type At,
  blockedIf,
  isMmapLocked,
  type Labels,
  type MicroStep,
  type Move,
  move,
  skip,
} from "./machine.ts";
import { type Operation, PLAIN_SHARED_FIRST, type PlainWalkOperation } from "./operation.ts";

type RegisterAt = At<Extract<Operation, { op: "mn_register" | "mn_get" }>>;
type UnregisterAt = At<Extract<Operation, { op: "mn_unregister" }>>;
type WalkAt = At<Extract<Operation, { op: PlainWalkOperation }>>;

/** The callbacks of a slot: 0 and 2 have all, 1 only a start, shared ones all but a start. */
function opsOf(plain: PlainId): PlainOps {
  if (plain >= PLAIN_SHARED_FIRST) return "no_start";
  return plain === 1 ? "start_only" : "all";
}

/** The slot that this call registers: its own, or the one that get has allocated. */
function slot(at: RegisterAt): PlainId {
  return (at.op.op === "mn_register" ? at.op.m : at.me.allocated) as PlainId;
}

/** The lowest free slot for mmu_notifier_get. */
function freeSlot(at: At): PlainId {
  let plain = PLAIN_SHARED_FIRST as PlainId;
  while (peekPlain(at.state, plain).phase !== "free") plain = (plain + 1) as PlainId;
  return plain;
}

function begin(at: RegisterAt): Move {
  if (at.op.op === "mn_register" && peekPlain(at.state, at.op.m).phase !== "free") {
    return skip(at, "not_free");
  }
  if (isFreed(at.mm)) return skip(at, "mm_freed");
  if (at.mm.users === 0) return skip(at, "mm_users_zero");
  return move(at, "mn_mmget", {
    type: "mmu_notifier_register_begin",
    mm: at.mmId,
    plain: at.op.op === "mn_register" ? at.op.m : null,
  });
}

/** The shared notifier that get would find: one with its ops, on the list. */
function shared(at: At): PlainId | undefined {
  return at.mm.subs?.list.find((id) => id >= PLAIN_SHARED_FIRST);
}

function lockMmap(at: RegisterAt): Move {
  const enomem = at.op.inject === "ENOMEM" && at.mm.subs === null;
  let then = enomem ? "mn_register_failed" : "mn_register_locked";
  if (at.op.op === "mn_get") then = at.mm.subs === null ? "mn_alloc_first" : "mn_find_get";
  return move(at, then, { type: "mmap_lock", mm: at.mmId });
}

function find(at: RegisterAt): Move {
  const found = shared(at);
  if (found !== undefined) {
    return move(at, "mn_mmap_unlock", { type: "mmu_notifier_get", mm: at.mmId, plain: found });
  }
  return allocate(at);
}

function allocate(at: RegisterAt): Move {
  if (at.op.inject === "ALLOC") return registered(at, ENOMEM, null);
  const enomem = at.op.inject === "ENOMEM" && at.mm.subs === null;
  return move(at, enomem ? "mn_register_failed" : "mn_register_locked", {
    type: "alloc_notifier",
    mm: at.mmId,
    plain: freeSlot(at),
  });
}

const ENOMEM = -12;
const EINTR = -4;

function registered(at: RegisterAt, rc: number, plain: PlainId | null): Move {
  return move(at, "mn_mmap_unlock", {
    type: "mmu_notifier_register",
    mm: at.mmId,
    plain,
    ops: plain === null ? "all" : opsOf(plain),
    rc,
  });
}

function putReference(at: At): Move {
  const plain = at.me.references.at(-1);
  if (plain === undefined) return skip(at, "no_reference");
  return move(at, "next", { type: "mmu_notifier_put", mm: at.mmId, plain });
}

function unregister(at: UnregisterAt): Move {
  const plain = peekPlain(at.state, at.op.m);
  if (plain.phase !== "live") return skip(at, "not_live");
  let then = "mn_synchronize_begin";
  if (plain.linked) then = hasCallback(plain, "release") ? "mn_release_lock" : "mn_unlink_first";
  return move(at, then, { type: "mmu_notifier_unregister", mm: at.mmId, plain: at.op.m });
}

function unlink(at: UnregisterAt): Move {
  return move(at, "mn_synchronize_begin", {
    type: "hlist_del_init_rcu",
    mm: at.mmId,
    plain: at.op.m,
  });
}

const OPERATION: Readonly<Record<PlainWalkOperation, PlainOperation>> = {
  mn_invalidate_range: "invalidate_range",
  mn_clear_flush_young: "clear_flush_young",
  mn_clear_young: "clear_young",
  mn_test_young: "test_young",
  mn_change_pte: "change_pte",
};

function call(at: WalkAt): Move {
  if (at.mm.dead) return skip(at, "mm_dead");
  const operation = OPERATION[at.op.op];
  const listed = at.mm.subs !== null && at.mm.subs.list.length > 0;
  return move(at, listed ? "mn_call_lock" : "mn_call_return", {
    type: "mmu_notifier_call",
    mm: at.mmId,
    operation,
  });
}

function lockCall(at: WalkAt): Move {
  const operation = OPERATION[at.op.op];
  const first = fromHead(at.state, at.mmId, operation);
  return move(at, first === null ? "mn_call_unlock" : "mn_call_cb", {
    type: "srcu_read_lock",
    mm: at.mmId,
    walk: operation,
  });
}

/** What a young callback answers: the parity of the page and the slot, inverted for clear. */
function youngResult(at: WalkAt, plain: PlainId, operation: PlainOperation): number {
  const page = Number.parseInt(at.op.start.slice(2, 15), 16);
  if (operation === "clear_young") return (page + plain + 1) % 2;
  if (operation === "clear_flush_young" || operation === "test_young") return (page + plain) % 2;
  return 0;
}

function callback(at: WalkAt): Move {
  const operation = OPERATION[at.op.op];
  const plain = at.me.walk?.cursor as PlainId;
  const result = youngResult(at, plain, operation);
  const stops = operation === "test_young" && result !== 0;
  const more = !stops && afterCall(at.state, plain, operation) !== null;
  return move(at, more ? "mn_call_cb" : "mn_call_unlock", {
    type: "mn_hlist_callback",
    mm: at.mmId,
    plain,
    operation,
    result,
  });
}

const walkOperation: MicroStep = { run: (at) => call(at as WalkAt) };
const waitForReaders = ({ me }: At) => blockedIf((me.srcuWait?.length ?? 0) > 0, "srcu");

/** Labels of the plain notifiers' calls. */
export const PLAIN_LABELS: Labels = {
  mn_register: { run: (at) => begin(at as RegisterAt) },
  mn_get: { run: (at) => begin(at as RegisterAt) },
  mn_mmget: { run: (at) => move(at, "mn_mmap_lock", { type: "mmget", mm: at.mmId }) },
  mn_mmap_lock: {
    blockedOn: (at) => blockedIf(isMmapLocked(at), "mmap_lock"),
    run: (at) => lockMmap(at as RegisterAt),
  },
  mn_find_get: { run: (at) => find(at as RegisterAt) },
  mn_alloc_first: { run: (at) => allocate(at as RegisterAt) },
  mn_register_locked: {
    blockedOn: (at) => blockedIf(openSections(at.mm) > 0, "all_locks"),
    run: (at) =>
      registered(
        at as RegisterAt,
        (at as RegisterAt).op.inject === "EINTR" ? EINTR : 0,
        slot(at as RegisterAt),
      ),
  },
  mn_register_failed: { run: (at) => registered(at as RegisterAt, ENOMEM, slot(at as RegisterAt)) },
  mn_mmap_unlock: { run: (at) => move(at, "mn_mmput", { type: "mmap_unlock", mm: at.mmId }) },
  mn_mmput: { run: (at) => move(at, "next", { type: "mmput", mm: at.mmId }) },
  mn_put: { run: putReference },
  mn_unregister: { run: (at) => unregister(at as UnregisterAt) },
  mn_release_lock: {
    run: (at) => move(at, "mn_release_cb", { type: "srcu_read_lock", mm: at.mmId, walk: null }),
  },
  mn_unlink_first: { run: (at) => unlink(at as UnregisterAt) },
  mn_release_cb: {
    run: (at) =>
      move(at, "mn_release_unlock", {
        type: "mn_hlist_callback",
        mm: at.mmId,
        plain: (at as UnregisterAt).op.m,
        operation: "release",
        result: 0,
      }),
  },
  mn_release_unlock: {
    run: (at) => move(at, "mn_unregister_del", { type: "srcu_read_unlock", mm: at.mmId }),
  },
  mn_unregister_del: { run: (at) => unlink(at as UnregisterAt) },
  mn_synchronize_begin: {
    run: (at) => move(at, "mn_unregister_wait", { type: "synchronize_srcu", mm: at.mmId }),
  },
  mn_unregister_wait: {
    blockedOn: waitForReaders,
    run: (at) => move(at, "mn_unregistered", { type: "synchronize_srcu_return", mm: at.mmId }),
  },
  mn_unregistered: {
    run: (at) =>
      move(at, "next", {
        type: "mmu_notifier_unregister_return",
        mm: at.mmId,
        plain: (at as UnregisterAt).op.m,
      }),
  },
  mn_synchronize: {
    run: (at) => move(at, "mn_synchronize_wait", { type: "synchronize_srcu", mm: at.mmId }),
  },
  mn_synchronize_wait: {
    blockedOn: waitForReaders,
    run: (at) => move(at, "next", { type: "synchronize_srcu_return", mm: at.mmId }),
  },
  mn_invalidate_range: walkOperation,
  mn_clear_flush_young: walkOperation,
  mn_clear_young: walkOperation,
  mn_test_young: walkOperation,
  mn_change_pte: walkOperation,
  mn_call_lock: { run: (at) => lockCall(at as WalkAt) },
  mn_call_cb: { run: (at) => callback(at as WalkAt) },
  mn_call_unlock: {
    run: (at) => move(at, "mn_call_return", { type: "srcu_read_unlock", mm: at.mmId }),
  },
  mn_call_return: {
    run: (at) => move(at, "next", { type: "mmu_notifier_call_return", mm: at.mmId }),
  },
};

/** The SRCU callback that is ready to free a notifier, or undefined: run by no task's program. */
export function readyCallback(
  at: Pick<At, "state">,
): EventOf<"free_notifier">["plain"] | undefined {
  return at.state.srcu.callbacks.find(({ waitFor }) => waitFor.length === 0)?.plain;
}
