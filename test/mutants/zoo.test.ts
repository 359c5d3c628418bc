/**
 * The zoo: each mutant is found by the rule of its source, with and without symmetry, and its schedule
 * fails at its last step; what breaks nothing is proved equivalent, state by state or to observers.
 *
 * The rules without memory accuse nobody whom the rules with memory acquit: what a search finds, the
 * checker finds, too, in the journal of the same run.
 *
 * A usual run compares graphs in scenarios of up to 120 states, MMREPLAY_WHOLE of up to 250.
 */
import {
  countsOf,
  emptyState,
  layoutOf,
  type Mutant,
  modelOf,
  type NamedScenario,
  partOf,
  projected,
  RULES,
  reduceInPlace,
  SCENARIOS,
  SEARCH_RULES,
  ZOO,
} from "@mmreplay/core";
import { canonical } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { type ExploreReport, explore } from "../../packages/replay/src/explore/explore.ts";
import {
  canDoAllOf,
  type ObservedGraph,
  observablyEqual,
  observedGraph,
} from "../../packages/replay/src/explore/observed-graph.ts";
import { runSchedule } from "../../packages/replay/src/explore/run-schedule.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";
import type { Choice } from "../../packages/replay/src/explore/schedule.ts";
import {
  equalGraphs,
  type StateGraph,
  stateGraph,
} from "../../packages/replay/src/explore/state-graph.ts";
import { watchRules } from "../support/rule-watch.ts";
import { WHOLE } from "../support/sample.ts";

const scenarioOf = ({ scenario }: Mutant): NamedScenario =>
  SCENARIOS.find(({ name }) => name === scenario) as NamedScenario;
const breaking = ZOO.filter(({ rule }) => rule !== null);
const equivalent = ZOO.filter(({ breaksNothing }) => breaksNothing === "equivalent");
const toObservers = ZOO.filter(({ breaksNothing }) => breaksNothing === "observably-equivalent");

/** Scenarios of up to so many states, with their graphs. */
const GRAPH_STATES = WHOLE ? 250 : 120;
const GRAPHS = SCENARIOS.filter((named) => {
  const bounds = { maxStates: GRAPH_STATES, maxLassoStates: 0 };
  const options = { symmetry: false, por: false, bounds };
  return explore({ named: { ...named, rules: [] } }, options).bound === undefined;
}).map((named) => ({ named, graph: stateGraph(named) }));

/** The scenario with the rule that the mutant breaks. */
function asked(mutant: Mutant): NamedScenario {
  const named = scenarioOf(mutant);
  return { ...named, rules: named.rules.filter(({ id }) => id === mutant.rule) };
}

const reports = new Map<string, ExploreReport>();
const graphs = new Map<string, StateGraph>();

/** What a search for the rule of a mutant finds, in the mutant or in the model; made once. */
function searched(mutant: Mutant, changed: boolean): ExploreReport {
  const key = changed ? mutant.id : `${mutant.scenario} ${mutant.rule}`;
  const named = asked(mutant);
  const report = reports.get(key) ?? explore(changed ? { named, mutant } : { named });
  reports.set(key, report);
  return report;
}

/** The model's graph of a scenario, made once. */
function graphOf(named: NamedScenario): StateGraph {
  const graph = graphs.get(named.name) ?? stateGraph(named);
  graphs.set(named.name, graph);
  return graph;
}

const observed = new Map<string, ObservedGraph>();

/** What observers see of the model in a scenario, made once. */
function observedOf(named: NamedScenario): ObservedGraph {
  const graph = observed.get(named.name) ?? observedGraph(named);
  observed.set(named.name, graph);
  return graph;
}

