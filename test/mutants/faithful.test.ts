/**
 * The simulator as it is, under many random schedules: no rule is violated, no page is ever stale,
 * nobody waits for ever, and every rule has had something to say.
 */
import { RULES } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { seededChoices } from "../support/random.ts";
import { type RuleWatch, watchRules } from "../support/rule-watch.ts";
import { startRun } from "../support/run.ts";
import { WHOLE } from "../support/sample.ts";
import { runFreely } from "../support/schedule.ts";
import { SHAPES, type Shape } from "../support/shapes.ts";
import { stalePagesOf } from "../support/stale.ts";

/** MMREPLAY_WHOLE runs 150. MMREPLAY_FAITHFUL=100000 runs so many scenarios of each shape, MMREPLAY_FAITHFUL_SEED from another seed on. */
const RUNS = Number(process.env["MMREPLAY_FAITHFUL"] ?? (WHOLE ? 150 : 60));
const SEED = Number(process.env["MMREPLAY_FAITHFUL_SEED"] ?? 1);
const HOURS = 24 * 3_600_000;
/** Seeds that must do for every rule to have cases. */
const CASES = 150;

/** Runs a scenario of the shape; the cases that each rule held. */
function runOnce(shape: Shape, seed: number): RuleWatch {
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
  return rules;
}

describe("the unchanged simulator", () => {
  it.each(SHAPES)("breaks no rule: $name", { timeout: HOURS }, (shape) => {
    for (let seed = SEED; seed < SEED + RUNS; seed++) runOnce(shape, seed);
  });

  it("gives every rule cases to hold", () => {
    const idle = new Set(RULES.map(({ id }) => id));
    for (let seed = 1; seed <= CASES && idle.size > 0; seed++) {
      for (const shape of SHAPES) {
        const rules = runOnce(shape, seed);
        for (const id of idle) if (rules.answers(id).held > 0) idle.delete(id);
      }
    }
    expect([...idle]).toEqual([]);
  });
});
