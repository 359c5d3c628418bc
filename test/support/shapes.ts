/**
 * Random scenarios, by shape: which actors there are and what they do.
 *
 * All of them use the interface validly: a task with an open region calls nothing that waits for
 * that region. What does not apply in a state (a fault through a removed notifier) is skipped by the
 * simulator, so any program is a program.
 */
import type { DriverOptions, Operation, Scenario } from "@mmreplay/core";
import { addressOfPage, mirrorId, type NotifierId, notifierId, plainId } from "@mmreplay/events";
import { endingOf, forkOf, memoryOf } from "./memory-shapes.ts";
import {
  change,
  end,
  exit,
  fault,
  insert,
  M,
  N,
  P,
  populate,
  register,
  remove,
  scenario,
  start,
  testYoung,
  unregister,
} from "./operations.ts";
import { type Choices, chance, pick } from "./random.ts";

/** A family of random scenarios. */
export interface Shape {
  readonly name: string;
  /** Rules that its driver breaks on purpose. */
  readonly mayBreak?: readonly string[];
  readonly build: (choices: Choices) => Scenario;
}

const PAGES = 12;

/** Half-open, not empty, inside the page table. */
function range(choices: Choices): [start: number, end: number] {
  const first = choices.below(PAGES);
  return [first, first + 1 + choices.below(PAGES - first)];
}

/** Counts region ids, which must differ among regions that are open together. */
interface Ids {
  next: number;
}

function region(choices: Choices, ids: Ids, blockable: boolean, inner: Operation[]): Operation[] {
  const sid = ids.next++;
  const event = pick(choices, ["UNMAP", "CLEAR", "PROTECTION_VMA"] as const);
  const changes = chance(choices, 3, 4) ? [change(sid)] : [];
  return [start(sid, ...range(choices), { event, blockable }), ...inner, ...changes, end(sid)];
}

function regions(choices: Choices, ids: Ids, count: number, blockable = true): Operation[] {
  return Array.from({ length: count }).flatMap(() => {
    const nested = chance(choices, 1, 3) ? region(choices, ids, blockable, []) : [];
    const refill = chance(choices, 1, 3) ? [populate(...pageAndCount(choices))] : [];
    return [...region(choices, ids, blockable, nested), ...refill];
  });
}

function pageAndCount(choices: Choices): [page: number, np: number] {
  return [choices.below(PAGES), 1 + choices.below(4)];
}

function faults(choices: Choices, count: number): Operation[] {
  return Array.from({ length: count }, () =>
    fault(pick(choices, [N, M, P]), choices.below(4), 1 + choices.below(3)),
  );
}

function churn(choices: Choices, n: number, rounds: number): Operation[] {
  return Array.from({ length: rounds }).flatMap(() => [
    insert(notifierId(n), ...range(choices)),
    ...(chance(choices, 1, 2) ? [fault(notifierId(n), choices.below(4), 2)] : []),
    remove(notifierId(n)),
  ]);
}

const setUp = (choices: Choices): Operation[] => [
  insert(N, ...range(choices)),
  insert(M, ...range(choices)),
];

function build(
  choices: Choices,
  programs: readonly (readonly Operation[])[],
  driver: Partial<DriverOptions> = {},
): Scenario {
  const early = { earlyCheck: chance(choices, 1, 2) };
  return scenario({ pages: PAGES, driver: { ...early, ...driver }, programs });
}

const call = (op: "mn_get" | "mn_put" | "mn_synchronize"): Operation => ({ op });

function walkCall(choices: Choices): Operation {
  const page = choices.below(PAGES);
  const bytes = { start: addressOfPage(page), end: addressOfPage(page + 1) };
  const op = pick(choices, ["mn_change_pte", "mn_clear_young", "mn_invalidate_range"] as const);
  return chance(choices, 1, 2) ? testYoung(page) : { op, ...bytes };
}

const readers: Shape = {
  name: "readers and invalidators",
  build: (choices) =>
    build(choices, [
      setUp(choices),
      faults(choices, 3),
      faults(choices, 3),
      regions(choices, { next: 1 }, 2),
      regions(choices, { next: 100 }, 2),
    ]),
};

const churning: Shape = {
  name: "insertions and removals while regions are open",
  build: (choices) =>
    build(choices, [
      setUp(choices),
      churn(choices, 2, 2),
      [remove(N), insert(N, ...range(choices)), fault(N, 0, 2)],
      regions(choices, { next: 1 }, 2),
      regions(choices, { next: 100 }, 2),
    ]),
};

const insertingInside: Shape = {
  name: "insertions by a task with an open region",
  build: (choices) => {
    const ids = { next: 1 };
    const inside = [insert(P, ...range(choices))];
    return build(choices, [
      setUp(choices),
      [...region(choices, ids, true, inside), fault(P, 0, 2), remove(P)],
      regions(choices, { next: 100 }, 2),
      faults(choices, 3),
    ]);
  },
};