describe("the zoo", () => {
  it("has at least thirty mutants, each with an id, a source, a scenario, and a rule or none", () => {
    expect(ZOO.length).toBeGreaterThanOrEqual(30);
    expect(new Set(ZOO.map(({ id }) => id)).size).toBe(ZOO.length);
    for (const mutant of ZOO) {
      expect(mutant.id).toMatch(/^[\w-]+$/);
      expect(mutant.source).not.toBe("");
      expect(scenarioOf(mutant), mutant.id).toBeDefined();
      expect(mutant.rule === null).toBe(mutant.breaksNothing !== undefined);
    }
  });

  it.each(breaking)("$rule finds $id: $title", (mutant) => {
    const { findings, reductions } = searched(mutant, true);
    const [finding] = findings;
    expect(finding?.rule).toBe(mutant.rule);
    // Where no tasks are alike that would be the same search; one for a way round for ever merges none.
    if (reductions.symmetry || finding?.stem !== undefined) {
      const unmerged = explore({ named: asked(mutant), mutant }, { symmetry: false });
      expect(unmerged.findings[0]?.length).toBe(finding?.length);
    }
    const { run, choices } = runSchedule(asked(mutant), finding?.schedule ?? "");
    expect(choices.length).toBe(finding?.length ?? 0);
    if (finding?.stem !== undefined) return leadsBack(asked(mutant), mutant, choices, finding.stem);
    expect(run.outcome().map(({ rule }) => rule)).toContain(mutant.rule);
    const before = runSchedule(asked(mutant), withoutLast(finding?.schedule ?? ""));
    expect(before.run.outcome(), "one step less breaks nothing").toEqual([]);
  });

  it.each(breaking)("the model without $id does not break $rule there", (mutant) => {
    const { findings } = searched(mutant, false);
    const shown = scenarioOf(mutant).shows !== undefined;
    expect(findings.map(({ rule }) => rule)).toEqual(shown ? [mutant.rule] : []);
  });

  it.each(equivalent)("$id has the model's states and steps: $title", (mutant) => {
    const named = scenarioOf(mutant);
    const graph = graphOf(named);
    expect(graph.states.size).toBeGreaterThan(50);
    expect(equalGraphs(graph, stateGraph(named, mutant))).toBe(true);
  });

  it.each(equivalent)("$id has them in every other small scenario, too", (mutant) => {
    const differing = GRAPHS.filter(({ named, graph }) => {
      return !equalGraphs(graph, stateGraph(named, mutant));
    });
    expect(differing.map(({ named }) => named.name)).toEqual([]);
    expect(GRAPHS.length).toBeGreaterThan(20);
  });

  it.each(toObservers)("$id has other states, which observers cannot tell: $title", (mutant) => {
    const named = scenarioOf(mutant);
    expect(equalGraphs(stateGraph(named), stateGraph(named, mutant))).toBe(false);
    expect(observablyEqual(observedOf(named), observedGraph(named, mutant))).toBe(true);
    for (const symmetry of [true, false]) {
      const { complete, findings } = explore({ named, mutant }, { symmetry });
      expect({ complete, findings }).toEqual({ complete: true, findings: [] });
    }
  });

  it.each(toObservers)("$id cannot be told in any small scenario", (mutant) => {
    const compared = GRAPHS.map(({ named }) => [
      named.name,
      observablyEqual(observedOf(named), observedGraph(named, mutant)),
    ]);
    expect(compared.length).toBeGreaterThan(20);
    expect(compared.filter(([, equal]) => !equal)).toEqual([]);
  });

  it.each([
    ...["K-S1", "K-S2", "K-S3", "K-S4", "K-S5", "K-S7", "K-S16", "K-Z1", "K-S13", "K-S14"],
    ...["driver-callback-without-lock", "K-Z20", "core-end-wakes-nobody"],
  ])("observers can tell what %s does, which the model cannot do", (id) => {
    const mutant = ZOO.find((one) => one.id === id) as Mutant;
    const named = scenarioOf(mutant);
    expect(canDoAllOf(observedOf(named), observedGraph(named, mutant))).toBe(false);
  });

  it("says what is claimed of each suspected bug", () => {
    const suspected = ZOO.filter(({ id }) => /^K-Z(2[89]|3[01])/.test(id));
    const ids = suspected.map(({ id }) => id);
    expect(ids).toEqual(["K-Z31", "K-Z29", "K-Z28", "K-Z28-hang", "K-Z30"]);
    for (const { claim } of suspected) expect(claim).toContain("model");
  });

  it("breaks every rule that a search asks, each by some mutant", () => {
    const claimed = new Set(ZOO.map(({ rule }) => rule));
    const missing = new Set(SEARCH_RULES.flatMap(({ id }) => (claimed.has(id) ? [] : [id])));
    for (const mutant of ZOO) {
      if (missing.size === 0) break;
      const [first] = explore({ named: scenarioOf(mutant), mutant }).findings;
      if (first !== undefined) missing.delete(first.rule);
    }
    expect([...missing]).toEqual([]);
  });

  it("finds the peers' bugs at the peers' lengths", () => {
    const peers = ZOO.filter(({ id }) => id.startsWith("peer-"));
    const lengths = peers.map((mutant) => searched(mutant, true).findings[0]?.length);
    expect(lengths).toEqual([12, 13, 13, 14, 16, 21, 17, 22, 16]);
  });
});

