/**
 * Searches for tests: peers' scenarios and mutants by name, and a schedule run step by step.
 */
import { type Mutant, type NamedScenario, PEERS, ZOO } from "@mmreplay/core";
import { assert } from "@mmreplay/events";
import type { Subject } from "../../packages/replay/src/explore/prepare.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";
import { decodeSchedule } from "../../packages/replay/src/explore/schedule.ts";
import { MOVES, Space, WAITS } from "../../packages/replay/src/explore/space.ts";

/** A scenario of the peers' family, as `2F2I1R`. */
export function peer(size: string): NamedScenario {
  const named = PEERS.find(({ name }) => name === `peer/${size}`);
  assert(named !== undefined, `there is peer/${size}`);
  return named;
}

/** A peers' mutant with its scenario. */
export function peerMutant(id: string): { readonly named: NamedScenario; readonly mutant: Mutant } {
  const mutant = ZOO.find((one) => one.id === id);
  assert(mutant !== undefined, `there is ${id}`);
  return { named: peer(mutant.scenario.replace("peer/", "")), mutant };
}

/** The peers' mutants, with the certified shortest lengths of ../shared/peers. */
export const SHORTEST: readonly (readonly [string, number])[] = [
  ["peer-1", 12],
  ["peer-2", 13],
  ["peer-3", 13],
  ["peer-4", 14],
  ["peer-5", 16],
  ["peer-6", 21],
  ["peer-7", 17],
  ["peer-8", 22],
  ["peer-9", 16],
];

/** What fails at the end of a schedule; every step of it must be possible. */
export function failureOf(
  subject: { readonly named: NamedScenario; readonly mutant?: Mutant },
  schedule: string,
): string | undefined {
  const run = new ScenarioRun(subject.named, subject.mutant);
  for (const choice of decodeSchedule(schedule).choices) {
    assert(run.failure() === undefined && run.canMove(choice), "a schedule can be run");
    run.step(choice);
  }
  return run.failure()?.rule;
}

/** Steps of the nearest failure: every level is looked at whole before it is said. */
export function leastFailure({ named, mutant }: Subject): number | undefined {
  const { scenario, model, state, points } = new ScenarioRun(named, mutant, []);
  const space = new Space({ scenario, points, rules: named.rules, model }, state);
  const seen = new Set([space.initial.join()]);
  let level: Int32Array[] = [space.initial];
  for (let depth = 0; level.length > 0; depth++) {
    const next: Int32Array[] = [];
    let least = Number.POSITIVE_INFINITY;
    for (const row of level) {
      const to = new Int32Array(space.width);
      const tried = [...space.moves.keys()].map((move) => {
        const outcome = space.step(row, move, to);
        if (space.findings.length > 0) least = Math.min(least, depth + (outcome === MOVES ? 1 : 0));
        if (outcome === MOVES && !seen.has(to.join())) {
          seen.add(to.join());
          next.push(to.slice());
        }
        return outcome;
      });
      if (tried.includes(WAITS) && !tried.includes(MOVES)) least = Math.min(least, depth);
    }
    if (Number.isFinite(least)) return least;
    level = next;
  }
  return undefined;
}
