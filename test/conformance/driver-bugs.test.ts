/**
 * What the vectors' README says of drivers (sections 7 and 8), under random schedules of our own: no
 * stale page after any step and no thread that waits for ever with a correct driver, stale pages with
 * every seeded bug. Three of the bugs have no public vectors.
 */
import type { DriverBug } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { change, end, fault, insert, M, N, scenario, start } from "../support/operations.ts";
import { type Choices, pick, seededChoices } from "../support/random.ts";
import { startRun } from "../support/run.ts";
import { runFreely } from "../support/schedule.ts";
import { stalePagesOf } from "../support/stale.ts";

const RUNS = 300;

const BUGS: readonly DriverBug[] = [
  "callback_without_lock",
  "set_seq_after_unlock",
  "retry_reuses_old_seq",
  "no_retry_check",
  "retry_check_before_lock",
  "no_set_seq",
  "callback_clears_nothing",
];

function region(choices: Choices, sid: number) {
  const first = choices.below(4);
  const event = pick(choices, ["UNMAP", "CLEAR"] as const);
  return [start(sid, first, first + 1 + choices.below(4), { event }), change(sid), end(sid)];
}

/** Two readers and two invalidators over eight pages. */
function racing(choices: Choices, bug: DriverBug) {
  const reader = () => [0, 1, 2].map(() => fault(pick(choices, [N, M]), choices.below(3), 2));
  return scenario({
    pages: 8,
    driver: { bug },
    programs: [
      [insert(N, 0, 4), insert(M, 2, 8)],
      reader(),
      reader(),
      [...region(choices, 1), ...region(choices, 2)],
      [...region(choices, 3), ...region(choices, 4)],
    ],
  });
}

/** Steps after which a page was stale. */
function staleSteps(seed: number, bug: DriverBug): { stale: number; unfinished: number[] } {
  const choices = seededChoices(seed);
  const run = startRun(racing(choices, bug));
  let stale = 0;
  runFreely(run, choices, () => {
    if (stalePagesOf(run).length > 0) stale += 1;
  });
  return { stale, unfinished: run.unfinished() };
}

const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);

describe("under random schedules", () => {
  it("a correct driver never has a stale page after any step, and nobody waits for ever", () => {
    const wrong = seeds.filter((seed) => {
      const { stale, unfinished } = staleSteps(seed, "none");
      return stale > 0 || unfinished.length > 0;
    });
    expect(wrong).toEqual([]);
  });

  it.each(BUGS)("a driver with %s has stale pages under some schedule", (bug) => {
    const showing = seeds.filter((seed) => staleSteps(seed, bug).stale > 0);
    expect(showing.length).toBeGreaterThan(0);
    expect(showing.length, "and not under every one").toBeLessThan(RUNS);
  });
});
