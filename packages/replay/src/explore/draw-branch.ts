/**
 * What is drawn is a task; only then, where it may answer either way, its branch.
 *
 * Drawn among all moves, a task that may refuse would come twice as often as the others.
 */
import type { Generator } from "./generator.ts";
import type { Space } from "./space.ts";
import { NO_MOVE, type Walk } from "./walk.ts";

/** The moves of each task, by its index. */
export function movesByTask({ tasks, moves }: Space): readonly (readonly number[])[] {
  return tasks.map((_, task) => [...moves.keys()].filter((move) => moves[move]?.index === task));
}

/** One of a task's moves that can be made, which has been tried last; NO_MOVE if there is none. */
export function drawBranch(moves: readonly number[], walk: Walk, random: Generator): number {
  // Most tasks have one move; this is the innermost loop of every drawn schedule.
  if (moves.length === 1) return walk.canMove(moves[0] as number) ? (moves[0] as number) : NO_MOVE;
  const open = moves.filter((move) => walk.canMove(move));
  if (open.length === 0) return NO_MOVE;
  const move = open.length === 1 ? open[0] : open[random.below(open.length)];
  walk.canMove(move as number);
  return move as number;
}
