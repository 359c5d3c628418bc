/**
 * Searches over two address spaces: one verdict whatever is reduced and however it is searched, no rule
 * with memory broken in drawn runs, and a finding's schedule that gives one run.
 */
import {
  emptyState,
  type Mutant,
  modelOf,
  type NamedScenario,
  reduceInPlace,
  SCENARIOS,
  ZOO,
} from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import {
  type ExploreOptions,
  explore,
  searchOf,
} from "../../packages/replay/src/explore/explore.ts";
import { exploringShard, join, readShards } from "../../packages/replay/src/explore/join.ts";
import { Partition } from "../../packages/replay/src/explore/partition.ts";
import { exploringFrom } from "../../packages/replay/src/explore/resume.ts";
import { runSchedule } from "../../packages/replay/src/explore/run-schedule.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";
import { atOnce } from "../../packages/replay/src/explore/search.ts";
import { searchTogether } from "../../packages/replay/src/explore/together.ts";
import { pick, seededChoices } from "../support/random.ts";
import { watchRules } from "../support/rule-watch.ts";

/** The searches of one scenario, mm/fork, take a minute together: `mmreplay zoo` has it whole. */
const LARGE = "mm/fork";
const FORKS = SCENARIOS.filter(({ scenario }) => scenario.processes !== undefined);
const SMALL = FORKS.filter(({ name }) => name !== LARGE);
const MUTANTS = ZOO.filter(({ scenario }) => FORKS.some(({ name }) => name === scenario));
const VERSION = "1";
const RUNS = 60;

const scenarioOf = ({ scenario }: Mutant): NamedScenario =>
  FORKS.find(({ name }) => name === scenario) as NamedScenario;

const REDUCTIONS: readonly ExploreOptions[] = [
  {},
  { symmetry: false },
  { por: false },
  { symmetry: false, por: false },
];

describe.each(SMALL)("$name", (named) => {
  it("breaks no rule, searched whole, whatever is reduced", () => {
    for (const options of REDUCTIONS) {
      const { complete, deadlocks, findings, states } = explore({ named }, options);
      expect({ complete, deadlocks, findings }).toEqual({
        complete: true,
        deadlocks: 0,
        findings: [],
      });
      expect(states).toBeLessThan(1_000_000);
    }
  });

  it("is the same in parts, in shards, and in pieces one after the other", async () => {
    const whole = explore({ named });
    const { states, transitions, depth } = whole;
    const parts = [0, 1].map((index) => {
      const partition = new Partition(searchOf({ named }, {}, true), index, 2);
      return {
        round: async (incoming: Parameters<Partition["round"]>[0]) =>
          structuredClone(partition.round(structuredClone(incoming))),
        end: async () => {},
      };
    });
    const together = await searchTogether(parts, { maxStates: Number.MAX_SAFE_INTEGER });
    expect(together).toMatchObject({ states, transitions, depth });
    const shards = [0, 1, 2].map((index) => ({
      name: `${index}.json`,
      text: JSON.stringify(atOnce(exploringShard({ named }, {}, { index, of: 3 }, VERSION))),
    }));
    expect(join({ named }, readShards(shards, VERSION))).toEqual(whole);
    const half = { maxStates: Math.min(500, Math.floor(states / 2)) };
    const first = atOnce(exploringFrom({ named }, { bounds: half }, VERSION));
    const file = { name: "f", text: first.file ?? "" };
    const rest = atOnce(exploringFrom({ named }, {}, VERSION, file));
    expect(first.report.bound).toBe("max-states");
    expect(rest.report).toEqual(whole);
  });

  it("breaks no rule with memory either, in drawn runs", () => {
    for (let seed = 0; seed < RUNS; seed++) expect(violated(drawn(named, seed))).toEqual([]);
  });
});

describe.each(MUTANTS)("$id", (mutant) => {
  const named = scenarioOf(mutant);
  const [finding] = explore({ named, mutant }).findings;

  it("is found by its rule, and its schedule gives the same events each time", () => {
    expect(finding?.rule).toBe(mutant.rule);
    const [one, other] = [1, 2].map(() => runSchedule(named, finding?.schedule ?? "").run);
    expect(one?.events).toEqual(other?.events);
    expect(one?.failure()?.rule).toBe(mutant.rule);
    const state = emptyState(named.seqModulus);
    for (const event of one?.events ?? []) reduceInPlace(state, event, modelOf(mutant).recipes);
    expect(state).toEqual(one?.state);
  });
});

describe("a page that both sides of a fork may write", () => {
  it("shows one side what the other has written (M-I1)", () => {
    const mutant = ZOO.find(({ id }) => id === "mm-fork-shares-writable") as Mutant;
    const broken = new Set<string>();
    for (let seed = 0; seed < RUNS; seed++) {
      for (const id of violated(drawn(scenarioOf(mutant), seed, mutant), mutant)) broken.add(id);
    }
    expect([...broken].sort()).toContain("M-I1");
  });
});

/** The events of a drawn run, to its end. */
function drawn(named: NamedScenario, seed: number, mutant?: Mutant): readonly MmEvent[] {
  const choices = seededChoices(seed);
  const run = new ScenarioRun(named, mutant, []);
  for (let can = run.choices(); can.length > 0; can = run.choices()) run.step(pick(choices, can));
  expect(run.stuck()).toEqual([]);
  return run.events;
}

/** Rules with memory that these events break. */
function violated(events: readonly MmEvent[], mutant?: Mutant): string[] {
  const rules = watchRules();
  const state = emptyState();
  for (const event of events) {
    rules.before(state, event);
    reduceInPlace(state, event, modelOf(mutant).recipes);
    rules.after(state, event);
  }
  rules.end(state);
  return rules.violated();
}
