/**
 * Every rule catches a mutant, and the same run without the mutation satisfies it.
 */
import { RULES } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { play } from "../support/mutant.ts";
import { MUTANTS } from "./mutants.ts";

describe("every rule", () => {
  it("has a mutant, and every mutant a rule and an id of its own", () => {
    const ids = RULES.map(({ id }) => id);
    const caught = new Set(MUTANTS.map(({ rule }) => rule));
    expect(ids.filter((id) => !caught.has(id))).toEqual([]);
    expect([...caught].filter((id) => !ids.includes(id))).toEqual([]);
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
  });

  it.each(MUTANTS)("$rule catches $id: $changes", (mutant) => {
    const { rules } = play(mutant, true);
    expect(rules.violated()).toContain(mutant.rule);
  });

  it.each(MUTANTS)("$rule holds in the run of $id without the mutation", (mutant) => {
    const { rules, run, stopped } = play(mutant, false);
    expect(stopped).toBeUndefined();
    expect(rules.violated()).toEqual([]);
    expect(rules.answers(mutant.rule).held).toBeGreaterThan(0);
    expect(run.unfinished()).toEqual([]);
  });
});
