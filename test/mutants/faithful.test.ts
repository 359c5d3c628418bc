/**
 * The simulator as it is, under many random schedules: no rule is violated, no page is ever stale,
 * nobody waits for ever, and every rule has had something to say.
 */
import { RULES } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { seededChoices } from "../support/random.ts";
import { watchRules } from "../support/rule-watch.ts";
import { startRun } from "../support/run.ts";
import { runFreely } from "../support/schedule.ts";
import { SHAPES, type Shape } from "../support/shapes.ts";
import { stalePagesOf } from "../support/stale.ts";

const RUNS = 150;

/** Cases that each rule held, over all runs of all shapes. */
const held = new Map<string, number>(RULES.map(({ id }) => [id, 0]));

function runOnce(shape: Shape, seed: number): void {
  const choices = seededChoices(seed);
  const rules = watchRules();
  const run = startRun(shape.build(choices), { watch: rules });
  const place = `${shape.name}, seed ${seed}`;
  runFreely(run, choices, () => {
    const stale = stalePagesOf(run);
    if (stale.length > 0) expect(stale, `${place}, after ${run.events.length} events`).toEqual([]);
  });
  rules.end(run.state);
  const violated = rules
    .violated()
    .filter((id) => !shape.mayBreak?.includes(id))
    .map((id) => [id, rules.answers(id).violated[0]?.message]);
  expect(violated, place).toEqual([]);
  expect(run.unfinished(), place).toEqual([]);
  for (const { id } of RULES) held.set(id, (held.get(id) ?? 0) + rules.answers(id).held);
}

describe("the unchanged simulator", () => {
  it.each(SHAPES)("breaks no rule: $name", (shape) => {
    for (let seed = 1; seed <= RUNS; seed++) runOnce(shape, seed);
  });

  it("gives every rule cases to hold", () => {
    expect(RULES.map(({ id }) => id).filter((id) => held.get(id) === 0)).toEqual([]);
  });
});
