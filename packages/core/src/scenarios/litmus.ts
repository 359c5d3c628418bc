/**
 * The words in which scenarios are written: operations over pages, and a set-up beside named tasks.
 *
 * Ranges are in pages, half-open. A scenario reads as a litmus test: what is set up, then one program
 * for each task. What it does not say is usual: only page 0 is present, the driver has no bug and
 * never gives up, other tasks may run wherever the recorded vectors let them.
 */
import {
  addressOfPage,
  type InvalidationEvent,
  type MmId,
  type NotifierId,
  notifierId,
  type PlainId,
  plainId,
  regionId,
} from "@mmreplay/events";
import { outcomeRule, saysOutcomes } from "../rules/outcome.ts";
import { SEARCH_RULES } from "../rules/search-rules.ts";
import { SCENARIO_MM } from "../tasks/machine.ts";
import {
  CORRECT_DRIVER,
  type DriverOptions,
  type Operation,
  type Scenario,
  TRIES_UNLIMITED,
} from "../tasks/operation.ts";
import { VECTOR_POINTS } from "../tasks/runner.ts";
import type { NamedScenario, ScenarioNames } from "./named-scenario.ts";

/** The notifiers of the scenarios; N covers pages 0 to 3, M pages 8 to 11 where nothing else is said. */
export const N: NotifierId = notifierId(0);
/** The far notifier. */
export const M: NotifierId = notifierId(1);
/** A third notifier. */
export const P: NotifierId = notifierId(2);

/** The region of task A. */
export const A = 1;
/** The region of task B. */
export const B = 2;
/** The region of task C. */
export const C = 3;

/** The names above, by id; a region without a task of its own is 0. */
const NAMES: ScenarioNames = { notifiers: ["N", "M", "P"], regions: ["0", "A", "B", "C"] };

/** A program. */
export type Program = readonly Operation[];

/** mmu_interval_notifier_insert. */
export function insert(n: NotifierId, startPage: number, endPage: number): Operation {
  const [start, length] = [addressOfPage(startPage), addressOfPage(endPage - startPage)];
  return { op: "insert", n, start, length };
}

/** N over pages 0 to 3. */
export const INSERT_N: Operation = insert(N, 0, 4);

/** M over pages 8 to 11. */
export const INSERT_M: Operation = insert(M, 8, 12);

/** A driver's whole removal of a notifier: no new faults, clear the device, remove. */
export const remove = (n: NotifierId): Operation => ({ op: "remove", n });

/** A device fault on the first page of a notifier. */
export const fault = (n: NotifierId): Operation => ({ op: "fault", n, pageOffset: 0, np: 1 });

/** How a region differs from a blockable CLEAR. */
export interface RegionOptions {
  readonly event?: InvalidationEvent;
  readonly blockable?: boolean;
}

/** What the OOM reaper asks for. */
export const NONBLOCK: RegionOptions = { event: "UNMAP", blockable: false };

/** range_start. */
export function start(
  region: number,
  startPage: number,
  endPage: number,
  { event = "CLEAR", blockable = true }: RegionOptions = {},
): Operation {
  const [from, to] = [addressOfPage(startPage), addressOfPage(endPage)];
  return { op: "inv_start", sid: regionId(region), start: from, end: to, event, blockable };
}

/** The CPU's page table changes inside a region. */
export const change = (region: number): Operation => ({
  op: "cpu_change",
  sid: regionId(region),
});

/** range_end. */
export const end = (region: number): Operation => ({ op: "inv_end", sid: regionId(region) });

/** A whole invalidation: range_start, the page table change, range_end. */
export function clear(
  region: number,
  startPage: number,
  endPage: number,
  options: RegionOptions = {},
): Program {
  return [start(region, startPage, endPage, options), change(region), end(region)];
}

/** The last user leaves. */
export const EXIT: Operation = { op: "mm_exit" };

/** A CPU fault fills a page that is absent. */
export const populate = (page: number): Operation => ({ op: "populate", page, np: 1 });

/** mmu_notifier_register; slot 1 has only a start, so it may refuse; slots 0 and 2 have all. */
export const register = (m: number): Operation => ({ op: "mn_register", m: plainId(m) });

