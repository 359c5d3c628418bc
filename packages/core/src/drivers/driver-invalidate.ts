/**
 * The program of a callback of the user's own.
 *
 * The walk over the tree calls it as it calls the built-in driver's, and its answer leads on in the same way:
 * a false in a non-blockable region ends the walk, in another one it only is a misuse.
 */
import type { EventOf, NotifierId } from "@mmreplay/events";
import {
  answerCallback,
  called,
  enterCallback,
  invalidatedPages,
  isOwn,
} from "../tasks/callback-program.ts";
import {
  type At,
  type Labels,
  type MicroStep,
  type Move,
  mirrorOfNotifier,
  move,
} from "../tasks/machine.ts";
import { currentRegion } from "../tasks/start-program.ts";
import type { Driver } from "./driver.ts";
import type { InvalidateAction, InvalidateView } from "./driver-actions.ts";
import {
  actionAt,
  mayBeBusy,
  type StepPlace,
  sharedBlocked,
  sharedMove,
  variablesOf,
} from "./driver-steps.ts";

const labelOf = (label: string): string => `invalidate:${label}`;

/** The labels of a driver's callback; the walk enters it at `cb_enter`. */
export function invalidateLabels(driver: Driver): Labels {
  const steps = Object.keys(driver.invalidate).map((label): [string, MicroStep] => [
    labelOf(label),
    stepAt(driver, label),
  ]);
  return {
    cb_enter: { run: (at) => enterCallback(at, labelOf("start")) },
    ...Object.fromEntries(steps),
  };
}

/** Labels of it before which another task may run. */
export function invalidatePoints({ invalidate }: Driver): string[] {
  return Object.entries(invalidate).flatMap(([label, step]) =>
    typeof step !== "function" && step.do === "return" ? [] : [labelOf(label)],
  );
}

function stepAt(driver: Driver, label: string): MicroStep {
  const action = (at: At): InvalidateAction =>
    actionAt(driver, "invalidate", label, () => viewOf(driver, at));
  return {
    blockedOn: (at) => sharedBlocked(action(at), placeOf(at)),
    mayRefuse: (at) => currentRegion(at).blockable === false && mayBeBusy(action(at), placeOf(at)),
    run: (at, branch) => run(action(at), placeOf(at), branch === "refuse"),
  };
}

function placeOf(at: At): StepPlace {
  return {
    at,
    mirror: mirrorOfNotifier(at, called(at)),
    label: labelOf,
    get pages() {
      return invalidatedPages(at);
    },
  };
}

function run(action: InvalidateAction, place: StepPlace, refuses: boolean): Move {
  const { at } = place;
  const shared = sharedMove(action, place, refuses);
  if (shared !== undefined) return shared;
  if (action.do === "return") return answerCallback(at, action.result);
  if (action.do !== "set_seq") throw new Error(`no callback can ${action.do}`);
  const seq = (action.seq ?? currentRegion(at).seq) as EventOf<"mmu_interval_set_seq">["seq"];
  const notifier: NotifierId = called(at);
  return move(at, labelOf(action.next), { type: "mmu_interval_set_seq", notifier, seq });
}

/** What is looked at is looked up only then, so that a step depends on nothing else. */
function viewOf(driver: Driver, at: At): InvalidateView {
  return {
    get startPage() {
      return invalidatedPages(at).startPage;
    },
    get endPageExclusive() {
      return invalidatedPages(at).endPageExclusive;
    },
    get event() {
      return currentRegion(at).event;
    },
    get blockable() {
      return currentRegion(at).blockable !== false;
    },
    get own() {
      return isOwn(at);
    },
    get seq() {
      return currentRegion(at).seq as number;
    },
    get variables() {
      return variablesOf(driver, at, mirrorOfNotifier(at, called(at)));
    },
  };
}
