/**
 * Random scenarios of memory: processes, drivers and the mm over a few pages of every kind.
 *
 * The pages are cut into zones, each with one kind of mapping whatever moves or is mapped again, so that an
 * operation is drawn only where the kernel offers it: KSM merges anonymous memory, a hole is punched into a
 * file that is mapped once, huge pages of the pool are treated as wholes. What programs leave to chance is
 * everything else: which pages, in which order, beside whom.
 */
import { CORRECT_DRIVER, type MmapOptions, type Operation, type Scenario } from "@mmreplay/core";
import { mirrorId, mmId, notifierId, type Protection } from "@mmreplay/events";
import { exit, insert, M, N, P, remove, scenario } from "./operations.ts";
import { type Choices, chance, pick } from "./random.ts";

type Protections = readonly Protection[];

/** Pages that are always mapped in one way, at home or where mremap has moved them. */
interface Zone {
  readonly home: number;
  readonly np: number;
  readonly away?: number;
  readonly mapping: MmapOptions;
  readonly prots: Protections;
}

const ANY: Protections = ["none", "read", "read_write", "read_write"];
const ANON: Zone = { home: 0, np: 8, away: 24, mapping: {}, prots: ANY };
const SHARED: Zone = {
  home: 8,
  np: 4,
  away: 32,
  mapping: { kind: "shared", file: 0 },
  prots: ANY,
};
const PRIVATE: Zone = { home: 12, np: 4, away: 36, mapping: { file: 1 }, prots: ANY };
/** A program's text: it is never writable. */
const TEXT: Zone = { home: 16, np: 2, mapping: { file: 2 }, prots: ["read"] };
const INSERTED: Zone = { home: 18, np: 2, mapping: { insert: "page" }, prots: ANY };
const SPECIAL: Zone = {
  home: 18,
  np: 2,
  mapping: { kind: "pfnmap", insert: "special" },
  prots: ANY,
};
const POOL: Zone = { home: 20, np: 4, mapping: { kind: "hugetlb" }, prots: ANY };
const PAGES = 40;

/** What a random scenario is made of. */
interface World {
  readonly choices: Choices;
  /** Undefined: there are no huge pages. */
  readonly pmdOrder: number | undefined;
  readonly zones: readonly Zone[];
  /** Each page of a file is mapped once: a hole may be punched. */
  readonly once: boolean;
}

interface Span {
  page: number;
  np: number;
}

const value = ({ choices }: World): number => 1 + choices.below(1000);

/** Some pages of a zone: of the pool whole huge ones. */
function spanOf({ choices, pmdOrder = 0, once }: World, zone: Zone): Span {
  const unit = zone === POOL ? 2 ** pmdOrder : 1;
  const first = choices.below(zone.np / unit);
  const count = 1 + choices.below(zone.np / unit - first);
  const isAway = zone.away !== undefined && !once && chance(choices, 1, 3);
  const from = isAway ? (zone.away ?? 0) : zone.home;
  return { page: from + first * unit, np: count * unit };
}

const anywhere = (world: World): Span => spanOf(world, pick(world.choices, world.zones));

function mapped(world: World, zone: Zone, { page, np }: Span): Operation {
  const prot = pick(world.choices, zone.prots);
  const from = page >= (zone.away ?? PAGES) ? (zone.away ?? 0) : zone.home;
  const filePage = zone.mapping.file === undefined ? {} : { filePage: page - from };
  return { op: "mmap", page, np, prot, ...zone.mapping, ...filePage };
}

function again(world: World, zone: Zone): Operation[] {
  const span = spanOf(world, zone);
  return [{ op: "munmap", ...span }, mapped(world, zone, span)];
}

/** The pages move, over whatever was there. */
function moved(world: World, zone: Zone): Operation[] {
  const { choices } = world;
  if (zone.away === undefined || world.once) return again(world, zone);
  const np = 1 + choices.below(zone.np);
  const offset = (): number => choices.below(zone.np - np + 1);
  const places = [zone.home + offset(), zone.away + offset()];
  const [page = 0, to = 0] = chance(choices, 1, 2) ? places : places.toReversed();
  return [
    { op: "munmap", page: to, np },
    { op: "mremap", page, np, to },
  ];
}

