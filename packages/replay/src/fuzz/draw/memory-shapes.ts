/**
 * Shapes of workloads of memory: processes, drivers and the mm over a few pages of every kind.
 */
import { CORRECT_DRIVER, type Operation, type Scenario } from "@mmreplay/core";
import { mirrorId, mmId, notifierId } from "@mmreplay/events";
import { type Choices, chance, pick } from "./choices.ts";
import {
  accesses,
  device,
  mapping,
  opens,
  pages,
  protect,
  setUp,
  several,
  snapshot,
} from "./memory-roles.ts";
import { MEMORY_PAGES, type World, worldOf } from "./memory-world.ts";
import type { Shape } from "./shape.ts";
import type { Size } from "./size.ts";
import { EXIT, remove } from "./words.ts";

const [N, M] = [notifierId(0), notifierId(1)];
/** Those of snapshots: of the process, and of its child. */
const [P, Q] = [notifierId(2), notifierId(3)];
/** The child's. */
const R = notifierId(4);
const NOTIFIERS = 5;
const CHILD = mmId(1);

type Program = (world: World) => Operation[];

function scenarioOf(world: World, programs: Operation[][], more: Partial<Scenario>): Scenario {
  const { choices, pmdOrder } = world;
  const driver = chance(choices, 1, 4)
    ? { ...CORRECT_DRIVER, erasesEnd: true as const }
    : undefined;
  return {
    pages: MEMORY_PAGES,
    cpu: Array.from({ length: MEMORY_PAGES }, () => 0),
    notifiers: NOTIFIERS,
    plainNotifiers: 0,
    driver: driver ?? CORRECT_DRIVER,
    programs,
    memory: true,
    ...(pmdOrder === undefined ? {} : { pmdOrder }),
    ...(pmdOrder !== undefined && chance(choices, 1, 4) ? { hugeAlways: true } : {}),
    ...(chance(choices, 1, 4) ? { rangeFault: "unlocked" } : {}),
    devices: [0, 1, 0, 1, 0],
    snapshots: [P, Q],
    ...more,
  };
}

/** The first of these, and of the others so many that there are `count`. */
function cast(choices: Choices, count: number, first: Program, others: readonly Program[]) {
  const left = [...others];
  const programs = [first];
  while (programs.length < count && left.length > 0) {
    programs.push(...left.splice(choices.below(left.length), 1));
  }
  return programs;
}

const first: Program = (world) => several(world, device(N));
const second: Program = (world) => [
  ...several(world, device(M)),
  ...(chance(world.choices, 1, 2) ? snapshot(world, P, mirrorId(2)) : []),
  ...device(M)(world),
  remove(M),
];
const cpu: Program = (world) => several(world, accesses);
const remapping: Program = (world) => several(world, mapping);
const reclaim: Program = (world) => several(world, pages);
const protecting: Program = (world) => [...accesses(world), ...protect(world), ...accesses(world)];

/** One process: two drivers of two devices, threads, mappings that change, pages that go. */
function memoryOf(choices: Choices, size: Size): Scenario {
  const world = worldOf(choices, size, chance(choices, 1, 3));
  const others = [reclaim, cpu, second, remapping, protecting, reclaim, first];
  const programs = cast(choices, size.tasks, first, others);
  return scenarioOf(world, [setUp(world, [N, M]), ...programs.map((make) => make(world))], {});
}

/** Two processes: one forks the other, and each has a driver instance; the child may exit. */
function forkOf(choices: Choices, size: Size): Scenario {
  const world = worldOf(choices, size, false);
  const own = (): Operation[] => {
    const kinds = [accesses, accesses, mapping, pages, device(R)];
    return pick(choices, kinds)(world);
  };
  const forking: Program = () => [{ op: "fork", child: CHILD }, ...several(world, accesses)];
  const programs = cast(choices, size.tasks - 1, forking, [first, cpu, remapping, reclaim]);
  const child: Operation[] = [
    { op: "child" },
    opens(R, 3),
    ...several(world, own),
    ...(chance(choices, 1, 2) ? snapshot(world, Q, mirrorId(4)) : []),
    remove(R),
    ...(chance(choices, 1, 2) ? [EXIT] : []),
  ];
  const parents = [setUp(world, [N]), ...programs.map((make) => make(world))];
  return scenarioOf(world, [...parents, child], {
    processes: [...parents.map(() => mmId(0)), CHILD],
  });
}

/** A process that ends: its devices are in the middle of something. */
function endingOf(choices: Choices, size: Size): Scenario {
  const world = worldOf(choices, size, false);
  const ending: Program = () => [
    ...accesses(world),
    ...mapping(world),
    ...pages(world),
    EXIT,
    remove(N),
  ];
  const programs = cast(choices, size.tasks, ending, [first, second]);
  return scenarioOf(world, [setUp(world, [N, M]), ...programs.map((make) => make(world))], {});
}

/** The shapes. */
export const MEMORY_SHAPES: readonly Shape[] = [
  { name: "memory: a process, its drivers and the mm", build: memoryOf },
  { name: "memory: two processes, of which one forks the other", build: forkOf },
  { name: "memory: a process that ends under its drivers", build: endingOf },
];
