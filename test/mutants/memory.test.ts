/**
 * The rules without memory accuse nobody whom the rules with memory acquit: what a search finds, the
 * checker finds, too, in the journal of the same run.
 */
import {
  emptyState,
  type Mutant,
  modelOf,
  type NamedScenario,
  RULES,
  reduceInPlace,
  SCENARIOS,
  ZOO,
} from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { runSchedule } from "../../packages/replay/src/explore/run-schedule.ts";
import { watchRules } from "../support/rule-watch.ts";

/** A sleep is no event, so a journal does not show it. */
const SLEEPS = ["K-Z25", "K-Z31"];
const breaking = ZOO.filter(
  ({ id, rule }) => RULES.some((one) => one.id === rule) && !SLEEPS.includes(id),
);

/** Rules with memory that are violated in the shortest run in which the mutant's rule is. */
function violated(mutant: Mutant): string[] {
  const named = SCENARIOS.find(({ name }) => name === mutant.scenario) as NamedScenario;
  const asked = { ...named, rules: named.rules.filter(({ id }) => id === mutant.rule) };
  const schedule = explore({ named: asked, mutant }).findings[0]?.schedule ?? "";
  const { run } = runSchedule(asked, schedule);
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
  it.each(breaking)("$rule is violated, too, where a search has found $id", (mutant) => {
    expect(violated(mutant)).toContain(mutant.rule);
  });
});
