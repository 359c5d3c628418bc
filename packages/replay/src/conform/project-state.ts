/**
 * The state as the vectors write it down (../shared/vectors/README.md, section 6).
 */
import {
  type Branch,
  blockedOn,
  entryOf,
  frameOf,
  frameOfCpu,
  type IntervalNotifier,
  isDone,
  isOdd,
  openSections,
  SCENARIO_MM,
  type Scenario,
  type State,
} from "@mmreplay/core";
import { notifierId, type Seq, type TaskId, taskId } from "@mmreplay/events";
import { seqToU64 } from "./u64.ts";

/** A vector's `state`. */
export type ProjectedState = Record<string, unknown>;

/** The name of a notifier's place. */
function whereIs(notifier: IntervalNotifier): string {
  if (notifier.deferred) return notifier.inTree ? "deferred_remove" : "deferred_insert";
  return notifier.inTree ? "tree" : "idle";
}

function blockedList(state: State, scenario: Scenario, branchOf: BranchOf): unknown[] {
  const list: unknown[] = [];
  const setUp = taskId(0);
  const settingUp = scenario.programs.length > 0 && !isDone(state, scenario, setUp);
  scenario.programs.forEach((_, index) => {
    if (settingUp && index !== 0) return;
    const blocked = blockedOn(state, scenario, taskId(index), branchOf(taskId(index)));
    if (blocked === null) return;
    const sleeps = blocked.why === "read_begin" || blocked.why === "remove";
    const detail =
      sleeps && blocked.detail !== null ? seqToU64(blocked.detail as Seq) : blocked.detail;
    list.push([index, blocked.why, detail]);
  });
  return list;
}

function subscriptionsPart(state: State, scenario: Scenario): ProjectedState {
  const subs = state.mms[SCENARIO_MM]?.subs;
  if (!subs) return { subs: false };
  const node = (id: number): IntervalNotifier => state.notifiers[id] as IntervalNotifier;
  return {
    subs: true,
    seq: seqToU64(subs.seq),
    active: String(subs.active),
    invalidating: isOdd(subs.seq),
    has_itree: subs.hasItree,
    tree: subs.tree.map((id) => [id, decimal(node(id).start), decimal(node(id).last)]),
    deferred: subs.deferred.map((id) => [id, node(id).inTree ? "remove" : "insert"]),
    ...(scenario.plainNotifiers > 0 ? { hlist: [...subs.list] } : {}),
  };
}

/** A 64-bit address in decimal. */
export function decimal(address: string): string {
  return String(BigInt(address));
}

/** The branch that a task will take in its next step: the driver's choice, known beforehand. */
export type BranchOf = (task: TaskId) => Branch;

/** The state as a vector writes it. */
export function projectState(state: State, scenario: Scenario, branchOf: BranchOf): ProjectedState {
  const mm = state.mms[SCENARIO_MM];
  if (mm === undefined) return {};
  const pages = Array.from({ length: scenario.pages }, (_, page) => page);
  const device = state.mirrors[0]?.device ?? { leaves: {} };
  return {
    mm_users: mm.users,
    mm_count: mm.count,
    ...subscriptionsPart(state, scenario),
    notifiers: Array.from({ length: scenario.notifiers }, (_, id) => {
      const notifier = state.notifiers[notifierId(id)];
      if (notifier === undefined || notifier.seq === null) return ["0", "idle"];
      return [seqToU64(notifier.seq), whereIs(notifier)];
    }),
    ...(scenario.plainNotifiers > 0
      ? {
          mn_users: Array.from(
            { length: scenario.plainNotifiers },
            (_, id) => state.plains[id]?.users ?? 0,
          ),
          srcu_readers: state.srcu.readers.length,
        }
      : {}),
    open_sections: openSections(mm),
    driver_lock: state.mirrors[0]?.lock ?? null,
    mmap_lock: mm.mmapLock,
    cpu: pages.map((page) => entryOf(mm.cpu, page)),
    dev: pages.map((page) => frameOf(entryOf(device, page))),
    blocked: blockedList(state, scenario, branchOf),
  };
}

/** Pages whose device entry is present and names another frame than the CPU's entry. */
export function stalePages(state: State, scenario: Scenario): number[] {
  const cpu = state.mms[SCENARIO_MM]?.cpu ?? { leaves: {} };
  const device = state.mirrors[0]?.device ?? { leaves: {} };
  const stale: number[] = [];
  for (let page = 0; page < scenario.pages; page++) {
    const entry = entryOf(device, page);
    if (entry !== 0 && frameOf(entry) !== frameOfCpu(entryOf(cpu, page))) stale.push(page);
  }
  return stale;
}
