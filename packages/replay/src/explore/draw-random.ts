/**
 * Random walk: draws schedules in which all tasks that can move are equally likely to.
 */
import { drawBranch, movesByTask } from "./draw-branch.ts";
import type { Generator } from "./generator.ts";
import type { Search, Searching } from "./search.ts";
import type { Space } from "./space.ts";
import { drawn, NO_MOVE, type Picker } from "./walk.ts";

/** Draws schedules. */
export function* randomWalk(search: Search): Searching {
  return yield* drawn(search, anyMove(search.space), search.seed);
}

/** Tries tasks in random order, so that the first that can move is a random one of those. */
export function anyMove(space: Space): Picker {
  const moves = movesByTask(space);
  const order = [...moves.keys()];
  let random: Generator;
  return {
    begin(generator) {
      random = generator;
      for (let i = 0; i < order.length; i++) order[i] = i;
    },
    pick(_, walk) {
      for (let left = order.length; left > 0; left--) {
        const at = random.below(left);
        const task = order[at] as number;
        const move = drawBranch(moves[task] as readonly number[], walk, random);
        if (move !== NO_MOVE) return move;
        order[at] = order[left - 1] as number;
        order[left - 1] = task;
      }
      return NO_MOVE;
    },
  };
}
