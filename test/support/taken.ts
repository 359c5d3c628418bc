/**
 * Which rare-path marks a run takes.
 */
import { MARKS, type Scenario } from "@mmreplay/core";
import { type Choices, seededChoices } from "./random.ts";
import { startRun, type Watch } from "./run.ts";
import { finish, runFreely } from "./schedule.ts";

/** A watch that collects names of marks. */
function collecting(names: Set<string>): Watch {
  return {
    before(state, event) {
      for (const { name, on, takes } of MARKS) {
        if (on.includes(event.type) && takes(state, event)) names.add(name);
      }
    },
    after() {},
  };
}

/** The marks of the run in which the tasks come one after the other. */
export function takenInTurn(scenario: Scenario, seqModulus?: number): Set<string> {
  const names = new Set<string>();
  const options = seqModulus === undefined ? {} : { seqModulus };
  finish(startRun(scenario, { watch: collecting(names), ...options }));
  return names;
}

/** Whether one of some random schedules takes a mark. */
export function isTaken(name: string, scenario: Scenario, schedules: number): boolean {
  for (let seed = 1; seed <= schedules; seed++) {
    const names = new Set<string>();
    const choices: Choices = seededChoices(seed);
    runFreely(startRun(scenario, { watch: collecting(names) }), choices);
    if (names.has(name)) return true;
  }
  return false;
}