function protect(world: World): Operation {
  const zone = pick(world.choices, world.zones);
  return { op: "mprotect", prot: pick(world.choices, zone.prots), ...spanOf(world, zone) };
}

/** What the process does to its mappings: one thread of it, for another may not map where it does. */
function mapping(world: World): Operation[] {
  const { choices, pmdOrder } = world;
  const zone = pick(choices, world.zones);
  switch (choices.below(5)) {
    case 0:
      return again(world, zone);
    case 1:
      return moved(world, zone);
    case 2:
      if (pmdOrder !== undefined) return [{ op: "madvise_hugepage", ...spanOf(world, ANON) }];
      return [{ op: "munmap", ...spanOf(world, zone) }];
    default:
      return [protect(world)];
  }
}

type Name = Extract<Operation, { onto?: number | undefined }>["op"];

const SMALL: readonly Name[] = [
  "madvise_dontneed",
  "change_prot_numa",
  "page_mkclean",
  "try_to_unmap",
  "migrate_pages",
  "memory_failure",
  "oom_reap_task_mm",
];
const ANONYMOUS: readonly Name[] = ["madvise_free", "ksm_write_protect", "ksm_replace_page"];
const HUGE: readonly Name[] = ["split_huge_pmd", "collapse_huge_page"];

/** What the mm does to pages. */
function pages(world: World): Operation[] {
  const { choices, pmdOrder, once } = world;
  switch (choices.below(8)) {
    case 0:
      return [{ op: "clear_refs_write", page: 0, np: 1 }];
    case 1:
      return [{ op: "uprobe_write_opcode", page: TEXT.home + choices.below(TEXT.np), np: 1 }];
    case 2: {
      const op = pick(choices, ANONYMOUS);
      const span = spanOf(world, ANON);
      return [{ op, ...span, onto: spanOf(world, ANON).page }];
    }
    case 3:
      if (pmdOrder === undefined) break;
      return [{ op: pick(choices, HUGE), page: spanOf(world, ANON).page, np: 1 }];
    case 4: {
      if (once) return [{ op: "unmap_mapping_range", ...spanOf(world, SHARED) }];
      if (pmdOrder === undefined) break;
      return [{ op: "retract_page_tables", page: spanOf(world, SHARED).page, np: 1 }];
    }
    case 5:
      if (pmdOrder === undefined) break;
      return [{ op: pick(choices, ["madvise_dontneed", "migrate_pages"]), ...spanOf(world, POOL) }];
    default:
  }
  return [{ op: pick(choices, SMALL), ...spanOf(world, pick(choices, [ANON, SHARED, PRIVATE])) }];
}

/** The CPU, or a file's reader or writer. */
function accesses(world: World): Operation[] {
  const { choices } = world;
  if (chance(choices, 1, 6)) {
    const op = pick(choices, ["file_read", "file_write"] as const);
    const page = choices.below(4);
    const np = 1 + choices.below(4 - page);
    return [{ op, file: pick(choices, [0, 1]), page, np, value: value(world) }];
  }
  const write = chance(choices, 2, 3);
  return [{ op: "cpu_access", write, value: value(world), ...anywhere(world) }];
}

function device(world: World, n: typeof N): Operation[] {
  const command = pick(world.choices, ["READ", "WRITE"] as const);
  return [{ op: "dmirror", command, n, value: value(world), ...anywhere(world) }];
}

/** The notifier of a snapshot lives as long as that. */
function snapshot(world: World, n: typeof N, mirror: number): Operation[] {
  const span = anywhere(world);
  const opens = insert(n, span.page, span.page + span.np);
  return [
    { ...opens, mirror: mirrorId(mirror) } as Operation,
    { op: "dmirror", command: "SNAPSHOT", n, ...span },
    remove(n),
  ];
}

const opens = (n: typeof N, mirror: number): Operation =>
  ({ ...insert(n, 0, PAGES), mirror: mirrorId(mirror) }) as Operation;