/** mmu_notifier_unregister. */
export const unregister = (m: number): Operation => ({ op: "mn_unregister", m: plainId(m) });

/** A scenario as it is written. */
export interface Litmus
  extends Pick<NamedScenario, "name" | "title" | "source">,
    Partial<Pick<NamedScenario, "rules" | "points" | "seqModulus" | "told" | "shows" | "names">>,
    Pick<NamedScenario, "oneCpu"> {
  readonly setUp: Program;
  readonly tasks: Readonly<Record<string, Program>>;
  readonly pages?: number;
  /** Pages that are present at the beginning, from page 0 on. */
  readonly present?: number;
  readonly driver?: Partial<DriverOptions>;
  /** Mappings and contents are modelled; nothing is present at the beginning. */
  readonly memory?: boolean;
  readonly pmdOrder?: number;
  readonly devices?: readonly number[];
  readonly snapshots?: readonly NotifierId[];
  readonly rangeFault?: "unlocked";
  readonly deviceFault?: Scenario["deviceFault"];
  readonly reusesFrames?: true;
  /** Address spaces of tasks that are not the first process's. */
  readonly processes?: Readonly<Record<string, MmId>>;
  /** Frames count up over all pages, as the golden traces count them. */
  readonly countFrames?: boolean;
}

/** The scenario of a litmus test. */
export function litmus(test: Litmus): NamedScenario {
  const { setUp, tasks, pages, present, driver, countFrames, memory, ...rest } = test;
  const {
    pmdOrder,
    devices,
    snapshots,
    rangeFault,
    deviceFault,
    reusesFrames,
    processes,
    ...named
  } = rest;
  const scenario = scenarioOf(test);
  const outcomes = saysOutcomes(scenario.programs) ? [outcomeRule(scenario.programs)] : [];
  return {
    points: VECTOR_POINTS,
    rules: [...SEARCH_RULES, ...outcomes],
    names: NAMES,
    ...named,
    tasks: Object.keys(tasks),
    scenario,
  };
}

function scenarioOf({ setUp, tasks, pages = 12, present = 1, ...more }: Litmus): Scenario {
  const programs = [setUp, ...Object.values(tasks)];
  const all = programs.flat();
  const slots = (ids: readonly (NotifierId | PlainId)[]): number => Math.max(-1, ...ids) + 1;
  // A page that is filled again has no last version to count from.
  const refilled = all.some(({ op }) => op === "populate");
  const versions = more.countFrames !== true && more.memory !== true && !refilled;
  const filled = more.memory === true ? 0 : present;
  return {
    pages,
    cpu: Array.from({ length: pages }, (_, page) => (page < filled ? page + 1 : 0)),
    ...(versions ? { pageVersions: true } : {}),
    ...(more.memory === true ? { memory: true } : {}),
    ...(more.pmdOrder === undefined ? {} : { pmdOrder: more.pmdOrder }),
    ...(more.devices === undefined ? {} : { devices: more.devices }),
    ...(more.rangeFault === undefined ? {} : { rangeFault: more.rangeFault }),
    ...(more.deviceFault === undefined ? {} : { deviceFault: more.deviceFault }),
    ...(more.reusesFrames === undefined ? {} : { reusesFrames: more.reusesFrames }),
    ...(more.snapshots === undefined ? {} : { snapshots: more.snapshots }),
    ...(more.processes === undefined ? {} : { processes: processesOf(tasks, more.processes) }),
    notifiers: slots(all.flatMap((op) => ("n" in op ? [op.n] : []))),
    plainNotifiers: slots(all.flatMap((op) => ("m" in op ? [op.m] : []))),
    driver: { ...CORRECT_DRIVER, maxTries: TRIES_UNLIMITED, ...more.driver },
    programs,
  };
}

/** The address space of each task, of the set-up first. */
function processesOf(tasks: Litmus["tasks"], others: Readonly<Record<string, MmId>>): MmId[] {
  return [SCENARIO_MM, ...Object.keys(tasks).map((name) => others[name] ?? SCENARIO_MM)];
}
