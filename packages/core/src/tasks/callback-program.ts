/**
 * The program of a mirror driver's `ops->invalidate`: lock, set_seq, zap, unlock.
 *
 * In a non-blockable region it may not sleep: it tries the lock and answers false if that is held.
 * Each bug of `DriverBug` that concerns the callback leaves a step out or moves it.
 */
import { type EventBody, maxAddress, minAddress, type NotifierId, pageOf } from "@mmreplay/events";
import { notifierAfter } from "../interval-notifiers/epoch.ts";
import { peekNotifier } from "../state/state.ts";
import {
  type At,
  type Blocked,
  type Branch,
  blockedIf,
  deviceOf,
  isLocked,
  type Labels,
  type Move,
  mirrorOfNotifier,
  move,
} from "./machine.ts";
import { afterTree, currentRegion } from "./start-program.ts";

/** The notifier that is called back. */
export function called(at: At): NotifierId {
  return currentRegion(at).next as NotifierId;
}

const mirrorOf = (at: At) => mirrorOfNotifier(at, called(at));
const lockHeld = (at: At): boolean => isLocked(at, called(at));

/** Whether the invalidation is one that the driver's own device asked for. */
export function isOwn(at: At): boolean {
  const { owner } = currentRegion(at);
  return owner !== null && owner === deviceOf(at.scenario, mirrorOf(at));
}

/** Whether the driver leaves it alone then (protocol.md 5.1, 6.3). */
function leavesAlone(at: At): boolean {
  const { event } = currentRegion(at);
  const { ownMigrate, exclusivePages } = at.scenario.driver;
  if (!isOwn(at)) return false;
  if (event === "MIGRATE") return ownMigrate === "skipped";
  return event === "EXCLUSIVE" && exclusivePages === undefined;
}

/** The callback's steps in the driver's order, as this driver's bug has them. */
function callbackSteps(at: At): readonly string[] {
  if (leavesAlone(at)) return [];
  if (at.scenario.snapshots?.includes(called(at)) === true) {
    return ["cb_lock", "cb_set_seq", "cb_unlock"];
  }
  switch (at.scenario.driver.bug) {
    case "no_set_seq":
      return ["cb_lock", "cb_clear", "cb_unlock"];
    case "callback_clears_nothing":
      return ["cb_lock", "cb_set_seq", "cb_unlock"];
    case "callback_without_lock":
      return ["cb_set_seq", "cb_clear"];
    case "set_seq_after_unlock":
      return ["cb_lock", "cb_clear", "cb_unlock", "cb_set_seq"];
    default:
      return ["cb_lock", "cb_set_seq", "cb_clear", "cb_unlock"];
  }
}

function stepAfter(at: At, step: string): string {
  const steps = callbackSteps(at);
  return steps[steps.indexOf(step) + 1] ?? "cb_return";
}

/** The callback is called. */
export function enterCallback(at: At, then: string): Move {
  const region = currentRegion(at);
  return move(at, then, {
    type: "invalidate",
    mm: at.mmId,
    region: region.id,
    notifier: called(at),
    seq: region.seq as EventBody<"invalidate">["seq"],
  });
}

function lockBlocked(at: At, branch: Branch): Blocked | null {
  const waits = currentRegion(at).blockable === true && branch !== "refuse";
  return blockedIf(waits && lockHeld(at), "driver_lock");
}

function lock(at: At, branch: Branch): Move {
  const region = currentRegion(at);
  if (branch === "refuse" && region.blockable) return answerCallback(at, false);
  const refuses = branch === "refuse" || at.scenario.driver.nonblock === "refuse";
  if (!region.blockable && (refuses || lockHeld(at))) {
    return move(at, "cb_fail", {
      type: "driver_trylock_fail",
      mirror: mirrorOf(at),
    });
  }
  return move(at, stepAfter(at, "cb_lock"), {
    type: "driver_lock",
    mirror: mirrorOf(at),
  });
}

/** The pages of the region that the notifier covers. */
export function invalidatedPages(at: At): { startPage: number; endPageExclusive: number } {
  const region = currentRegion(at);
  const notifier = peekNotifier(at.state, called(at));
  const start = maxAddress(region.start, notifier.start);
  const last = minAddress(region.last, notifier.last);
  return { startPage: pageOf(start), endPageExclusive: pageOf(last) + 1 };
}

function clear(at: At): Move {
  const { startPage, endPageExclusive } = invalidatedPages(at);
  return move(at, stepAfter(at, "cb_clear"), {
    type: "device_unmap",
    mirror: mirrorOf(at),
    startPage,
    endPageExclusive: endPageExclusive + Number(at.scenario.driver.erasesEnd === true),
  });
}

/** The callback returns; where the region goes on. A false in a blockable region only warns. */
export function answerCallback(at: At, result: boolean): Move {
  const region = currentRegion(at);
  const next = notifierAfter(at.state, at.mmId, region, called(at));
  let then = next === null ? afterTree(at, region.event) : "cb_enter";
  if (!result && !region.blockable) then = "inv_abort";
  return move(at, then, {
    type: "invalidate_return",
    mm: at.mmId,
    region: region.id,
    notifier: called(at),
    result,
  });
}

function acknowledge(at: At): Move {
  return move(at, stepAfter(at, "cb_set_seq"), {
    type: "mmu_interval_set_seq",
    notifier: called(at),
    seq: currentRegion(at).seq as EventBody<"mmu_interval_set_seq">["seq"],
  });
}

/** Labels of a callback; `cb_enter` begins it. */
export const CALLBACK_LABELS: Labels = {
  cb_enter: { run: (at) => enterCallback(at, callbackSteps(at)[0] ?? "cb_return") },
  cb_lock: {
    blockedOn: lockBlocked,
    // Somebody outside of the scenario may hold the lock.
    mayRefuse: (at) => currentRegion(at).blockable === false && !lockHeld(at),
    run: lock,
  },
  cb_fail: { run: (at) => answerCallback(at, false) },
  cb_set_seq: { run: acknowledge },
  cb_clear: { run: clear },
  cb_unlock: {
    run: (at) =>
      move(at, stepAfter(at, "cb_unlock"), {
        type: "driver_unlock",
        mirror: mirrorOf(at),
      }),
  },
  cb_return: { run: (at) => answerCallback(at, true) },
};
