/**
 * The space of a scenario, ready to be searched.
 *
 * For partial-order reduction the first states are searched without it, to learn who looks at what. How
 * many is fixed, so every search of a scenario, on any machine, reduces it in the same way.
 */
import type { Mutant, NamedScenario } from "@mmreplay/core";
import { breadthFirst } from "./breadth-first.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { atOnce, DEFAULT_BOUNDS, type Search } from "./search.ts";
import { Space } from "./space.ts";

/** States from which is learned: those of three tasks entirely. */
const LEARNING_STATES = 1 << 14;

/** A scenario, and the bug that it is searched with. */
export interface Subject {
  readonly named: NamedScenario;
  readonly mutant?: Mutant | undefined;
}

/** The space of a scenario; `reduced`: with eager steps made at once. */
export function spaceOf({ named, mutant }: Subject, reduced: boolean): Space {
  const { scenario, model, state, points } = new ScenarioRun(named, mutant, []);
  const { rules } = named;
  const space = new Space({ scenario, points, rules, model }, state, reduced);
  if (!reduced) return space;
  atOnce(breadthFirst(learning(space)));
  space.reduce();
  return space;
}

function learning(space: Space): Search {
  const bounds = { ...DEFAULT_BOUNDS, maxStates: LEARNING_STATES };
  return { space, symmetry: true, bounds, seed: 0, pctDepth: 1 };
}
