/**
 * The peers' family: F faulters, I invalidators and, with R, a task that inserts, faults and removes.
 *
 * The same protocol at the same granularity as the Spin and TLA+ models of ../shared/peers, so that
 * numbers of states can be compared. Notifier 0 mirrors page 0 and is there from the beginning,
 * notifier 1 mirrors page 1 and is R's; each has a driver lock of its own. Every invalidator changes
 * both pages; in the mixed form every second one changes page 1 only.
 */
import { addressOfPage, mirrorId, notifierId, type RegionId, regionId } from "@mmreplay/events";
import { K_I14_AT_REST, K_I17_BY_TOUCH } from "../rules/at-rest.ts";
import {
  CORRECT_DRIVER,
  type Operation,
  type Scenario,
  TRIES_UNLIMITED,
} from "../tasks/operation.ts";
import type { SchedulingPoints } from "../tasks/runner.ts";
import type { NamedScenario, ScenarioNames } from "./named-scenario.ts";

/** One step per locked step of mm/mmu_notifier.c, the drivers' lock included. */
export const PEER_POINTS: SchedulingPoints = new Set([
  "insert",
  "fault_read_begin",
  "read_begin_wake",
  "fault_cpu_read",
  "fault_lock",
  "fault_retry_check",
  "fault_store",
  "fault_unlock",
  "fault_unlock_retry",
  "inv_start",
  "cb_lock",
  "cb_set_seq",
  "cb_clear",
  "cb_unlock",
  "cb_return",
  "cpu_change",
  "inv_end",
  "teardown_lock",
  "remove_commit",
  "remove_wake",
  "remove_return",
]);

/** A member of the family. */
export interface PeerSize {
  readonly faulters: number;
  readonly invalidators: number;
  readonly inserter: boolean;
  readonly mixed?: boolean;
}

const insertion = (n: number): Operation => ({
  op: "insert",
  n: notifierId(n),
  start: addressOfPage(n),
  length: addressOfPage(1),
  mirror: mirrorId(n),
});

const fault = (n: number): Operation => ({ op: "fault", n: notifierId(n), pageOffset: 0, np: 1 });

const invalidation = (sid: RegionId, firstPage: number): Operation[] => [
  {
    op: "inv_start",
    sid,
    start: addressOfPage(firstPage),
    end: addressOfPage(2),
    event: "CLEAR",
    blockable: true,
  },
  { op: "cpu_change", sid },
  { op: "inv_end", sid },
];

/** The scenario of a member; task 0 is its set-up. */
export function peerScenario({ faulters, invalidators, inserter, mixed }: PeerSize): Scenario {
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  return {
    pages: 2,
    cpu: [1, 2],
    pageVersions: true,
    notifiers: 2,
    plainNotifiers: 0,
    driver: { ...CORRECT_DRIVER, maxTries: TRIES_UNLIMITED },
    programs: [
      [insertion(0)],
      ...times(faulters, () => [fault(0)]),
      ...times(invalidators, (i) => invalidation(regionId(i), mixed && i % 2 === 1 ? 1 : 0)),
      ...(inserter ? [[insertion(1), fault(1), { op: "remove", n: notifierId(1) } as const]] : []),
    ],
  };
}

/** The members whose numbers of states are known, and those that are too large for that. */
const SIZES: readonly PeerSize[] = [
  ...[
    [1, 1],
    [2, 1],
    [1, 2],
    [2, 2],
    [3, 2],
    [2, 3],
    [3, 3],
  ].map(([f, i]) => member(f, i, false)),
  ...[
    [1, 1],
    [2, 1],
    [1, 2],
    [2, 2],
    [3, 2],
    [4, 2],
    [3, 3],
  ].map(([f, i]) => member(f, i, true)),
  { ...member(2, 2, true), mixed: true },
];

function member(faulters = 1, invalidators = 1, inserter = false): PeerSize {
  return { faulters, invalidators, inserter };
}

const nameOf = ({ faulters, invalidators, inserter, mixed }: PeerSize): string =>
  `peer/${faulters}F${invalidators}I${inserter ? "1R" : ""}${mixed ? "-mixed" : ""}`;

function taskNames({ faulters, invalidators, inserter }: PeerSize): string[] {
  const numbered = (letter: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
  return [...numbered("F", faulters), ...numbered("I", invalidators), ...(inserter ? ["R"] : [])];
}

/** Notifiers by their pages, regions by their invalidators. */
const NAMES: ScenarioNames = { notifiers: ["N", "M"], regions: ["A", "B", "C"] };

/** The family. */
export const PEERS: readonly NamedScenario[] = SIZES.map((size) => ({
  name: nameOf(size),
  title: `${size.faulters} faulting, ${size.invalidators} invalidating${size.inserter ? ", one inserting and removing" : ""}${size.mixed ? "; every second region is on page 1 only" : ""}: is a device entry ever stale at rest?`,
  source: "../shared/peers",
  tasks: taskNames(size),
  names: NAMES,
  scenario: peerScenario(size),
  points: PEER_POINTS,
  rules: [K_I14_AT_REST, K_I17_BY_TOUCH],
}));
