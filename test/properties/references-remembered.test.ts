/**
 * M-I4 remembers which frames have references, so that it need not look at thousands after each access. What it
 * remembers changes no verdict: asked anew at each event, as a search asks it, it says the same.
 */
import {
  emptyState,
  type Mutant,
  modelOf,
  type NamedScenario,
  RULES,
  type Rule,
  reduceInPlace,
  SCENARIOS,
  type State,
  ZOO,
} from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { scenarioNamed } from "../../packages/replay/src/explore/named.ts";
import { walkAtRandom } from "../../packages/replay/src/explore/random-walk.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";

const RULE = RULES.find(({ id }) => id === "M-I4") as Rule;
const SCHEDULES = 5;

function runOf(named: NamedScenario, mutant: Mutant | undefined, seed: number): ScenarioRun {
  const run = new ScenarioRun(named, mutant, []);
  walkAtRandom(run, seed);
  return run;
}

/** What the rule says after each event; `anew`: without anything that it remembers. */
function verdicts(run: ScenarioRun, anew: boolean): string[] {
  const state: State = emptyState(run.state.seqModulus);
  const said: string[] = [];
  let memory = RULE.start();
  for (const event of run.events) {
    if (anew) memory = RULE.start();
    const asked = RULE.on.includes(event.type);
    if (asked) RULE.before?.(memory, state, event);
    reduceInPlace(state, event, run.model.recipes);
    if (asked) said.push(...answers(memory, state, event));
  }
  return said;
}

function answers(memory: unknown, state: State, event: MmEvent): string[] {
  const said: string[] = [];
  RULE.after(memory, state, event, {
    held: () => void said.push(`${event.index} held`),
    undecided: () => void said.push(`${event.index} undecided`),
    violated: ({ message }) => void said.push(`${event.index} ${message}`),
  });
  return said;
}

const withMemory = SCENARIOS.filter(({ scenario }) => scenario.memory === true);
const leaking = ZOO.filter(({ rule }) => rule === "M-I4");

describe("M-I4 says the same with and without what it remembers", () => {
  it.each(withMemory.map((named) => [named.name, named] as const))("in %s", (_, named) => {
    for (let seed = 1; seed <= SCHEDULES; seed++) {
      const run = runOf(named, undefined, seed);
      expect(verdicts(run, false)).toEqual(verdicts(run, true));
    }
  });

  it.each(leaking.map((mutant) => [mutant.id, mutant] as const))("of %s", (_, mutant) => {
    const named = scenarioNamed(mutant.scenario);
    expect(modelOf(mutant)).not.toEqual(modelOf(undefined));
    const said = Array.from({ length: 300 }, (__, seed) => {
      const run = runOf(named, mutant, seed);
      expect(verdicts(run, false)).toEqual(verdicts(run, true));
      return verdicts(run, false);
    });
    expect(said.flat().some((one) => !one.endsWith("held"))).toBe(true);
  });
});
