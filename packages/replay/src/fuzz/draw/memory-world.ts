/**
 * What programs of memory are drawn from: zones of pages, each with one kind of mapping.
 *
 * Whatever moves or is mapped again, a zone stays of its kind, so that an operation is drawn only where the
 * kernel offers it: KSM merges anonymous memory, a hole is punched into a file that is mapped once, huge
 * pages of the pool are treated as wholes. What programs leave to chance is everything else: which pages, in
 * which order, beside whom. A small workload has one or two zones, of a page or two each.
 */
import type { MmapOptions, Operation } from "@mmreplay/core";
import type { Protection } from "@mmreplay/events";
import { type Choices, chance, pick } from "./choices.ts";
import type { Size } from "./size.ts";

type Protections = readonly Protection[];

/** Pages that are always mapped in one way, at home or where mremap has moved them. */
export interface Zone {
  readonly home: number;
  readonly np: number;
  readonly away?: number;
  readonly mapping: MmapOptions;
  readonly prots: Protections;
}

/** Pages `[page, page + np)`. */
export interface Span {
  page: number;
  np: number;
}

/** What a random scenario of memory is made of. */
export interface World {
  readonly choices: Choices;
  readonly size: Size;
  /** Undefined: there are no huge pages. */
  readonly pmdOrder: number | undefined;
  /** One of these is drawn; a zone that comes more often is drawn more often. */
  readonly zones: readonly Zone[];
  /** Those of them that have pages of which reclaim and others may take some. */
  readonly ordinary: readonly Zone[];
  /** The zone of each kind; undefined: there is none. */
  readonly anonymous: Zone | undefined;
  readonly shared: Zone | undefined;
  readonly text: Zone | undefined;
  readonly pool: Zone | undefined;
  /** Each page of a file is mapped once: a hole may be punched. */
  readonly once: boolean;
}

/** Pages of the address space; the zones share them out. */
export const MEMORY_PAGES = 40;

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

/** From this many pages on a workload has all zones, and may have huge pages. */
const ALL_ZONES_PAGES = 8;

/** Draws a world; `once`: each page of a file is mapped once. */
export function worldOf(choices: Choices, size: Size, once: boolean): World {
  const isSmall = size.pages < ALL_ZONES_PAGES;
  const pmdOrder = isSmall ? undefined : pick(choices, [undefined, 1, 2]);
  const some = isSmall ? smallZones(choices, size) : allZones(choices, pmdOrder);
  const like = (kind: Zone): Zone | undefined => some.find(({ home }) => home === kind.home);
  const ordinary = [ANON, SHARED, PRIVATE].flatMap((kind) => like(kind) ?? []);
  return {
    choices,
    size,
    pmdOrder,
    once,
    zones: some,
    ordinary,
    anonymous: like(ANON),
    shared: like(SHARED),
    text: like(TEXT),
    pool: like(POOL),
  };
}

function allZones(choices: Choices, pmdOrder: number | undefined): Zone[] {
  const rest = pick(choices, [INSERTED, SPECIAL]);
  const pool = pmdOrder === undefined ? [] : [POOL];
  return [ANON, ANON, ANON, SHARED, SHARED, PRIVATE, TEXT, rest, ...pool];
}

function smallZones(choices: Choices, { pages }: Size): Zone[] {
  const kinds = pick(choices, [[ANON], [ANON], [ANON, SHARED], [PRIVATE], [SHARED]]);
  return kinds.map((zone) => ({ ...zone, np: Math.min(zone.np, pages) }));
}

/** Some pages of a zone, at home or away: of the pool whole huge ones. */
export function spanOf(world: World, zone: Zone): Span {
  const { choices, pmdOrder = 0, once } = world;
  const unit = zone === world.pool ? 2 ** pmdOrder : 1;
  const first = choices.below(zone.np / unit);
  const count = 1 + choices.below(zone.np / unit - first);
  const isAway = zone.away !== undefined && !once && chance(choices, 1, 3);
  const from = isAway ? (zone.away ?? 0) : zone.home;
  return { page: from + first * unit, np: count * unit };
}

/** Some pages of any zone. */
export const anywhere = (world: World): Span => spanOf(world, pick(world.choices, world.zones));

/** The mapping of some pages of a zone. */
export function mapped(world: World, zone: Zone, { page, np }: Span): Operation {
  const prot = pick(world.choices, zone.prots);
  const from = page >= (zone.away ?? MEMORY_PAGES) ? (zone.away ?? 0) : zone.home;
  const filePage = zone.mapping.file === undefined ? {} : { filePage: page - from };
  return { op: "mmap", page, np, prot, ...zone.mapping, ...filePage };
}

/** What a page is given. */
export const value = ({ choices }: World): number => 1 + choices.below(1000);
