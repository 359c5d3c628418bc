/**
 * What the tasks of a process do to its memory: the CPU, its mappings, the mm, and the test driver.
 */
import type { Operation } from "@mmreplay/core";
import { type MirrorId, mirrorId, type NotifierId } from "@mmreplay/events";
import { between, chance, pick, times } from "./choices.ts";
import {
  anywhere,
  MEMORY_PAGES,
  mapped,
  type Span,
  spanOf,
  value,
  type World,
  type Zone,
} from "./memory-world.ts";
import { insert, remove } from "./words.ts";

/** Up to so many of these, one after the other. */
export function several(world: World, make: (world: World) => readonly Operation[]): Operation[] {
  return times(between(world.choices, 1, world.size.operations), () => make(world));
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

/** A protection changes. */
export function protect(world: World): Operation[] {
  const zone = pick(world.choices, world.zones);
  return [{ op: "mprotect", prot: pick(world.choices, zone.prots), ...spanOf(world, zone) }];
}

/** What the process does to its mappings: one thread of it, for another may not map where it does. */
export function mapping(world: World): Operation[] {
  const { choices, pmdOrder, anonymous } = world;
  const zone = pick(choices, world.zones);
  switch (choices.below(5)) {
    case 0:
      return again(world, zone);
    case 1:
      return moved(world, zone);
    case 2:
      if (pmdOrder !== undefined && anonymous !== undefined) {
        return [{ op: "madvise_hugepage", ...spanOf(world, anonymous) }];
      }
      return [{ op: "munmap", ...spanOf(world, zone) }];
    default:
      return protect(world);
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

/** Two pages get the same contents, and KSM finds them: it write-protects both, and one takes the other's place. */
function merge(world: World, { home, np }: Zone): Operation[] {
  const { choices } = world;
  const [page, onto] = [home + choices.below(np), home + choices.below(np)];
  const written = value(world);
  const writes = (at: number): Operation => {
    return { op: "cpu_access", write: true, value: written, page: at, np: 1 };
  };
  return [
    writes(page),
    writes(onto),
    { op: "ksm_write_protect", page, np: 1 },
    { op: "ksm_write_protect", page: onto, np: 1 },
    { op: "ksm_replace_page", page, np: 1, onto },
  ];
}

/** What the mm does to pages. */
export function pages(world: World): Operation[] {
  const { choices, pmdOrder, once, anonymous, shared, text, pool, ordinary } = world;
  const isHuge = pmdOrder !== undefined;
  switch (choices.below(8)) {
    case 0:
      return [{ op: "clear_refs_write", page: 0, np: 1 }];
    case 1:
      if (text === undefined) break;
      return [{ op: "uprobe_write_opcode", page: text.home + choices.below(text.np), np: 1 }];
    case 2: {
      if (anonymous === undefined) break;
      if (chance(choices, 1, 3)) return merge(world, anonymous);
      const op = pick(choices, ANONYMOUS);
      return [{ op, ...spanOf(world, anonymous), onto: spanOf(world, anonymous).page }];
    }
    case 3:
      if (!isHuge || anonymous === undefined) break;
      return [{ op: pick(choices, HUGE), page: spanOf(world, anonymous).page, np: 1 }];
    case 4:
      if (shared === undefined) break;
      if (once) return [{ op: "unmap_mapping_range", ...spanOf(world, shared) }];
      if (!isHuge) break;
      return [{ op: "retract_page_tables", page: spanOf(world, shared).page, np: 1 }];
    case 5:
      if (pool === undefined) break;
      return [{ op: pick(choices, ["madvise_dontneed", "migrate_pages"]), ...spanOf(world, pool) }];
    default:
  }
  return [{ op: pick(choices, SMALL), ...spanOf(world, pick(choices, ordinary)) }];
}

/** The CPU, or a file's reader or writer. */
export function accesses(world: World): Operation[] {
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

/** An access of the device. */
export const device =
  (n: NotifierId) =>
  (world: World): Operation[] => {
    const command = pick(world.choices, ["READ", "WRITE"] as const);
    return [{ op: "dmirror", command, n, value: value(world), ...anywhere(world) }];
  };

/** The notifier of a snapshot lives as long as that. */
export function snapshot(world: World, n: NotifierId, mirror: MirrorId): Operation[] {
  const span: Span = anywhere(world);
  return [
    insert(n, [span.page, span.page + span.np], { mirror }),
    { op: "dmirror", command: "SNAPSHOT", n, ...span },
    remove(n),
  ];
}

/** The driver is opened: its notifier covers everything. */
export function opens(n: NotifierId, mirror: number): Operation {
  return insert(n, [0, MEMORY_PAGES], mirror === 0 ? {} : { mirror: mirrorId(mirror) });
}

/** The driver is opened and every zone mapped and touched. */
export function setUp(world: World, drivers: readonly NotifierId[]): Operation[] {
  const zones = [...new Set(world.zones)];
  const { anonymous, choices, pmdOrder } = world;
  const advised = pmdOrder !== undefined && anonymous !== undefined;
  return [
    ...drivers.map((n, mirror) => opens(n, mirror)),
    ...zones.map((zone) => mapped(world, zone, { page: zone.home, np: zone.np })),
    ...(advised
      ? [{ op: "madvise_hugepage", page: anonymous.home, np: anonymous.np } as const]
      : []),
    ...times(choices.below(2 * world.size.operations), () => accesses(world)),
  ];
}
