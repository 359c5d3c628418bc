/**
 * A failing path of a search with partial order reduction as a run: the eager steps that were made at once
 * are made one by one.
 *
 * A failure that such a search meets is one; only its length says nothing. It is told where the search without
 * the reduction, which would have found a shortest one, was cut by a bound.
 */

import type { Subject } from "./prepare.ts";
import { ScenarioRun } from "./scenario-run.ts";
import type { Choice } from "./schedule.ts";
import type { Search } from "./search.ts";

/** An eager chain is no longer than this (commuting.ts), nor is what is looked for here. */
const CHAIN_MAX = 65;

/** The choices of a path over eager steps; undefined where the run does not fail as the path did. */
export function unreducedChoices(
  { named, mutant }: Subject,
  { space, symmetry }: Search,
  path: readonly number[],
): Choice[] | undefined {
  const run = new ScenarioRun(named, mutant);
  const standsAt = (row: Int32Array): boolean => {
    const own = space.rowOf(run.state);
    if (symmetry) space.merge.apply(own);
    return own.every((word, at) => word === row[at]);
  };
  const made: Choice[] = [];
  const rows = space.rowsOn(path, symmetry);
  for (const [at, choice] of space.choices(path, symmetry).entries()) {
    let next: Choice = choice;
    for (let step = 0; step < CHAIN_MAX && run.canMove(next); step += 1) {
      run.step(next);
      made.push(next);
      if (run.failure() !== undefined) return made;
      if (standsAt(rows[at] as Int32Array)) break;
      next = { task: choice.task, branch: "default" };
    }
  }
  return undefined;
}
