/**
 * What the lines of a generated process are made from: the state around an event, and the pointers of
 * its structures.
 *
 * Pointers are made from ids, so that equal ids print equal pointers. The members of a driver instance
 * lie where the test_hmm profile has them: its page table at 0x8, its notifier at 0x18.
 */
import {
  type AddressSpace,
  type IntervalNotifier,
  openRegion,
  type Region,
  type Scenario,
  type State,
  type Task,
} from "@mmreplay/core";
import {
  ADDRESS_MAX,
  type Address,
  INVALIDATION_EVENTS,
  type InvalidationEvent,
  type NotifierId,
  pageOf,
  regionId,
  type TaskId,
} from "@mmreplay/events";
import type { Site } from "./sites.ts";

/** A process in the making. */
export interface Scene {
  readonly state: State;
  readonly scenario: Scenario;
  /** Which set of addresses its structures have. */
  readonly addresses: number;
  /** Pages in the page table of each driver instance: the simulator has one for all. */
  readonly stored: Map<NotifierId, Set<number>>;
}

/** One line without its head. */
export interface Printed {
  readonly site: Site;
  /** `name=value`, separated by spaces. */
  readonly fields: string;
  /** Fields of a return that a kretprobe cannot see, and bpftrace can. */
  readonly kept?: string;
}

/** The first page of the workload lies here. */
const FIRST_PAGE = 0x20_0000;

const pointer = (base: number, offset: number): string =>
  `0xffff8${(base + offset).toString(16).padStart(11, "0")}`;

/** `mm=` of the process. */
export const mmField = ({ addresses }: Scene): string =>
  `mm=${pointer(0x8_0100_0000, addresses * 0x1000)}`;
/** `subs=` of the process. */
export const subsField = ({ addresses }: Scene): string =>
  `subs=${pointer(0x8_0200_0000, addresses * 0x1000)}`;
/** `root=` of its tree. */
export const rootField = ({ addresses }: Scene): string =>
  `root=${pointer(0x8_0200_0020, addresses * 0x1000)}`;

const stack = ({ addresses }: Scene, task: TaskId, offset: number): string =>
  `0xffffc900${(addresses * 0x100_0000 + task * 0x4000 + offset).toString(16).padStart(8, "0")}`;
/** `range=` of a task's mmu_notifier_range, which lies on its stack. */
export const rangeField = (scene: Scene, task: TaskId): string =>
  `range=${stack(scene, task, 0xd78)}`;
/** `range=` of a task's hmm_range. */
export const hmmRangeField = (scene: Scene, task: TaskId): string =>
  `range=${stack(scene, task, 0xbf8)}`;

const instance = ({ addresses }: Scene, n: NotifierId, member = 0): string =>
  pointer(0x8_4000_0000, addresses * 0x100_0000 + n * 0xc0 + member);
/** `dmirror=` of an instance. */
export const dmirrorField = (scene: Scene, n: NotifierId): string =>
  `dmirror=${instance(scene, n)}`;
/** `pt=` of an instance. */
export const ptField = (scene: Scene, n: NotifierId): string => `pt=${instance(scene, n, 0x8)}`;
/** `sub=` of an instance. */
export const subField = (scene: Scene, n: NotifierId): string => `sub=${instance(scene, n, 0x18)}`;

/** The address space of the process. */
export const mmOfScene = ({ state }: Scene): AddressSpace => state.mms[0] as AddressSpace;
/** A notifier. */
export const notifierIn = ({ state }: Scene, n: NotifierId): IntervalNotifier =>
  state.notifiers[n] as IntervalNotifier;
/** A task. */
export const taskIn = ({ state }: Scene, task: TaskId): Task => state.tasks[task] as Task;
/** An open region. */
export const regionIn = (scene: Scene, id: number): Region | undefined =>
  openRegion(mmOfScene(scene), regionId(id));

/** `subs_seq=`. */
export const subsSeqField = (scene: Scene): string => `subs_seq=${mmOfScene(scene).subs?.seq ?? 0}`;
/** `subs_seq=` and `active=`. */
export const sequenceFields = (scene: Scene): string =>
  `${subsSeqField(scene)} active=${mmOfScene(scene).subs?.active ?? 0}`;
/** `sub_seq=`. */
export const subSeqField = (scene: Scene, n: NotifierId): string =>
  `sub_seq=${notifierIn(scene, n).seq ?? 0}`;

const pageAddress = (page: number): string => `0x${(FIRST_PAGE + page).toString(16)}000`;

/** The number of a page, as it is printed. */
export const pfnField = (page: number): string => `pfn=0x${(FIRST_PAGE + page).toString(16)}`;
/** `start=` and `end=` of pages. */
export const pagesFields = (page: number, end: number): string =>
  `start=${pageAddress(page)} end=${pageAddress(end)}`;
/** `start=` and `last=`, both inclusive. */
export const intervalFields = (start: Address, last: Address): string =>
  last < ADDRESS_MAX
    ? `start=${pageAddress(pageOf(start))} last=${pageAddress(pageOf(last)).slice(0, -3)}fff`
    : "start=0x0 last=0xfffffffffffffffe";
/** `start=` and `length=` of an insertion. */
export const lengthFields = (start: Address, length: Address): string =>
  `start=${pageAddress(pageOf(start))} length=0x${pageOf(length).toString(16)}000`;

interface Range {
  readonly start: Address;
  readonly end: Address;
  readonly event: InvalidationEvent;
  readonly blockable: boolean | null;
}

/** The members of a task's mmu_notifier_range. */
export function rangeFields(scene: Scene, task: TaskId, range: Range): string {
  const bounds =
    range.end < ADDRESS_MAX
      ? pagesFields(pageOf(range.start), pageOf(range.end))
      : "start=0x0 end=0xffffffffffffffff";
  const number = INVALIDATION_EVENTS.indexOf(range.event);
  const head = `${rangeField(scene, task)} ${mmField(scene)} ${bounds}`;
  return `${head} flags=${range.blockable ? "0x1" : "0x0"} event=${number} owner=0x0`;
}

/** The notifier whose instance a task's driver code is working on. */
export function inHand(scene: Scene, task: TaskId): NotifierId {
  const { region, fault, pc } = taskIn(scene, task);
  const called = region === null ? undefined : regionIn(scene, region)?.next;
  if (called != null) return called;
  if (fault !== null) return fault.notifier;
  const operation = scene.scenario.programs[task]?.[pc];
  return operation !== undefined && "n" in operation ? operation.n : (0 as NotifierId);
}

/** The pages that a fault has looked up, or none. */
export function walkedFields(scene: Scene, task: TaskId): string {
  const entries = taskIn(scene, task).section?.entries ?? [];
  const first = entries[0]?.[0] ?? 0;
  return pagesFields(first, first + entries.length);
}
