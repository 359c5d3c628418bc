/**
 * What the events of a run did to the numbers of the protocol: remarks for its table.
 *
 * An event says what was called, not what came of it: a start may make the sequence odd or find it odd, an
 * end may move it or not, an insertion may be deferred. The run is folded once more, with its own recipes, and
 * what changed is told. So a bug shows where it acts: a set_seq whose recipe does nothing was not called.
 */
import {
  type AddressSpace,
  emptyState,
  isOdd,
  reduceInPlace,
  SCENARIO_MM,
  type ScenarioNames,
  type State,
  someEntry,
} from "@mmreplay/core";
import { type EventOf, type MmEvent, type NotifierId, pageOf, type TaskId } from "@mmreplay/events";
import { pageSpan, subName } from "../report/table/names.ts";
import { frameWords } from "../report/table/vocabulary.ts";
import type { ScenarioRun } from "./scenario-run.ts";

/** What is told of a run beside its events. */
export interface Effects {
  /** How things stand when the tasks begin. */
  readonly beginning: readonly string[];
  /** By the index of the event. */
  readonly remarks: ReadonlyMap<number, readonly string[]>;
  /** Words instead of the event's. */
  readonly instead: ReadonlyMap<number, string>;
}

type TaskName = (task: TaskId) => string;

/** The effects of a run's events; the first `setUp` of them come before its tasks. */
export function effectsOf(
  { events, state: { seqModulus }, model }: ScenarioRun,
  setUp: number,
  names: ScenarioNames,
  taskName: TaskName,
): Effects {
  const state = emptyState(seqModulus);
  const remarks = new Map<number, readonly string[]>();
  const instead = new Map<number, string>();
  const drivers = new Set(events.flatMap((event) => ("mirror" in event ? [event.mirror] : [])));
  for (const event of events.slice(0, setUp)) reduceInPlace(state, event, model.recipes);
  const beginning = beginningOf(state, names);
  for (const event of events.slice(setUp)) {
    const before = noted(state, event);
    reduceInPlace(state, event, model.recipes);
    const said = remarksOn(event, before, state, taskName);
    if (said.length > 0) remarks.set(event.index, said);
    const words = notCalled(event, state) ?? (drivers.size > 1 ? lockOf(event) : undefined);
    if (words !== undefined) instead.set(event.index, words);
  }
  return { beginning, remarks, instead };
}

/** What an event may change. */
interface Noted {
  readonly seq: number | null;
  readonly asleep: readonly TaskId[];
}

function noted(state: State, event: MmEvent): Noted {
  const asleep = state.tasks.flatMap(({ sleep }, task) =>
    sleep !== null && !sleep.woken ? [task as TaskId] : [],
  );
  const mm = "mm" in event ? event.mm : SCENARIO_MM;
  return { seq: state.mms[mm]?.subs?.seq ?? null, asleep };
}

function remarksOn(event: MmEvent, before: Noted, state: State, taskName: TaskName): string[] {
  const after = noted(state, event);
  switch (event.type) {
    case "mmu_notifier_invalidate_range_start":
      return moved(before, after);
    case "mn_itree_inv_end":
      return [...moved(before, after), ...leftDeferred(event, state)];
    case "deferred_list_apply": {
      const enters = state.notifiers[event.notifier]?.inTree === true;
      return [`${subName(event.notifier, null)} ${enters ? "enters" : "leaves"} the tree`];
    }
    case "wake_up_all": {
      const woken = before.asleep.filter((task) => !after.asleep.includes(task));
      return woken.length === 0 ? [] : [`wakes ${woken.map(taskName).join(", ")}`];
    }
    case "mmu_interval_notifier_insert":
      return event.rc === 0 ? inserted(event, before, after, state) : [];
    case "mmu_interval_notifier_remove":
      return removed(event, after, state);
    case "device_map":
      return unchecked(event, state);
    default:
      return [];
  }
}

/** The mm's sequence, which a start or an end has moved or not. */
function moved({ seq: from }: Noted, { seq: to }: Noted): string[] {
  if (from === null || to === null) return [];
  return [`subs->invalidate_seq ${from === to ? `stays ${to}` : `${from} -> ${to}`}`];
}

