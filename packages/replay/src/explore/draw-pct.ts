/**
 * PCT (Burckhardt, Kothari, Musuvathi, Nagarakatti 2010): draws schedules by priorities.
 *
 * The tasks get priorities at random, and the highest one that can moves; at depth - 1 random steps the
 * task that would move falls below all others. A bug that needs `depth` steps in order is found by a
 * schedule of n tasks and k steps with a probability of at least 1 / (n * k^(depth - 1)). k is the mean
 * length of random schedules that are drawn first, rounded up. A task that may refuse does so at random.
 */
import { drawBranch, movesByTask } from "./draw-branch.ts";
import { anyMove } from "./draw-random.ts";
import type { Generator } from "./generator.ts";
import type { Search, Searching } from "./search.ts";
import type { Space } from "./space.ts";
import { drawn, NO_MOVE, type Picker, type Walk } from "./walk.ts";

/** Random schedules that the length is the mean of; of fewer, k would be another for each seed. */
const PROBES = 1_000;

/** Draws schedules. */
export function* pct(search: Search): Searching {
  const { space, bounds, seed } = search;
  const probes = { ...search, bounds: { ...bounds, runs: PROBES }, shard: { index: 0, of: 1 } };
  const { transitions } = yield* drawn(probes, anyMove(space), seed);
  const length = Math.max(1, Math.ceil(transitions / PROBES));
  return yield* drawn(
    search,
    byPriority(space, search.pctDepth, () => length),
    seed,
  );
}

/** A step before which the task that would make it falls, and how low. */
interface Change {
  readonly step: number;
  /** Below all that have not fallen, and above those that fell to a smaller one. */
  readonly priority: number;
}

/** The highest task that can move does; `length` says how long schedules are, when one begins. */
export function byPriority(space: Space, pctDepth: number, length: () => number): Picker {
  const moves = movesByTask(space);
  /** Tasks by their indexes, the highest first. */
  const order = [...moves.keys()];
  const priorities = order.map(() => pctDepth);
  let changes: Change[] = [];
  let change = 0;
  let random: Generator;
  /** The place in this order of the first task that can move, and its move. */
  const highest = (walk: Walk): readonly [place: number, move: number] => {
    for (const [place, task] of order.entries()) {
      const move = drawBranch(moves[task] as readonly number[], walk, random);
      if (move !== NO_MOVE) return [place, move];
    }
    return [0, NO_MOVE];
  };
  const fall = (place: number, priority: number): void => {
    const [task] = order.splice(place, 1) as [number];
    priorities[task] = priority;
    const below = order.findIndex((other) => (priorities[other] as number) < priority);
    order.splice(below < 0 ? order.length : below, 0, task);
  };
  return {
    begin(generator: Generator) {
      random = generator;
      for (let i = 0; i < order.length; i++) order[i] = i;
      for (let i = order.length - 1; i > 0; i--) {
        const at = generator.below(i + 1);
        [order[i], order[at]] = [order[at] as number, order[i] as number];
      }
      priorities.fill(pctDepth);
      const steps = length();
      changes = Array.from({ length: pctDepth - 1 }, (_, priority) => {
        return { step: generator.below(steps), priority };
      }).sort((a, b) => a.step - b.step);
      change = 0;
    },
    pick(step, walk) {
      let [place, move] = highest(walk);
      for (; move !== NO_MOVE && changes[change]?.step === step; change++) {
        fall(place, (changes[change] as Change).priority);
        [place, move] = highest(walk);
      }
      return move;
    },
  };
}
