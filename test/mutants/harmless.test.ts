/**
 * A change that breaks a contract and nothing else: no rule may call it unsafe (protocol.md 2.5, K-S6).
 */
import { describe, expect, it } from "vitest";
import { aside, nothing } from "../support/mutant.ts";
import { seededChoices } from "../support/random.ts";
import { watchRules } from "../support/rule-watch.ts";
import { type Mutation, startRun } from "../support/run.ts";
import { runFreely } from "../support/schedule.ts";
import { SHAPES } from "../support/shapes.ts";
import { stalePagesOf } from "../support/stale.ts";

/** K-S6: set_seq before the driver's lock is taken, the zap under it. */
const setsSeqBeforeLock = (): Mutation => ({
  rewrite(body) {
    if (body.type === "mmu_interval_set_seq") return [nothing(body)];
    if (body.type !== "invalidate") return [body];
    const { task, notifier, seq } = body;
    return [body, aside({ type: "mmu_interval_set_seq", task, notifier, seq })];
  },
});

describe("set_seq before the driver's lock", () => {
  it("is never called unsafe, and no page is ever stale", () => {
    let events = 0;
    for (const [index, shape] of SHAPES.slice(0, 4).entries()) {
      for (let seed = 1; seed <= 50; seed++) {
        const choices = seededChoices(1_000 * index + seed);
        const rules = watchRules();
        const options = { mutation: setsSeqBeforeLock(), watch: rules };
        const run = startRun(shape.build(choices), options);
        // A refused callback has set its number all the same; readers only retry for nothing.
        runFreely(run, choices, () => expect(stalePagesOf(run)).toEqual([]));
        rules.end(run.state);
        expect(rules.violated(), `${shape.name}, seed ${seed}`).toEqual([]);
        events += run.events.filter(({ type }) => type === "mmu_interval_set_seq").length;
      }
    }
    expect(events).toBeGreaterThan(100);
  });
});
