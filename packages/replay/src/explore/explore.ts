/**
 * A search of a named scenario, with or without a mutant, and what it found as schedules.
 */
import type { Mutant, NamedScenario } from "@mmreplay/core";
import { breadthFirst } from "./breadth-first.ts";
import { nothingSeen } from "./commuting.ts";
import { DEFAULT_BOUNDS } from "./search.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { encodeSchedule } from "./schedule.ts";
import { Space } from "./space.ts";

/** How to search. */
export interface ExploreOptions {
  readonly mutant?: Mutant;
  /** One of the states that differ by an exchange of like tasks stands for all; default: yes. */
  readonly symmetry?: boolean;
}

/** A failing run. */
export interface ExploreFinding {
  readonly rule: string;
  readonly message: string;
  /** Steps, the failing one included. */
  readonly length: number;
  /** No shorter run fails: the search went through all of them. */
  readonly certified: boolean;
  readonly schedule: string;
}

/** What a search saw. */
export interface ExploreReport {
  readonly scenario: string;
  readonly strategy: string;
  /** Every state was visited. */
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly deadlocks: number;
  readonly findings: readonly ExploreFinding[];
}

/**
 * Searches every interleaving of a scenario, nearest first, until one fails.
 *
 * @example
 * ```ts
 * const [peer] = PEERS;
 * explore(peer as NamedScenario).states; // 68
 * ```
 */
export function explore(named: NamedScenario, options: ExploreOptions = {}): ExploreReport {
  const { mutant, symmetry = true } = options;
  const { scenario, model, state } = new ScenarioRun(named, mutant, []);
  const { points, rules } = named;
  const seen = process.env["POR"] === "1" ? nothingSeen() : undefined;
  let space = new Space({ scenario, points, rules, model }, state, seen);
  let result = breadthFirst({ space, symmetry, bounds: DEFAULT_BOUNDS, seed: 1, pctDepth: 3 });
  while (space.broken) {
    console.log("again", result.states);
    space = new Space({ scenario, points, rules, model }, state, seen);
    result = breadthFirst({ space, symmetry, bounds: DEFAULT_BOUNDS, seed: 1, pctDepth: 3 });
  }
  const { failures, ...counts } = result;
  const findings = failures.slice(0, 1).map(({ path, finding }): ExploreFinding => {
    return {
      ...finding,
      length: path.length,
      certified: true,
      schedule: encodeSchedule({
        scenario: named.name,
        ...(mutant === undefined ? {} : { mutant: mutant.id }),
        choices: space.choices(path, symmetry),
      }),
    };
  });
  const complete = failures.length === 0;
  return { scenario: named.name, strategy: "bfs", complete, ...counts, findings };
}
