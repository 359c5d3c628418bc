/**
 * A failing schedule with fewer context switches, and fewer steps.
 *
 * A schedule is a list of turns: one task makes some steps, then another one does. Tried are: a turn left out, a
 * turn that comes together with its task's next one (before or after what lies between), a turn with a step less.
 * Whatever cannot be made any more is left out when the schedule is followed, so a try that still fails is a
 * schedule of its own; it is taken if it has fewer switches, or as many and fewer steps.
 */
import type { Choice } from "../../explore/schedule.ts";
import type { Asking } from "./failing.ts";

/** Steps of one task, one after the other. */
type Turn = readonly Choice[];

/** The turns of a schedule. */
export function turnsOf(choices: readonly Choice[]): Turn[] {
  const turns: Choice[][] = [];
  for (const choice of choices) {
    const last = turns.at(-1);
    if (last?.[0]?.task === choice.task) last.push(choice);
    else turns.push([choice]);
  }
  return turns;
}

/** Context switches of a schedule. */
export function switchesIn(choices: readonly Choice[]): number {
  return Math.max(0, turnsOf(choices).length - 1);
}

/** A schedule that fails as this one does, none of whose neighbours is better; at most so many are tried. */
export function fewerSwitches(
  asking: Asking,
  choices: readonly Choice[],
  maxTries: number,
): readonly Choice[] {
  const last = asking.tries + maxTries;
  let best = choices;
  for (;;) {
    const better = betterThan(best, asking, last);
    if (better === undefined) return best;
    best = better;
  }
}

function betterThan(
  best: readonly Choice[],
  asking: Asking,
  last: number,
): readonly Choice[] | undefined {
  for (const neighbour of neighboursOf(turnsOf(best))) {
    if (asking.tries >= last) return undefined;
    const failing = asking.followed(neighbour.flat());
    if (failing !== undefined && isBetter(failing, best)) return failing;
  }
  return undefined;
}

function isBetter(one: readonly Choice[], other: readonly Choice[]): boolean {
  const fewer = switchesIn(one) - switchesIn(other);
  return fewer < 0 || (fewer === 0 && one.length < other.length);
}

function* neighboursOf(turns: readonly Turn[]): Generator<readonly Turn[]> {
  const before = (at: number): readonly Turn[] => turns.slice(0, at);
  for (const at of turns.keys()) yield [...before(at), ...turns.slice(at + 1)];
  for (const [at, turn] of turns.entries()) {
    const again = turns.findIndex((other, i) => i > at && other[0]?.task === turn[0]?.task);
    if (again < 0) continue;
    const [between, joined, rest] = [
      turns.slice(at + 1, again),
      [...turn, ...(turns[again] ?? [])],
      turns.slice(again + 1),
    ];
    yield [...before(at), joined, ...between, ...rest];
    yield [...before(at), ...between, joined, ...rest];
  }
  for (const [at, turn] of turns.entries()) {
    if (turn.length > 1) yield [...before(at), turn.slice(0, -1), ...turns.slice(at + 1)];
  }
}