const nonBlockable: Shape = {
  name: "non-blockable regions",
  build: (choices) =>
    build(
      choices,
      [
        setUp(choices),
        faults(choices, 4),
        regions(choices, { next: 1 }, 2, false),
        regions(choices, { next: 100 }, 2, chance(choices, 1, 2)),
        churn(choices, 2, 1),
      ],
      { nonblock: chance(choices, 3, 4) ? "trylock" : "refuse" },
    ),
};

const exiting: Shape = {
  name: "an exit after the last fault",
  build: (choices) =>
    build(choices, [
      setUp(choices),
      [...faults(choices, 2), exit, remove(N)],
      regions(choices, { next: 1 }, 2),
      [...churn(choices, 2, 1).filter(({ op }) => op !== "fault"), remove(M)],
    ]),
};

const plain: Shape = {
  name: "plain notifiers without an interval part",
  build: (choices) =>
    build(choices, [
      [register(0)],
      [register(1), unregister(0), call("mn_get"), call("mn_put")],
      [call("mn_get"), walkCall(choices), call("mn_put"), call("mn_synchronize")],
      regions(choices, { next: 1 }, 2, false),
      [...regions(choices, { next: 100 }, 1), register(2), unregister(plainId(1))],
    ]),
};

const mixed: Shape = {
  name: "plain and interval notifiers",
  build: (choices) =>
    build(choices, [
      [...setUp(choices), register(0)],
      [register(2), walkCall(choices), unregister(0)],
      [...faults(choices, 2), remove(N)],
      regions(choices, { next: 1 }, 2),
      [...regions(choices, { next: 100 }, 1), ...faults(choices, 1)],
    ]),
};

const cold: Shape = {
  name: "first registrations in a race",
  build: (choices) =>
    build(choices, [
      [],
      [insert(N, ...range(choices)), fault(N, 0, 2), remove(N)],
      [insert(M, ...range(choices), { locked: true }), fault(M, 0, 2)],
      [register(0), unregister(0)],
      regions(choices, { next: 1 }, 2),
      [insert(P, 3, 3), ...churn(choices, 3, 1)],
    ]),
};

const memory: Shape = {
  name: "memory: a process, its drivers and the mm",
  build: memoryOf,
};

/** Two devices that move pages to their memory and take them for themselves, beside all that. */
function movingOf(choices: Choices): Scenario {
  const span = (): { page: number; np: number } => {
    const page = choices.below(4);
    return { page, np: 1 + choices.below(4 - page) };
  };
  const value = (): number => 1 + choices.below(1000);
  const times = (count: number, make: () => Operation) => Array.from({ length: count }, make);
  const commands = ["READ", "WRITE", "MIGRATE_TO_DEV", "MIGRATE_TO_SYS", "EXCLUSIVE"] as const;
  const command = (n: NotifierId) => (): Operation => ({
    op: "dmirror",
    command: pick(choices, commands),
    n,
    value: value(),
    ...span(),
  });
  const cpu = (): Operation => ({
    op: "cpu_access",
    write: chance(choices, 2, 3),
    value: value(),
    ...span(),
  });
  const programs: Operation[][] = [
    [
      insert(N, 0, PAGES),
      { ...insert(M, 0, PAGES), mirror: mirrorId(1) } as Operation,
      { op: "mmap", page: 0, np: 4, prot: "read_write" },
      cpu(),
    ],
    times(3, command(N)),
    times(3, command(N)),
    times(3, command(M)),
    times(3, cpu),
    times(3, () => ({
      op: pick(choices, ["madvise_dontneed", "clear_refs_write", "mprotect", "munmap"] as const),
      prot: pick(choices, ["read", "read_write"] as const),
      ...span(),
    })),
  ];
  return {
    ...scenario({ pages: PAGES, present: 0, programs }),
    memory: true,
    devices: [0, 1],
  };
}

const moving: Shape = {
  name: "two devices that move pages and take them, the CPU, and a process that changes its mappings",
  // A grant that the device asked for itself takes nothing from it, and its callback says nothing.
  mayBreak: ["K-I13"],
  build: movingOf,
};

const forking: Shape = {
  name: "memory: two processes, of which one forks the other",
  build: forkOf,
};

const ending: Shape = {
  name: "memory: a process that ends under its drivers",
  build: endingOf,
};

/** The driver of the vectors faults without a user of the mm, which K-I31 forbids. */
const exitRace: Shape = {
  name: "an exit in a race with faults",
  mayBreak: ["K-I31"],
  build: (choices) =>
    build(choices, [
      setUp(choices),
      [...faults(choices, 4), remove(N)],
      [...regions(choices, { next: 1 }, 1), exit],
      churn(choices, 2, 2),
    ]),
};

/** Every shape. */
export const SHAPES: readonly Shape[] = [
  readers,
  churning,
  insertingInside,
  nonBlockable,
  exiting,
  plain,
  mixed,
  cold,
  memory,
  moving,
  forking,
  ending,
  exitRace,
];