describe("the graph of states", () => {
  it.each(["K-P1", "K-P6", "K-P8", "race/nested", "plain/refusal"])(
    "of %s is what the search visits",
    (name) => {
      const named = SCENARIOS.find((one) => one.name === name) as NamedScenario;
      const { states, transitions } = explore({ named }, { symmetry: false, por: false });
      const graph = graphOf(named);
      expect([graph.states.size, graph.steps.size]).toEqual([states, transitions]);
    },
  );
});

/** A sleep is no event, so a journal does not show it. */
const SLEEPS = ["K-Z25", "K-Z31"];
const remembered = ZOO.filter(
  ({ id, rule }) => RULES.some((one) => one.id === rule) && !SLEEPS.includes(id),
);

/** Rules with memory that are violated in the shortest run in which the mutant's rule is. */
function violated(mutant: Mutant): string[] {
  const named = asked(mutant);
  const { run } = runSchedule(named, searched(mutant, true).findings[0]?.schedule ?? "");
  const rules = watchRules();
  const state = emptyState(named.seqModulus);
  for (const event of run.events) {
    rules.before(state, event);
    reduceInPlace(state, event, modelOf(mutant).recipes);
    rules.after(state, event);
  }
  rules.end(state);
  return rules.violated();
}

describe("a rule with memory", () => {
  it.each(remembered)("$rule is violated, too, where a search has found $id", (mutant) => {
    expect(violated(mutant)).toContain(mutant.rule);
  });
});

/** A run that goes round for ever breaks nothing on its way, and stands where it stood after the stem. */
function leadsBack(
  named: NamedScenario,
  mutant: Mutant,
  choices: readonly Choice[],
  stem: number,
): void {
  const run = new ScenarioRun(named, mutant);
  const layout = layoutOf(countsOf(run.scenario));
  const standing = () =>
    canonical(layout.map((part) => projected(run.scenario, part, partOf(run.state, part))));
  for (const choice of choices.slice(0, stem)) run.step(choice);
  const entered = standing();
  expect(choices.length).toBeGreaterThan(stem);
  for (const choice of choices.slice(stem)) run.step(choice);
  expect(standing()).toBe(entered);
  expect(run.outcome()).toEqual([]);
}

describe("what observers can tell", () => {
  const graph = (seen: string, ...next: number[][]): ObservedGraph => ({ seen: [...seen], next });
  const straight = graph("ab", [1], []);

  it("is not how many steps lead to what is seen", () => {
    expect(observablyEqual(graph("aab", [1], [2], []), straight)).toBe(true);
  });

  it("is what is seen, and in which order", () => {
    expect(observablyEqual(graph("ac", [1], []), straight)).toBe(false);
    expect(observablyEqual(graph("abc", [1], [2], []), graph("acb", [1], [2], []))).toBe(false);
  });

  it("is whether a choice is left after what is seen", () => {
    const left = graph("pqbc", [1], [2, 3], [], []);
    const made = graph("pqqbc", [1, 2], [3], [4], [], []);
    expect(canDoAllOf(left, made)).toBe(true);
    expect(canDoAllOf(made, left)).toBe(false);
  });

  it("is more than can be done one by one: one graph may do only some of it", () => {
    expect(canDoAllOf(graph("abc", [1, 2], [], []), straight)).toBe(true);
    expect(canDoAllOf(straight, graph("abc", [1, 2], [], []))).toBe(false);
  });
});

/** The schedule without its last choice. */
function withoutLast(schedule: string): string {
  const plain = schedule.replace(/(.)\*(.)$/, (_, letter: string, count: string) =>
    letter.repeat(Number.parseInt(count, 36)),
  );
  return plain.slice(0, -1);
}
