/**
 * How the steps of a driver of the user's own become labels of the model's programs.
 *
 * The action of a label is found each time that the label is looked at, to see whether the task must wait and
 * to run it; that is why a step may look at nothing but its view. It is asked twice, and a step that then
 * answers otherwise is refused: a search that remembers its answers would be wrong about it.
 */
import { type MirrorId, SimError } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { peekMirror } from "../state/state.ts";
import { type At, type Blocked, blockedIf, type Move, move } from "../tasks/machine.ts";
import type { Driver } from "./driver.ts";
import type { DriverStep } from "./driver-actions.ts";
import {
  checkAction,
  type DriverAction,
  type DriverHalf,
  loops,
  wrong,
} from "./driver-definition.ts";

/** Where a step stands: its half of the driver, and the instance. */
export interface StepPlace {
  readonly at: At;
  readonly mirror: MirrorId;
  /** The label of the model for one of the driver's. */
  readonly label: (label: string) => string;
  /** Pages that are asked for. */
  readonly pages: { readonly startPage: number; readonly endPageExclusive: number };
}

/** The action at a label, after all that only goes elsewhere. @throws SimError `E_DRIVER`. */
export function actionAt<A extends DriverAction, S>(
  driver: Driver,
  half: DriverHalf,
  label: string,
  see: () => S,
): A {
  const steps = driver[half] as unknown as Readonly<Record<string, DriverStep<A, S>>>;
  let current = label;
  for (let count = Object.keys(steps).length; count >= 0; count--) {
    const step = steps[current] as DriverStep<A, S>;
    const action = typeof step === "function" ? asked(driver, half, current, step, see) : step;
    if (action.do !== "goto") return action;
    current = action.next;
  }
  throw loops(half, label);
}

function asked<A extends DriverAction, S>(
  driver: Driver,
  half: DriverHalf,
  label: string,
  step: (see: S) => A,
  see: () => S,
): A {
  const [first, second] = [answer(half, label, step, see), answer(half, label, step, see)];
  if (JSON.stringify(first) !== JSON.stringify(second)) {
    const found = `two answers of ${half}.${label} to one view`;
    throw wrong(found, "a function of its view", "Keep what it remembers in variables.");
  }
  checkAction(driver, half, label, first);
  return first;
}

function answer<A, S>(half: DriverHalf, label: string, step: (see: S) => A, see: () => S): A {
  const view = see();
  try {
    return step(view);
  } catch (error) {
    if (error instanceof SimError) throw error;
    const found = `${half}.${label}, which throws ${String(error)}`;
    throw wrong(found, "an action", "Let it return one.");
  }
}

/** The variables of a driver instance; those that were never set have their first values. */
export function variablesOf(driver: Driver, at: At, mirror: MirrorId): Record<string, number> {
  // Who declares none looks at none, and so does not depend on them.
  if (Object.keys(driver.variables).length === 0) return {};
  return { ...driver.variables, ...peekMirror(at.state, mirror).variables };
}

const holderOf = ({ at, mirror }: StepPlace) => peekMirror(at.state, mirror).lock;

/** What keeps an action of either half from being done; null: nothing. */
export function sharedBlocked(action: DriverAction, place: StepPlace): Blocked | null {
  return blockedIf(action.do === "lock" && holderOf(place) !== null, "driver_lock");
}

/** Whether somebody outside of the scenario may hold the lock that is tried. */
export function mayBeBusy(action: DriverAction, place: StepPlace): boolean {
  return action.do === "trylock" && holderOf(place) === null;
}

/** The event of an action that both halves have; undefined: it is none of these. */
export function sharedMove(
  action: DriverAction,
  place: StepPlace,
  refuses: boolean,
): Move | undefined {
  const { at, mirror, label } = place;
  switch (action.do) {
    case "lock":
      return move(at, label(action.next), { type: "driver_lock", mirror });
    case "trylock": {
      const busy = refuses || holderOf(place) !== null;
      if (busy) return move(at, label(action.busy), { type: "driver_trylock_fail", mirror });
      return move(at, label(action.next), { type: "driver_lock", mirror });
    }
    case "unlock":
      legal(holderOf(place) === at.task, "an unlock by who does not hold the lock", "its holder");
      return move(at, label(action.next), { type: "driver_unlock", mirror });
    case "clear": {
      const pages = pagesOf(action, place);
      return move(at, label(action.next), { type: "device_unmap", mirror, ...pages });
    }
    case "set": {
      const variables = action.variables as Record<string, number>;
      return move(at, label(action.next), { type: "driver_set", mirror, variables });
    }
    default:
      return undefined;
  }
}

/** The pages that an action names, or all that are asked for. */
export function pagesOf(
  { startPage, endPageExclusive }: Partial<StepPlace["pages"]>,
  { pages }: StepPlace,
): StepPlace["pages"] {
  return {
    startPage: startPage ?? pages.startPage,
    endPageExclusive: endPageExclusive ?? pages.endPageExclusive,
  };
}
