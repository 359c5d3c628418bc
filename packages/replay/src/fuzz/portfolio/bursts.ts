/**
 * A walk in bursts: one task makes several steps, then another one does.
 *
 * A walk in which all tasks are alike at each step almost never leaves one of them aside for as long as another
 * needs to come to its end; priorities leave it aside for ever. A burst ends at each step with the same
 * probability, so its length is geometric.
 */
import { drawBranch, movesByTask } from "../../explore/draw-branch.ts";
import { anyMove } from "../../explore/draw-random.ts";
import type { Generator } from "../../explore/generator.ts";
import type { Space } from "../../explore/space.ts";
import { NO_MOVE, type Picker } from "../../explore/walk.ts";

/** Steps of a burst, on average. */
const BURST_STEPS = 4;

/** The task that moved last goes on while it can, until its burst is over. */
export function inBursts(space: Space): Picker {
  const moves = movesByTask(space);
  const any = anyMove(space);
  let random: Generator;
  let current: readonly number[] = [];
  return {
    begin(generator) {
      random = generator;
      current = [];
      any.begin(generator);
    },
    pick(step, walk) {
      if (current.length > 0 && random.below(BURST_STEPS) > 0) {
        const move = drawBranch(current, walk, random);
        if (move !== NO_MOVE) return move;
      }
      const move = any.pick(step, walk);
      current = moves[space.moves[move]?.index ?? -1] ?? [];
      return move;
    },
  };
}
