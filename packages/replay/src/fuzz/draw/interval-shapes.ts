/**
 * Shapes of workloads over interval and plain notifiers: which actors there are and what they do.
 *
 * All of them use the interface validly: a task with an open region calls nothing that waits for that region,
 * a process that exits has no device fault left that could come after it. A plain notifier that may refuse is
 * never beside interval ones, which is the kernel's own gap (K-Z28).
 */
import {
  CORRECT_DRIVER,
  type DriverOptions,
  type Operation,
  type Scenario,
  TRIES_UNLIMITED,
} from "@mmreplay/core";
import { addressOfPage, plainId } from "@mmreplay/events";
import { type Choices, chance, pick } from "./choices.ts";
import {
  churn,
  faults,
  type IntervalWorld,
  insertInside,
  insertShared,
  intervalWorld,
  range,
  regions,
  replace,
} from "./interval-world.ts";
import type { Shape } from "./shape.ts";
import type { Size } from "./size.ts";
import { EXIT, remove } from "./words.ts";

type Role = (world: IntervalWorld) => Operation[];

/** What a shape is made of. */
interface Cast {
  /** Absent: there is none, and no notifier at the beginning. */
  readonly setUp?: Role;
  /** The first tasks play these, in this order; those that are left play any of them. */
  readonly roles: readonly Role[];
  /** Roles that only one task may play. */
  readonly once?: readonly Role[];
  readonly driver?: (choices: Choices) => Partial<DriverOptions>;
}

/** Slots of the plain notifiers that are registered by their numbers; more are for mmu_notifier_get. */
const PLAIN_SLOTS = 3;

function playedBy({ setUp, roles, once = [], driver }: Cast): Shape["build"] {
  return (choices: Choices, size: Size): Scenario => {
    const world = intervalWorld(choices, size, setUp === undefined);
    const begins = setUp?.(world) ?? [];
    const again = roles.filter((role) => !once.includes(role));
    const tasks = Array.from({ length: size.tasks }, (_, task) =>
      (roles[task] ?? pick(choices, again))(world),
    );
    const programs = [begins, ...tasks];
    const operations = programs.flat();
    const gets = operations.filter(({ op }) => op === "mn_get").length;
    // Frames count up over all pages where one is filled again.
    const versions = operations.every(({ op }) => op !== "populate");
    return {
      pages: size.pages,
      cpu: Array.from({ length: size.pages }, (_, page) => page + 1),
      ...(versions ? { pageVersions: true } : {}),
      notifiers: size.notifiers,
      plainNotifiers: PLAIN_SLOTS + gets,
      driver: { ...CORRECT_DRIVER, maxTries: TRIES_UNLIMITED, ...driver?.(choices) },
      programs,
    };
  };
}

const invalidating: Role = (world) => regions(world);
const refusing: Role = (world) => regions(world, false);
const churning: Role = (world) => churn(world);
const comingAndGoing: Role = (world) => churn(world, false);

const register = (slot: number): Operation => ({ op: "mn_register", m: plainId(slot) });
const unregister = (slot: number): Operation => ({ op: "mn_unregister", m: plainId(slot) });
const call = (op: "mn_get" | "mn_put" | "mn_synchronize"): Operation => ({ op });

/** A call over the plain list. */
function walkCall(world: IntervalWorld): Operation {
  const ops = ["mn_change_pte", "mn_clear_young", "mn_invalidate_range", "mn_test_young"] as const;
  const op = pick(world.choices, ops);
  const [from, to] = range(world);
  return { op, start: addressOfPage(from), end: addressOfPage(to) };
}

const getAndPut: Role = (world) => [
  call("mn_get"),
  walkCall(world),
  call("mn_put"),
  ...(chance(world.choices, 1, 2) ? [call("mn_synchronize")] : []),
];

/** The second of these leaves what the first has brought. */
const registerFirst: Role = () => [register(2), unregister(0)];
const registerAgain: Role = (world) => [register(2), walkCall(world), unregister(0)];

/** The device's faults are over when its process exits. */
const exitAtTheEnd: Role = (world) => [
  ...faults(world),
  EXIT,
  remove(pick(world.choices, world.shared)),
];

/** A slot that only one task registers and unregisters. */
const registerLast: Role = () => [register(0), unregister(0)];

/** The shapes. */
export const INTERVAL_SHAPES: readonly Shape[] = [
  {
    name: "readers and invalidators",
    build: playedBy({ setUp: insertShared, roles: [faults, invalidating] }),
  },
  {
    name: "insertions and removals while regions are open",
    build: playedBy({
      setUp: insertShared,
      roles: [churning, invalidating, replace, invalidating, faults],
      once: [replace],
    }),
  },
  {
    name: "insertions by a task with an open region",
    build: playedBy({ setUp: insertShared, roles: [insertInside, invalidating, faults] }),
  },
  {
    name: "non-blockable regions",
    build: playedBy({
      setUp: insertShared,
      roles: [refusing, faults, invalidating, churning],
      driver: (choices) => ({ nonblock: chance(choices, 3, 4) ? "trylock" : "refuse" }),
    }),
  },
  {
    name: "an exit after the last fault",
    build: playedBy({
      setUp: insertShared,
      roles: [exitAtTheEnd, invalidating, comingAndGoing],
      once: [exitAtTheEnd],
    }),
  },
  {
    name: "plain notifiers without an interval part",
    build: playedBy({
      // Slot 1 may refuse: then what slot 0 has accepted is undone.
      setUp: ({ choices }) => [register(0), ...(chance(choices, 1, 2) ? [register(1)] : [])],
      roles: [getAndPut, refusing, getAndPut, registerFirst, invalidating],
      once: [registerFirst],
    }),
  },
  {
    name: "plain and interval notifiers",
    build: playedBy({
      setUp: (world) => [...insertShared(world), register(0)],
      roles: [invalidating, registerAgain, faults, refusing, replace],
      once: [registerAgain, replace],
    }),
  },
  {
    name: "first registrations in a race",
    build: playedBy({
      roles: [churning, invalidating, registerLast, churning],
      once: [registerLast],
    }),
  },
];
