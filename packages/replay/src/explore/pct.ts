/**
 * PCT (Burckhardt, Kothari, Musuvathi, Nagarakatti 2010): draws schedules by priorities.
 *
 * The tasks get priorities at random, and the highest one that can moves; at depth - 1 random steps the
 * task that would move falls below all others. A bug that needs `depth` steps in order is found by a
 * schedule of n tasks and k steps with a probability of at least 1 / (n * k^(depth - 1)). k is the mean
 * length of random schedules that are drawn first.
 */
import type { Generator } from "./generator.ts";
import { anyMove } from "./random-walk.ts";
import type { Search, SearchResult } from "./search.ts";
import { drawn, NO_MOVE, type Picker, type Walk } from "./walk.ts";

/** Random schedules that the length is the mean of. */
const PROBES = 200;

/** Draws schedules. */
export function pct(search: Search): SearchResult {
  const { space, bounds, seed } = search;
  const probe = { space, symmetry: false, bounds: { ...bounds, runs: PROBES }, seed };
  const { transitions } = drawn(
    { ...search, ...probe, shard: { index: 0, of: 1 } },
    anyMove(space),
    seed,
  );
  return drawn(search, byPriority(search, Math.max(1, Math.round(transitions / PROBES))), seed);
}

function byPriority({ space, pctDepth }: Search, length: number): Picker {
  /** Moves, the highest first. */
  const order = space.moves.map((_, move) => move);
  const changes: number[] = [];
  let change = 0;
  const highest = (walk: Walk): number => {
    for (let i = 0; i < order.length; i++) if (walk.canMove(order[i] as number)) return i;
    return NO_MOVE;
  };
  return {
    begin(generator: Generator) {
      for (let i = order.length - 1; i > 0; i--) {
        const at = generator.below(i + 1);
        [order[i], order[at]] = [order[at] as number, order[i] as number];
      }
      changes.length = 0;
      for (let i = 1; i < pctDepth; i++) changes.push(generator.below(length));
      changes.sort((a, b) => a - b);
      change = 0;
    },
    pick(step, walk) {
      let at = highest(walk);
      for (; at !== NO_MOVE && changes[change] === step; change++) {
        order.push(...order.splice(at, 1));
        at = highest(walk);
      }
      return at === NO_MOVE ? NO_MOVE : (order[at] as number);
    },
  };
}
