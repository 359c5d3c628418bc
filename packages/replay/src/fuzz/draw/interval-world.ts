/**
 * What programs over interval and plain notifiers are drawn from: pages, notifiers and their intervals.
 *
 * A notifier may be inserted again over other pages, but never over fewer than at first, so that a fault is one
 * inside its notifier whichever insertion it meets. Some notifiers are there from the set-up on, the others
 * belong to a task each, which inserts and removes them: nobody inserts what is there already in every run.
 */
import type { Operation } from "@mmreplay/core";
import { type NotifierId, notifierId, type RegionId, regionId } from "@mmreplay/events";
import { between, type Choices, chance, pick } from "./choices.ts";
import type { Size } from "./size.ts";
import { fault, insert, populate, type Range, remove, section } from "./words.ts";

/** What one workload's programs share. */
export interface IntervalWorld {
  readonly choices: Choices;
  readonly size: Size;
  /** Notifiers that the set-up inserts. */
  readonly shared: readonly NotifierId[];
  /** Pages of each notifier's smallest interval, by its id. */
  readonly least: readonly number[];
  /** What is given out next: a notifier for one task, a region. */
  readonly next: { notifier: number; region: number };
}

/** Draws a world; `cold`: no notifier is there at the beginning. */
export function intervalWorld(choices: Choices, size: Size, cold = false): IntervalWorld {
  const half = Math.min(size.notifiers - 1, Math.ceil(size.notifiers / 2));
  const own = cold ? size.notifiers : half;
  const shared = Array.from({ length: size.notifiers - own }, (_, id) => notifierId(id));
  const least = Array.from({ length: size.notifiers }, () => between(choices, 1, size.pages));
  return { choices, size, shared, least, next: { notifier: shared.length, region: 1 } };
}

/** Some pages, not none. */
export function range({ choices, size: { pages } }: IntervalWorld): Range {
  const from = choices.below(pages);
  return [from, between(choices, from + 1, pages)];
}

/** Pages of an insertion of this notifier. */
export function interval({ choices, size: { pages }, least }: IntervalWorld, n: NotifierId): Range {
  const np = least[n] as number;
  const from = choices.below(pages - np + 1);
  return [from, between(choices, from + np, pages)];
}

/** Insertions of the notifiers that are there from the beginning. */
export function insertShared(world: IntervalWorld): Operation[] {
  return world.shared.map((n) => insert(n, interval(world, n)));
}

/** A notifier for one task alone; undefined: all are given out. */
export function ownNotifier({ next, size }: IntervalWorld): NotifierId | undefined {
  return next.notifier < size.notifiers ? notifierId(next.notifier++) : undefined;
}

const newRegion = ({ next }: IntervalWorld): RegionId => regionId(next.region++);

/** Up to so many operations of a task. */
export function several(
  { choices, size }: IntervalWorld,
  make: () => readonly Operation[],
): Operation[] {
  return Array.from({ length: between(choices, 1, size.operations) }).flatMap(make);
}

/** A device fault through this notifier. */
export function faultOf({ choices, least }: IntervalWorld, n: NotifierId): Operation {
  const np = least[n] as number;
  const offset = choices.below(np);
  return fault(n, offset, between(choices, 1, Math.min(4, np - offset)));
}

/** Device faults. */
export function faults(world: IntervalWorld): Operation[] {
  return several(world, () => [faultOf(world, pick(world.choices, world.shared))]);
}

/** A region with what is done inside. */
export function region(
  world: IntervalWorld,
  blockable: boolean,
  inside: readonly Operation[] = [],
): Operation[] {
  const { choices } = world;
  const event = pick(choices, ["UNMAP", "CLEAR", "PROTECTION_VMA"] as const);
  const form = { event, blockable };
  return section(newRegion(world), range(world), form, chance(choices, 3, 4), inside);
}

/** Invalidations, of which some nest; after some the CPU fills pages again. */
export function regions(world: IntervalWorld, blockable = true): Operation[] {
  const { choices, size } = world;
  return several(world, () => {
    const nested = chance(choices, 1, 4) ? region(world, blockable) : [];
    const refill = chance(choices, 1, 3) ? [populate(choices.below(size.pages))] : [];
    return [...region(world, blockable, nested), ...refill];
  });
}

/** A notifier comes, is faulted through, and goes; something else where no notifier is left to be had. */
export function churn(world: IntervalWorld, withFaults = true): Operation[] {
  const { choices } = world;
  const n = ownNotifier(world);
  if (n === undefined) {
    return withFaults && world.shared.length > 0 ? faults(world) : regions(world);
  }
  return several(world, () => {
    const locked = chance(choices, 1, 4) ? { locked: true } : {};
    return [
      insert(n, interval(world, n), locked),
      ...(withFaults && chance(choices, 2, 3) ? [faultOf(world, n)] : []),
      remove(n),
    ];
  });
}

/** A notifier of the set-up goes, and comes back over other pages. */
export function replace(world: IntervalWorld): Operation[] {
  const n = pick(world.choices, world.shared);
  return [remove(n), insert(n, interval(world, n)), faultOf(world, n)];
}

/** An insertion by a task that has a region open; its notifier is faulted through afterwards. */
export function insertInside(world: IntervalWorld): Operation[] {
  const n = ownNotifier(world);
  if (n === undefined) return regions(world);
  const inside = [insert(n, interval(world, n))];
  return [...region(world, true, inside), faultOf(world, n), remove(n)];
}
