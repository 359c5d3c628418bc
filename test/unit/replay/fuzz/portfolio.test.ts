/**
 * What the portfolio does beside walking at random: it goes on from what was new, from what a rule asks about, and
 * gives more to whoever finds something.
 */
import type { Mark } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { createGenerator } from "../../../../packages/replay/src/explore/generator.ts";
import { scenarioNamed } from "../../../../packages/replay/src/explore/named.ts";
import { spaceOf } from "../../../../packages/replay/src/explore/prepare.ts";
import { NO_MOVE, type Picker, Walk } from "../../../../packages/replay/src/explore/walk.ts";
import { Budget } from "../../../../packages/replay/src/fuzz/portfolio/budget.ts";
import type { Coverage } from "../../../../packages/replay/src/fuzz/portfolio/coverage.ts";
import {
  goingOn,
  towardsNew,
  towardsRules,
} from "../../../../packages/replay/src/fuzz/portfolio/guided.ts";
import { Parents } from "../../../../packages/replay/src/fuzz/portfolio/parents.ts";

const random = () => createGenerator(1, 1);

/** What a schedule has been through, as far as parents look at it. */
const seen = (fields: Partial<Coverage>): Coverage =>
  ({ fresh: 0, lastFresh: 0, taken: [], marks: [], ...fields }) as Coverage;

const mark = (name: string, rules: readonly string[]): Mark => {
  return { name, says: "", source: "", on: [], rules, takes: () => false };
};

describe("the budget", () => {
  it("goes half to each in turn, and half to whoever finds something new", () => {
    const budget = new Budget(5);
    const spent = [0, 0, 0, 0, 0];
    const generator = random();
    for (let schedule = 0; schedule < 10_000; schedule++) {
      const strategy = budget.next(generator);
      spent[strategy] = (spent[strategy] as number) + 1;
      budget.found(strategy, strategy === 3);
    }
    expect(spent[3]).toBeGreaterThan(5_500);
    for (const strategy of [0, 1, 2, 4]) expect(spent[strategy]).toBeGreaterThanOrEqual(1_000);
  });

  it("forgets what was found long ago", () => {
    const budget = new Budget(2);
    const generator = random();
    const shareOfFirst = (finds: number, schedules: number): number => {
      let first = 0;
      for (let i = 0; i < schedules; i++) {
        const strategy = budget.next(generator);
        first += Number(strategy === 0);
        budget.found(strategy, strategy === finds);
      }
      return first / schedules;
    };
    expect(shareOfFirst(0, 4_000)).toBeGreaterThan(0.7);
    shareOfFirst(1, 4_000);
    expect(shareOfFirst(1, 4_000)).toBeLessThan(0.3);
  });
});

describe("parents", () => {
  it("end with the last step that was new", () => {
    const parents = new Parents(0);
    parents.offer([4, 5, 6, 7], seen({ fresh: 2, lastFresh: 3 }), random());
    parents.offer([1, 1, 1], seen({}), random());
    expect(towardsNew(parents)(random())).toEqual([4, 5, 6]);
  });

  it("end with the step that took a mark which concerns a rule, of several the rarest", () => {
    const marks = [mark("usual", ["R"]), mark("rare", ["R"]), mark("other", ["S"])];
    const counts = [1_000, 1, 1];
    const parents = new Parents(3);
    for (const [place, path] of [
      [1, 1],
      [2, 2],
      [3, 3],
    ].entries()) {
      const taken = [{ mark: place, steps: 2 }];
      parents.offer([...path, 9], seen({ taken, marks: counts }), random());
    }
    const choose = towardsRules(parents, marks, counts, ["R"]);
    const generator = random();
    const chosen = Array.from({ length: 500 }, () => choose(generator)?.join(""));
    expect(chosen.filter((path) => path === "22").length).toBeGreaterThan(450);
    expect(chosen).not.toContain("33");
    expect(chosen).not.toContain(undefined);
  });
});

describe("a schedule that goes on from another one's beginning", () => {
  it("makes its moves first, and then chooses its own", () => {
    const space = spaceOf({ named: scenarioNamed("peer/1F2I1R") });
    const walk = new Walk(space);
    const begin = walkOf(walk, lowestFirst(walk), 6);
    const ending = lowestFirst(walk, true);
    const picker = goingOn(
      () => begin,
      () => [ending],
      () => 20,
    );
    expect(walkOf(walk, picker, 8).slice(0, 6)).toEqual(begin);
    expect(walkOf(walk, picker, 8)).not.toEqual(walkOf(walk, lowestFirst(walk), 8));
  });
});

/** The first move that can be made, or the last one. */
function lowestFirst({ space }: Walk, last = false): Picker {
  const moves = last ? [...space.moves.keys()].reverse() : [...space.moves.keys()];
  return {
    begin() {},
    pick: (_, walk) => moves.find((move) => walk.canMove(move)) ?? NO_MOVE,
  };
}

function walkOf(walk: Walk, picker: Picker, steps: number): number[] {
  picker.begin(random());
  walk.begin();
  while (walk.path.length < steps && walk.step(picker));
  return [...walk.path];
}