function times(count: number, make: () => readonly Operation[]): Operation[] {
  return Array.from({ length: count }).flatMap(make);
}

function worldOf(choices: Choices, once: boolean): World {
  const pmdOrder = pick(choices, [undefined, 1, 2]);
  const rest = pick(choices, [INSERTED, SPECIAL]);
  const pool = pmdOrder === undefined ? [] : [POOL];
  return {
    choices,
    pmdOrder,
    once,
    zones: [ANON, ANON, ANON, SHARED, SHARED, PRIVATE, TEXT, rest, ...pool],
  };
}

/** The driver is opened and every zone mapped and touched; one may be missing. */
function setUp(world: World): Operation[] {
  const zones = [...new Set(world.zones)];
  return [
    insert(N, 0, PAGES),
    opens(M, 1),
    ...zones.map((zone) => mapped(world, zone, { page: zone.home, np: zone.np })),
    ...(world.pmdOrder === undefined
      ? []
      : [{ op: "madvise_hugepage", page: ANON.home, np: ANON.np } as const]),
    ...times(world.choices.below(6), () => accesses(world)),
  ];
}

function scenarioOf(world: World, programs: Operation[][], more: Partial<Scenario>): Scenario {
  const { choices, pmdOrder } = world;
  return {
    ...scenario({ pages: PAGES, present: 0, programs }),
    memory: true,
    ...(pmdOrder === undefined ? {} : { pmdOrder }),
    ...(pmdOrder !== undefined && chance(choices, 1, 4) ? { hugeAlways: true } : {}),
    ...(chance(choices, 1, 4) ? { rangeFault: "unlocked" } : {}),
    ...(chance(choices, 1, 4) ? { driver: { ...CORRECT_DRIVER, erasesEnd: true } } : {}),
    devices: [0, 1, 0, 1, 0],
    snapshots: [P, Q],
    ...more,
  };
}

const Q = notifierId(3);
/** The child's. */
const R = notifierId(4);
const CHILD = mmId(1);

/** One process: two drivers of two devices, two threads, mappings that change, pages that go. */
export function memoryOf(choices: Choices): Scenario {
  const world = worldOf(choices, chance(choices, 1, 3));
  return scenarioOf(
    world,
    [
      setUp(world),
      times(3, () => device(world, N)),
      [...device(world, M), ...snapshot(world, P, 2), ...device(world, M), remove(M)],
      times(3, () => accesses(world)),
      [...accesses(world), protect(world), ...accesses(world)],
      times(3, () => mapping(world)),
      times(3, () => pages(world)),
      times(2, () => pages(world)),
    ],
    {},
  );
}

/** Two processes: one forks the other, and each has a driver instance; the child may exit. */
export function forkOf(choices: Choices): Scenario {
  const world = worldOf(choices, false);
  const own = (): Operation[] =>
    pick(choices, [accesses, accesses, mapping, pages, () => device(world, R)])(world);
  return scenarioOf(
    world,
    [
      setUp(world),
      times(2, () => device(world, N)),
      times(2, () => accesses(world)),
      [...times(2, () => mapping(world))],
      times(2, () => pages(world)),
      [{ op: "fork", child: CHILD }, ...times(2, () => accesses(world))],
      [
        { op: "child" },
        opens(R, 3),
        ...times(4, own),
        ...snapshot(world, Q, 4),
        remove(R),
        ...(chance(choices, 1, 2) ? [exit] : []),
      ],
    ],
    { processes: [0, 0, 0, 0, 0, 0, 1].map(mmId) },
  );
}

/** A process that ends: its devices and a snapshot are in the middle of something. */
export function endingOf(choices: Choices): Scenario {
  const world = worldOf(choices, false);
  return scenarioOf(
    world,
    [
      setUp(world),
      times(3, () => device(world, N)),
      [...device(world, M), ...device(world, M), remove(M)],
      [...accesses(world), ...mapping(world), ...pages(world), exit, remove(N)],
    ],
    {},
  );
}
