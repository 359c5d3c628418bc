/**
 * The graph of a scenario's states with what can be seen of each from outside, and whether one such
 * graph can do whatever another can.
 *
 * Seen are: which calls each task has made, the page tables of the CPU and of the devices, whether
 * nobody can go on, and whether a notifier is still linked after its removal has returned, when its
 * memory may be freed. A mutant that does nothing that the model could not do, and conversely, breaks
 * nothing that anybody could notice, although its states are others.
 */
import { LINUX_6_1, type ModelChange, type NamedScenario, type State } from "@mmreplay/core";
import { canonical } from "@mmreplay/events";
import { spaceOf } from "./prepare.ts";
import { MOVES, WAITS } from "./space.ts";

/** States by number, from 0, the first one. */
export interface ObservedGraph {
  /** What is seen of each. */
  readonly seen: readonly string[];
  /** Where steps lead to from each. */
  readonly next: readonly (readonly number[])[];
}

/**
 * The return of a call is a step of its own: what a call has done, others may notice before it has
 * returned. Without this a change inside of a call would be seen as a change of the caller's order.
 */
const RETURNS: readonly string[] = Object.keys(LINUX_6_1.labels).filter((label) =>
  /_return(_|$)/.test(label),
);

/** The observed graph of a scenario under the model, or with a change to it; nearest states first. */
export function observedGraph(named: NamedScenario, mutant?: ModelChange): ObservedGraph {
  const points = new Set([...named.points, ...RETURNS]);
  const space = spaceOf({ named: { ...named, points }, mutant });
  const numbers = new Map<string, number>();
  const rows: Int32Array[] = [];
  const numberOf = (row: Int32Array): number => {
    const text = row.join();
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, rows.length);
    return rows.push(row.slice()) - 1;
  };
  const seen: string[] = [];
  const next: number[][] = [];
  const after = space.initial.slice();
  numberOf(space.initial);
  for (const row of rows) {
    const tried = space.moves.map((_, move) => {
      const outcome = space.step(row, move, after);
      return outcome === MOVES ? numberOf(after) : outcome;
    });
    const following = tried.filter((outcome) => outcome >= 0);
    const stuck = following.length === 0 && tried.includes(WAITS);
    seen.push(space.memory.look(space.partsOf(row), (state) => seenOf(state, stuck)));
    next.push([...new Set(following)]);
  }
  return { seen, next };
}

function seenOf({ tasks, mms, mirrors, notifiers }: State, stuck: boolean): string {
  return canonical({
    calls: tasks.map(({ pc }) => pc),
    cpu: mms.map(({ cpu }) => cpu),
    devices: mirrors.map(({ device }) => device),
    linkedAfterRemoval: notifiers.map(
      ({ phase, inTree, deferred }) => phase === "free" && (inTree || deferred),
    ),
    stuck,
  });
}

/** Whether each of two graphs can do whatever the other can. */
export function observablyEqual(one: ObservedGraph, other: ObservedGraph): boolean {
  return canDoAllOf(one, other) && canDoAllOf(other, one);
}

/**
 * Whether `able` can do all that `model` does: where a step of the model changes what is seen, it makes
 * the same change, after any steps that change nothing that is seen; where it does not, it may wait.
 *
 * Begins with all pairs of states in which the same is seen and takes away those of which this is not
 * true, until it is true of all that are left (the greatest simulation).
 */
export function canDoAllOf(able: ObservedGraph, model: ObservedGraph): boolean {
  const weak = able.seen.map((_, state) => weakSteps(able, state));
  const same = new Map<string, number[]>();
  for (const [state, seen] of able.seen.entries()) {
    same.set(seen, [...(same.get(seen) ?? []), state]);
  }
  const like = model.seen.map((seen) => new Set(same.get(seen) ?? []));
  const follows = (state: number, to: number): boolean =>
    meet(weak[state] as Set<number>, like[to] as Set<number>);
  for (let changed = true; changed; ) {
    changed = false;
    // From the end: what is taken away there decides about the states before.
    for (let state = like.length - 1; state >= 0; state--) {
      for (const other of like[state] as Set<number>) {
        if (model.next[state]?.every((to) => follows(other, to))) continue;
        (like[state] as Set<number>).delete(other);
        changed = true;
      }
    }
  }
  return (like[0] as Set<number>).has(0);
}

function meet(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  const [fewer, more] = one.size < other.size ? [one, other] : [other, one];
  for (const element of fewer) if (more.has(element)) return true;
  return false;
}

/** Where one can come to without any change that is seen, and with one more step, which may be seen. */
function weakSteps({ seen, next }: ObservedGraph, from: number): Set<number> {
  const reached = new Set([from]);
  const open = [from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen[state] !== seen[from]) continue;
    for (const to of next[state] as readonly number[]) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}
