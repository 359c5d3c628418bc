/**
 * Reductions change no verdict: every mutant in its own scenario, with each of them on and off, and every
 * mutant in every scenario of up to MMREPLAY_VERDICT_STATES states, with all on and all off.
 *
 * A mutant in a scenario that was not made for it is a model that nobody has thought of. The usual number
 * is small, and one mutant for each rule stands for all; CI takes 120 states, and with MMREPLAY_WHOLE all mutants.
 */
import { type Mutant, type NamedScenario, SCENARIOS, ZOO } from "@mmreplay/core";
import { SimError } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { contentOf } from "../../packages/replay/src/explore/content.ts";
import {
  type ExploreOptions,
  type ExploreReport,
  explore,
} from "../../packages/replay/src/explore/explore.ts";
import type { Subject } from "../../packages/replay/src/explore/prepare.ts";
import { ofEachKind, whatBreaks } from "../support/sample.ts";

const STATES_MAX = Number(process.env["MMREPLAY_VERDICT_STATES"] ?? 70);

const MUTANTS = ofEachKind(ZOO, whatBreaks);

const ALL_OFF = { symmetry: false, por: false };
const ALL_ON = { symmetry: true, por: true };
const ONE_OFF = [
  { symmetry: true, por: false },
  { symmetry: false, por: true },
];

/** What a search says, without how it came to say it. */
function verdictOf({ complete, bound, lassos, findings }: ExploreReport): object {
  return {
    complete,
    bound,
    lassos,
    findings: findings.map(({ rule, length, certified }) => ({ rule, length, certified })),
  };
}

/** A bug may keep a set-up from its end; then there is nothing to search, with or without reductions. */
function verdict(subject: Subject, options: ExploreOptions): object {
  try {
    return verdictOf(explore(subject, options));
  } catch (error) {
    if (error instanceof SimError && error.parts.code === "E_SET_UP") return { setUp: "fails" };
    throw error;
  }
}

const scenarioOf = ({ scenario }: Mutant): NamedScenario =>
  SCENARIOS.find(({ name }) => name === scenario) as NamedScenario;

describe("a mutant in its scenario", () => {
  it.each(MUTANTS)("$id has one verdict whatever is reduced", (mutant) => {
    const named = scenarioOf(mutant);
    const asked = named.rules.filter(({ id }) => mutant.rule === null || id === mutant.rule);
    const subject = { named: { ...named, rules: asked }, mutant };
    const plain = verdict(subject, ALL_OFF);
    const on = explore(subject, ALL_ON);
    expect(verdictOf(on), JSON.stringify(ALL_ON)).toEqual(plain);
    // Where no tasks are alike each of the others would be one of these two; a lasso is told of unmerged states.
    if (!on.reductions.symmetry && on.findings[0]?.stem === undefined) return;
    for (const options of ONE_OFF) {
      expect(verdict(subject, options), JSON.stringify(options)).toEqual(plain);
    }
  });
});

/** Several presets and golden traces have the same programs. */
const DIFFERENT = [...new Map(SCENARIOS.map((named) => [contentOf(named), named])).values()];

const SMALL = DIFFERENT.filter((named) => {
  const bounds = { maxStates: STATES_MAX, maxLassoStates: 0 };
  return explore({ named: { ...named, rules: [] } }, { ...ALL_OFF, bounds }).bound === undefined;
});

describe("every mutant in every scenario", () => {
  it.each(SMALL)("$name: one verdict whatever is reduced", { timeout: 600_000 }, (named) => {
    const differing = [undefined, ...MUTANTS].flatMap((mutant) => {
      const [on, off] = [verdict({ named, mutant }, {}), verdict({ named, mutant }, ALL_OFF)];
      return JSON.stringify(on) === JSON.stringify(off) ? [] : [{ mutant: mutant?.id, on, off }];
    });
    expect(differing).toEqual([]);
  });

  it("is asked where there is something to reduce", () => {
    const used = SMALL.map((named) => explore({ named: { ...named, rules: [] } }).reductions);
    expect(SMALL.length).toBeGreaterThanOrEqual(10);
    expect(used.filter(({ por }) => por).length).toBeGreaterThanOrEqual(5);
  });
});
