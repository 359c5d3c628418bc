/**
 * The program of a device fault of the user's own.
 *
 * It begins and ends as the built-in driver's does, and its look-ups read the same entries. hmm_range_fault is
 * its call, the look at the sequence at the head of its loop, and the walk (mm/hmm.c): another task may come
 * between the look and the walk, which is why the check under the lock is needed all the same.
 */
import { addressOfPage, type DeviceEntry, type EventOf } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { entryOf } from "../state/page-table.ts";
import { peekMirror, peekNotifier } from "../state/state.ts";
import {
  beginFault,
  type FaultAt,
  faultPages,
  readBegin,
  sleepOfReadBegin,
  walk,
} from "../tasks/fault-program.ts";
import {
  type At,
  type Blocked,
  blockedIf,
  call,
  type Labels,
  local,
  type MicroStep,
  type Move,
  mirrorOfNotifier,
  move,
} from "../tasks/machine.ts";
import type { ReadSection } from "../tasks/task.ts";
import type { Driver } from "./driver.ts";
import type { FaultAction, FaultView } from "./driver-actions.ts";
import { wrong } from "./driver-definition.ts";
import {
  actionAt,
  pagesOf,
  type StepPlace,
  sharedBlocked,
  sharedMove,
  variablesOf,
} from "./driver-steps.ts";

type Action<D extends FaultAction["do"]> = Extract<FaultAction, { do: D }>;

const EBUSY = -16;

// No label of a driver has a dot, so these are none of its own.
const HMM_LOOP = "fault:.hmm_loop";
const HMM_WALK = "fault:.hmm_walk";
const HMM_RETURN = "fault:.hmm_return";

/** Locals of a fault outside of hmm_range_fault: its result, and the places of the labels that it leads to. */
const NOWHERE = { next: 0, busy: 0, absent: 0, rc: 0 };

/** Whether, in this pass, the device had all that was found when the lock was given back. */
const HAD_NOTHING = { had: 0 };

const labelOf = (label: string): string => `fault:${label}`;
const asleepAt = (label: string): string => `fault:.asleep.${label}`;

/** The labels of a driver's fault path; `fault` begins it. */
export function faultLabels(driver: Driver): Labels {
  const names = Object.keys(driver.faultPath);
  const steps = names.flatMap((label): [string, MicroStep][] => [
    [labelOf(label), stepAt(driver, label, names)],
    [asleepAt(label), sleepOfReadBegin(labelOf(label))],
  ]);
  const target = (at: At, which: string): string => labelOf(names[local(at, which)] as string);
  return {
    fault: { run: (at) => entered(at as FaultAt) },
    [HMM_LOOP]: { run: hmmLoop },
    [HMM_WALK]: { run: (at) => walk(at as FaultAt, HMM_RETURN, HMM_RETURN) },
    [HMM_RETURN]: { run: (at) => hmmReturn(at, target) },
    ...Object.fromEntries(steps),
  };
}

/** Labels of it before which another task may run. */
export function faultPoints({ faultPath }: Driver): string[] {
  const own = Object.entries(faultPath).flatMap(([label, step]) => {
    const ends = typeof step !== "function" && ["return", "retry"].includes(step.do);
    return ends ? [] : [labelOf(label)];
  });
  return [...own, ...Object.keys(faultPath).map(asleepAt), HMM_WALK];
}

/** A fault has locals: where its hmm_range_fault leads to. */
function entered(at: FaultAt): Move {
  const begun = beginFault(at, labelOf("start"));
  return begun.type === "device_fault"
    ? call(begun, "next", { ...NOWHERE, ...HAD_NOTHING })
    : begun;
}

function stepAt(driver: Driver, label: string, names: readonly string[]): MicroStep {
  const action = (at: At): FaultAction =>
    actionAt(driver, "faultPath", label, () => viewOf(driver, at as FaultAt));
  return {
    blockedOn: (at) => blockedOn(action(at), placeOf(at as FaultAt)),
    run: (at) => run(action(at), placeOf(at as FaultAt), names),
  };
}

function placeOf(at: FaultAt): StepPlace & { readonly at: FaultAt } {
  return {
    at,
    mirror: mirrorOfNotifier(at, at.op.n),
    label: labelOf,
    get pages() {
      return pagesOfFault(at);
    },
  };
}

function pagesOfFault(at: FaultAt): StepPlace["pages"] {
  const { page, np } = faultPages(at);
  return { startPage: page, endPageExclusive: page + np };
}

function blockedOn(action: FaultAction, place: StepPlace): Blocked | null {
  if (action.do !== "mmap_read_lock") return sharedBlocked(action, place);
  return blockedIf(place.at.mm.mmapLock !== null, "mmap_lock");
}