/** The end of an epoch ought to apply the deferred list. */
function leftDeferred(event: EventOf<"mn_itree_inv_end">, state: State): string[] {
  const subs = state.mms[event.mm]?.subs;
  if (subs == null || isOdd(subs.seq) || event.goto === "drain") return [];
  return subs.deferred.map((id) => `${subName(id, null)} stays on deferred_list`);
}

function inserted(
  { notifier: id }: EventOf<"mmu_interval_notifier_insert">,
  before: Noted,
  after: Noted,
  state: State,
): string[] {
  const notifier = state.notifiers[id];
  return [
    `${subName(id, null)}->invalidate_seq = ${notifier?.seq}`,
    ...(before.seq === after.seq ? [] : moved(before, after)),
    ...(notifier?.deferred === true ? ["on deferred_list"] : []),
  ];
}

/** A removal from a frozen tree ought to sleep; where the task goes on says whether it does. */
function removed(
  event: EventOf<"mmu_interval_notifier_remove">,
  { seq }: Noted,
  state: State,
): string[] {
  if (event.goto === "remove_wake") return ["sleeps until subs->invalidate_seq moves"];
  const frozen = state.tasks[event.task]?.sleep != null;
  return frozen ? [`subs->invalidate_seq is ${seq}: does not wait`] : [];
}

/** Pages are stored that were not checked in this hold of the lock. */
function unchecked({ task }: EventOf<"device_map">, { tasks }: State): string[] {
  const section = tasks[task]?.section;
  if (section == null || section.checked !== null) return [];
  const call = `read_retry(${subName(section.notifier, null)}, ${section.seq})`;
  return [`? ${call} not tested under the lock`];
}

/** The recipe of a set_seq did nothing. */
function notCalled(event: MmEvent, state: State): string | undefined {
  if (event.type !== "mmu_interval_set_seq") return undefined;
  if (state.notifiers[event.notifier]?.seq === event.seq) return undefined;
  return `[? set_seq(${subName(event.notifier, null)}, ${event.seq}) not called ]`;
}

/** Which driver's lock it is, where there are several. */
function lockOf(event: MmEvent): string | undefined {
  if (event.type === "driver_lock") return `lock(driver${event.mirror})`;
  if (event.type === "driver_unlock") return `unlock(driver${event.mirror})`;
  if (event.type === "driver_trylock_fail") return `trylock(driver${event.mirror}) = false`;
  return undefined;
}

/** `sub0 (N)`: as the table calls it, and as the scenario does. */
function calledBoth(id: NotifierId, { notifiers }: ScenarioNames): string {
  const name = notifiers[id];
  return `${subName(id, null)}${name === undefined ? "" : ` (${name})`}`;
}

function beginningOf({ mms, notifiers }: State, names: ScenarioNames): string[] {
  const of = (mm: number): string => (mms.length > 1 ? `mm${mm}: ` : "");
  const numbers = mms.flatMap(({ subs }, mm) =>
    subs === null ? [] : [`${of(mm)}subs->invalidate_seq = ${subs.seq}`],
  );
  for (const [id, { phase, start, last, seq }] of notifiers.entries()) {
    if (phase !== "live") continue;
    const [from, to] = [pageOf(start), pageOf(last) + 1];
    const pages = `${to - from === 1 ? "page " : ""}${pageSpan(from, to)}`;
    numbers.push(`${calledBoth(id as NotifierId, names)} over ${pages}, its seq ${seq}`);
  }
  const pages = mms.map((mm, id) => `${of(id)}CPU PTEs ${presentPages(mm).join(", ") || "none"}`);
  return [...numbers, ...pages];
}

function presentPages({ cpu }: AddressSpace): string[] {
  const present: [number, number][] = [];
  someEntry(cpu, 0, Number.MAX_SAFE_INTEGER, (page, frame) => {
    present.push([page, frame]);
    return false;
  });
  return frameWords(present);
}
