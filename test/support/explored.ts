/**
 * Searches for tests: peers' scenarios and mutants by name, and a schedule run step by step.
 */
import { type Mutant, type NamedScenario, PEERS, ZOO } from "@mmreplay/core";
import { assert } from "@mmreplay/events";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";
import { decodeSchedule } from "../../packages/replay/src/explore/schedule.ts";

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
