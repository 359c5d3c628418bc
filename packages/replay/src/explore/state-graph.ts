/**
 * The whole graph of a scenario's states, each written out: for proofs that two models are equal.
 *
 * Nothing is numbered, merged or remembered here, so two graphs can be compared as sets of text. That
 * is slow, and meant for small scenarios.
 */
import {
  type Branch,
  blockedOn,
  countsOf,
  isDone,
  layoutOf,
  type Mutant,
  mayRefuse,
  type NamedScenario,
  partOf,
  projected,
  reduceInPlace,
  runStep,
  type State,
} from "@mmreplay/core";
import {
  assert,
  canonical,
  type EventBody,
  eventIndex,
  type MmEvent,
  taskId,
} from "@mmreplay/events";
import { ScenarioRun } from "./scenario-run.ts";

/** States, and steps as `from task branch to`, all as text. */
export interface StateGraph {
  readonly states: ReadonlySet<string>;
  readonly steps: ReadonlySet<string>;
}

/** More states than this are not written out. */
const STATES_MAX = 20_000;

const BRANCHES: readonly Branch[] = ["default", "refuse"];

/** The graph of a scenario under the model, or under a mutant of it. */
export function stateGraph(named: NamedScenario, mutant?: Mutant): StateGraph {
  const run = new ScenarioRun(named, mutant, []);
  const layout = layoutOf(countsOf(run.scenario));
  const textOf = (state: State): string =>
    canonical(layout.map((part) => projected(run.scenario, part, partOf(state, part))));
  const first = textOf(run.state);
  const states = new Set([first]);
  const steps = new Set<string>();
  const open: [string, State][] = [[first, run.state]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, state] = next;
    for (const task of run.scenario.programs.keys()) {
      for (const branch of BRANCHES) {
        const after = stepped(run, state, task, branch);
        if (after === undefined) continue;
        const to = textOf(after);
        steps.add(`${from} ${task} ${branch} ${to}`);
        if (states.has(to)) continue;
        states.add(to);
        assert(states.size <= STATES_MAX, `a graph of at most ${STATES_MAX} states`);
        open.push([to, after]);
      }
    }
  }
  return { states, steps };
}

/** The state after a step, or undefined where it cannot be made. */
function stepped(
  { scenario, points, model: { labels, recipes } }: ScenarioRun,
  before: State,
  task: number,
  branch: Branch,
): State | undefined {
  const id = taskId(task);
  if (isDone(before, scenario, id)) return undefined;
  if (branch === "refuse" && !mayRefuse(before, scenario, id, labels)) return undefined;
  if (blockedOn(before, scenario, id, branch, labels) !== null) return undefined;
  const state = structuredClone(before);
  const apply = (body: EventBody): State => {
    reduceInPlace(state, { ...body, index: eventIndex(0) } as MmEvent, recipes);
    return state;
  };
  return runStep(state, scenario, points, id, branch, apply, labels);
}

/** Whether two graphs have the same states and the same steps. */
export function equalGraphs(one: StateGraph, other: StateGraph): boolean {
  return equalSets(one.states, other.states) && equalSets(one.steps, other.steps);
}

function equalSets(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  if (one.size !== other.size) return false;
  for (const text of one) if (!other.has(text)) return false;
  return true;
}