function run(
  action: FaultAction,
  place: StepPlace & { readonly at: FaultAt },
  names: readonly string[],
): Move {
  const { at } = place;
  const shared = sharedMove(action, place, false);
  if (shared !== undefined)
    return action.do === "unlock" && hasAll(place) ? { ...shared, set: { had: 1 } } : shared;
  const notifier = at.op.n;
  switch (action.do) {
    case "read_begin":
      return { ...readBegin(at, labelOf(action.next), asleepAt(action.next)), set: HAD_NOTHING };
    case "read_seq_unguarded":
      return move(at, labelOf(action.next), {
        type: "read_seq_unguarded",
        notifier,
        seq: peekNotifier(at.state, notifier).seq as ReadSection["seq"],
      });
    case "mmap_read_lock":
      return move(at, labelOf(action.next), { type: "mmap_lock", mm: at.mmId, shared: true });
    case "mmap_read_unlock":
      legal(
        at.mm.mmapReaders.includes(at.task),
        "an unlock by who does not hold mmap_lock",
        "its holder",
      );
      return move(at, labelOf(action.next), { type: "mmap_unlock", mm: at.mmId });
    case "hmm_range_fault":
      return hmmRangeFault(action, place, names);
    case "look_up":
      return walk(at, labelOf(action.next), labelOf(action.absent ?? action.next));
    case "check_retry":
      return check(action, at, "mmu_interval_check_retry");
    case "read_retry":
      return check(action, at, "mmu_interval_read_retry");
    case "map":
      return map(action, place);
    case "retry":
      return {
        ...move(at, labelOf(action.next), {
          type: "device_fault_return",
          notifier,
          result: "retry",
        }),
        set: HAD_NOTHING,
      };
    case "return":
      return move(at, "next", { type: "device_fault_return", notifier, result: action.result });
    default:
      throw new Error(`no fault path can ${action.do}`);
  }
}

/** Whether the device has every page that was found; every page of the fault where none was looked up. */
function hasAll({ at, mirror }: StepPlace & { readonly at: FaultAt }): boolean {
  const { page, np } = faultPages(at);
  const all = Array.from({ length: np }, (_, index): number => page + index);
  const looked = at.me.section?.entries ?? [];
  const found = looked.flatMap(([one, frame]) => (frame === 0 ? [] : [one]));
  const { device } = peekMirror(at.state, mirror);
  return (looked.length === 0 ? all : found).every((one) => entryOf(device, one) !== 0);
}

/** The number that read_begin gave; a driver without one has nothing to compare. */
function sectionOf(at: FaultAt): ReadSection {
  const { section } = at.me;
  legal(section !== null, "a number that read_begin did not give", "a read_begin before it");
  return section;
}

function check(
  action: Action<"check_retry" | "read_retry">,
  at: FaultAt,
  type: "mmu_interval_check_retry" | "mmu_interval_read_retry",
): Move {
  const { seq } = sectionOf(at);
  const result = peekNotifier(at.state, at.op.n).seq !== seq;
  const then = labelOf(result ? action.retry : action.next);
  return move(at, then, { type, notifier: at.op.n, seq, result });
}

function map(action: Action<"map">, place: StepPlace & { readonly at: FaultAt }): Move {
  const { at, mirror } = place;
  const { startPage, endPageExclusive } = pagesOf(action, place);
  const entries = (at.me.section?.entries ?? []).filter(([page, frame]) => {
    return frame !== 0 && page >= startPage && page < endPageExclusive;
  });
  return move(at, labelOf(action.next), {
    type: "device_map",
    mirror,
    notifier: at.op.n,
    entries: entries.map(([page, frame]): DeviceEntry => [page, frame, true]),
  });
}

/** The call; the labels to which it leads are kept by their places. */
function hmmRangeFault(
  { next, busy, absent = next }: Action<"hmm_range_fault">,
  { at, pages }: StepPlace & { readonly at: FaultAt },
  names: readonly string[],
): Move {
  const called = move(at, HMM_LOOP, {
    type: "hmm_range_fault",
    notifier: at.op.n,
    seq: sectionOf(at).seq,
    start: addressOfPage(pages.startPage),
    end: addressOfPage(pages.endPageExclusive),
    owner: null,
  });
  const [done, again, none] = [next, busy, absent].map((label) => names.indexOf(label));
  return { ...called, set: { next: done ?? 0, busy: again ?? 0, absent: none ?? 0, rc: 0 } };
}

function hmmLoop(at: At): Move {
  const { seq, notifier } = at.me.section as ReadSection;
  const result = peekNotifier(at.state, notifier).seq !== seq;
  const checked = move(at, result ? HMM_RETURN : HMM_WALK, {
    type: "mmu_interval_check_retry",
    notifier,
    seq,
    result,
  });
  return { ...checked, set: { rc: result ? EBUSY : 0 } };
}

function hmmReturn(at: At, target: (at: At, which: string) => string): Move {
  const rc = local(at, "rc") as EventOf<"hmm_range_fault_return">["rc"];
  const { notifier, entries } = at.me.section as ReadSection;
  const present = entries.some(([, frame]) => frame !== 0);
  const then = rc === EBUSY ? "busy" : present ? "next" : "absent";
  const returned = move(at, target(at, then), { type: "hmm_range_fault_return", notifier, rc });
  return { ...returned, set: NOWHERE };
}

/** What is looked at is looked up only then, so that a step depends on nothing else. */
function viewOf(driver: Driver, at: FaultAt): FaultView {
  return {
    get startPage() {
      return pagesOfFault(at).startPage;
    },
    get endPageExclusive() {
      return pagesOfFault(at).endPageExclusive;
    },
    get tries() {
      const { maxTries } = driver;
      if (maxTries !== undefined) return Math.min(at.me.fault?.tries ?? 0, maxTries);
      const found = "a look at tries by a driver without maxTries";
      throw wrong(found, "maxTries beside it", "Say up to which number passes are counted.");
    },
    get variables() {
      return variablesOf(driver, at, mirrorOfNotifier(at, at.op.n));
    },
  };
}
