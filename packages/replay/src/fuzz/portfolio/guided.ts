/**
 * Schedules that go on from an earlier one's beginning: for coverage, or towards a rule.
 *
 * How they go on is drawn, too: all tasks alike, or by priorities. A bug that needs one rare thing and then a
 * long run of one task is out of reach of a walk in which all are alike from the first step on.
 */
import type { Mark } from "@mmreplay/core";
import type { Generator } from "../../explore/generator.ts";
import type { Picker } from "../../explore/walk.ts";
import type { Beginning, Parents } from "./parents.ts";

/** Chooses where to go on from; undefined: from the first state. */
type Choose = (random: Generator) => Beginning | undefined;

/** One of these, drawn for each schedule. */
export function oneOf(pickers: readonly Picker[]): Picker {
  let chosen = pickers[0] as Picker;
  return {
    begin(random) {
      chosen = pickers[random.below(pickers.length)] as Picker;
      chosen.begin(random);
    },
    pick: (step, walk) => chosen.pick(step, walk),
  };
}

/** Ways to go on, for `left` steps or so. */
type Endings = (left: () => number) => readonly Picker[];

/** Follows a beginning, and then one of the ways to go on; schedules are `length` steps long or so. */
export function goingOn(choose: Choose, endingsFor: Endings, length: () => number): Picker {
  let beginning: Beginning = [];
  const ending = oneOf(endingsFor(() => Math.max(1, length() - beginning.length)));
  return {
    begin(random) {
      beginning = choose(random) ?? [];
      ending.begin(random);
    },
    pick(step, walk) {
      const move = beginning[step];
      if (move === undefined) return ending.pick(step - beginning.length, walk);
      walk.canMove(move);
      return move;
    },
  };
}

/** Goes on from a new step. */
export function towardsNew(parents: Parents): Choose {
  return (random) => parents.fresh(random);
}

/** Takes one of the rules, and goes on from a mark that concerns it: from a rare one rather than from a usual one. */
export function towardsRules(
  parents: Parents,
  marks: readonly Mark[],
  counts: readonly number[],
  rules: readonly string[],
): Choose {
  const concerning = rules
    .map((rule) => [...marks.keys()].filter((mark) => marks[mark]?.rules.includes(rule)))
    .filter((places) => places.length > 0);
  return (random) => {
    const places = concerning[random.below(concerning.length)] ?? [];
    const taken = places.filter((mark) => (counts[mark] as number) > 0);
    const mark = rarest(taken, counts, random);
    return mark === undefined ? undefined : parents.marked(mark, random);
  };
}

/** Parts into which the weights are cut, so that they are whole numbers. */
const PARTS = 1 << 20;

/** One of these, drawn with a weight of one by how often it was taken. */
function rarest(
  taken: readonly number[],
  counts: readonly number[],
  random: Generator,
): number | undefined {
  const weights = taken.map((mark) => Math.ceil(PARTS / (counts[mark] as number)));
  let left = random.below(weights.reduce((sum, weight) => sum + weight, 0));
  return taken.find((_, i) => {
    left -= weights[i] as number;
    return left < 0;
  });
}
