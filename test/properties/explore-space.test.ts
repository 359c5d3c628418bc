/**
 * A search looks steps up; a run makes them. They agree in every state of random runs, and find the same
 * in every step, so what a search remembers, leaves out of a state and exchanges is nothing that anybody
 * could see.
 *
 * A usual run takes one random run of each scenario, and of one mutant for each rule; MMREPLAY_WHOLE takes six of
 * each, and all mutants.
 */
import { type Mutant, type NamedScenario, SCENARIOS, ZOO } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { ILLEGAL_EVENT } from "../../packages/replay/src/explore/readiness.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";
import type { Choice } from "../../packages/replay/src/explore/schedule.ts";
import { MOVES, Space, WAITS } from "../../packages/replay/src/explore/space.ts";
import type { StepFinding } from "../../packages/replay/src/explore/step-memory.ts";
import { stuckFinding } from "../../packages/replay/src/explore/stuck.ts";
import { pick, seededChoices } from "../support/random.ts";
import { ofEachKind, WHOLE, whatBreaks } from "../support/sample.ts";

const RUNS = WHOLE ? 6 : 1;
/** No driver gives up in these scenarios, so a run need not end. */
const STEPS_MAX = 400;

const CASES: readonly (readonly [string, Mutant | undefined])[] = [
  ...SCENARIOS.map(({ name }) => [name, undefined] as const),
  ...ofEachKind(ZOO, whatBreaks).map((mutant) => [mutant.scenario, mutant] as const),
];

interface Looked {
  /** Every successor that the space gives for a row, by the move. */
  readonly successors: Map<string, Int32Array>;
  /** What is found in the step to it. */
  readonly findings: Map<string, readonly StepFinding[]>;
  /** What is wrong with a row as it stands. */
  readonly standing: readonly StepFinding[];
}

function lookedUp(space: Space, row: Int32Array): Looked {
  const successors = new Map<string, Int32Array>();
  const findings = new Map<string, readonly StepFinding[]>();
  const standing: StepFinding[] = [];
  const next = new Int32Array(space.width);
  let waiting = false;
  for (const [move, { index, branch }] of space.moves.entries()) {
    const tried = space.step(row, move, next);
    waiting ||= tried === WAITS;
    if (tried !== MOVES) standing.push(...space.findings);
    if (tried !== MOVES) continue;
    successors.set(`${space.tasks[index]} ${branch}`, next.slice());
    findings.set(`${space.tasks[index]} ${branch}`, space.findings);
  }
  if (waiting && successors.size === 0) standing.push(stuckFinding(space, row));
  return { successors, findings, standing };
}

const successors = (space: Space, row: Int32Array): Map<string, Int32Array> =>
  lookedUp(space, row).successors;

const told = ({ rule, message }: StepFinding): string => `${rule}: ${message}`;

const nameOf = ({ task, branch }: Choice): string => `${task} ${branch}`;

describe.each(CASES)("%s %o", (name, mutant) => {
  const named = SCENARIOS.find((one) => one.name === name) as NamedScenario;

  it("is the same looked up and run, step by step", () => {
    const start = new ScenarioRun(named, mutant, []);
    const { scenario, model, points } = start;
    const { rules } = named;
    const space = new Space({ scenario, points, rules, model }, start.state);
    const choices = seededChoices(20_261_126);
    for (let number = 0; number < RUNS; number++) {
      const run = new ScenarioRun(named, mutant);
      let row: Int32Array = space.initial;
      for (let step = 0; step < STEPS_MAX; step++) {
        const looked = lookedUp(space, row);
        const can = run.choices();
        expect([...looked.successors.keys()]).toEqual(can.map(nameOf));
        expect(looked.standing.slice(0, 1).map(told)).toEqual(
          run.outcome().slice(run.findings.length).map(told),
        );
        if (can.length === 0) break;
        const choice = pick(choices, can);
        const found = run.findings.length;
        run.step(choice);
        expect(looked.findings.get(nameOf(choice))?.map(told)).toEqual(
          run.findings.slice(found).map(told),
        );
        // What a changed model cannot do ends a search.
        if (run.findings.some(({ rule }) => rule === ILLEGAL_EVENT)) break;
        row = looked.successors.get(nameOf(choice)) as Int32Array;
        expect(row).toEqual(space.rowOf(run.state));
      }
    }
  });

  it("has the same successors when like tasks change places", () => {
    const { scenario, model, state, points } = new ScenarioRun(named, mutant, []);
    const { rules } = named;
    const space = new Space({ scenario, points, rules, model }, state);
    if (!space.merge.possible) return;
    const choices = seededChoices(7);
    let row: Int32Array = space.initial.slice();
    for (let step = 0; step < STEPS_MAX; step++) {
      const plain = [...successors(space, row).values()];
      const merged = row.slice();
      space.merge.apply(merged);
      const exchanged = [...successors(space, merged).values()];
      expect(keptOf(space, exchanged)).toEqual(keptOf(space, plain));
      if (plain.length === 0) break;
      row = pick(choices, plain);
    }
  });
});

/** The states that are kept for these, as a sorted list. */
function keptOf(space: Space, rows: readonly Int32Array[]): string[] {
  return rows
    .map((row) => {
      const kept = row.slice();
      space.merge.apply(kept);
      return kept.join();
    })
    .sort();
}
