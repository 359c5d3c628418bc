/**
 * The program of a driver that takes a notifier down.
 *
 * Order matters: no new faults, wait for the running ones, clear the device entries, and only then
 * mmu_interval_notifier_remove. Until it returns the notifier may still be called back.
 */
import { type NotifierId, pageOf, taskId } from "@mmreplay/events";
import { removeWaits } from "../interval-notifiers/remove.ts";
import { peekNotifier, peekTask, type State } from "../state/state.ts";
import {
  type At,
  type Blocked,
  blockedIf,
  isLocked,
  type Labels,
  type Move,
  mirrorOfNotifier,
  move,
  skip,
} from "./machine.ts";
import { movesPages, type Operation } from "./operation.ts";

type RemoveAt = At<Extract<Operation, { op: "remove" }>>;

const mirrorOf = (at: At) => mirrorOfNotifier(at, (at as RemoveAt).op.n);

/** Device faults that are in flight through a notifier. */
export function faultsInFlight(state: State, notifier: NotifierId): number {
  return state.tasks.filter((task) => task.fault?.notifier === notifier).length;
}

function begin(at: RemoveAt): Move {
  if (peekNotifier(at.state, at.op.n).phase !== "live") return skip(at, "not_live");
  return move(at, "teardown_lock", {
    type: "driver_remove_begin",
    notifier: at.op.n,
  });
}

function teardownBlocked(at: RemoveAt): Blocked | null {
  return (
    blockedIf(faultsInFlight(at.state, at.op.n) > 0 || isInCommand(at), "drain", at.op.n) ??
    blockedIf(isLocked(at, at.op.n), "driver_lock")
  );
}

/** A command of the test driver holds the file, so the release that removes comes after it. */
function isInCommand({ state, scenario, op }: RemoveAt): boolean {
  // Only memory has commands; a generated recording has long programs without.
  if (scenario.memory !== true) return false;
  const commands = (one: Operation): boolean => one.op === "dmirror" && one.n === op.n;
  return scenario.programs.some((program, task) => {
    if (!program.some(commands)) return false;
    const { pc, label } = peekTask(state, taskId(task));
    const running = program[pc];
    return running !== undefined && commands(running) && label !== "start";
  });
}

function clear(at: RemoveAt): Move {
  const { start, last } = peekNotifier(at.state, at.op.n);
  return move(at, "teardown_unlock", {
    type: "device_unmap",
    mirror: mirrorOf(at),
    startPage: pageOf(start),
    endPageExclusive: pageOf(last) + 1,
  });
}

function removal(at: RemoveAt): Move {
  const { subs } = at.mm;
  const waits = subs !== null && removeWaits(at.state, subs, at.op.n);
  return move(at, waits ? "remove_wake" : "remove_return", {
    type: "mmu_interval_notifier_remove",
    mm: at.mmId,
    notifier: at.op.n,
  });
}

function removed(at: RemoveAt): Move {
  const isSnapshot = at.scenario.snapshots?.includes(at.op.n) === true;
  return move(at, movesPages(at.scenario) && !isSnapshot ? "close_evict" : "next", {
    type: "mmu_interval_notifier_remove_return",
    mm: at.mmId,
    notifier: at.op.n,
  });
}

/** Labels of a removal; `remove` begins it. */
export const REMOVE_LABELS: Labels = {
  remove: { run: (at) => begin(at as RemoveAt) },
  teardown_lock: {
    blockedOn: (at) => teardownBlocked(at as RemoveAt),
    run: (at) => move(at, "teardown_clear", { type: "driver_lock", mirror: mirrorOf(at) }),
  },
  teardown_clear: { run: (at) => clear(at as RemoveAt) },
  teardown_unlock: {
    run: (at) => move(at, "remove_commit", { type: "driver_unlock", mirror: mirrorOf(at) }),
  },
  remove_commit: { run: (at) => removal(at as RemoveAt) },
  remove_return: { run: (at) => removed(at as RemoveAt) },
  remove_wake: {
    blockedOn: ({ me }) => blockedIf(me.sleep?.woken === false, "remove", me.sleep?.seq ?? null),
    run: (at) =>
      move(at, "remove_return", {
        type: "remove_wake",
        notifier: (at as RemoveAt).op.n,
      }),
  },
};
