/**
 * Retry without progress: a run that goes round for ever although nobody is kept from moving.
 *
 * A program's operations only follow one another, so a cycle of states completes none: its tasks move
 * again and again and get nowhere. It counts if weak fairness allows it: each task moves in the cycle,
 * or cannot move somewhere in it. Such a cycle exists in a strongly connected component if and only if
 * each task has a step or a state without one there.
 *
 * On one CPU nobody else moves while a task does not sleep, and no fairness helps: there a cycle of one task's steps
 * alone counts, too. Whoever waits for another task must sleep (K-Z10).
 */
import { cyclicComponents, type Graph, graphOf, withMoves } from "./graph.ts";
import type { Failure, Search } from "./search.ts";
import type { Space } from "./space.ts";

/** States that lead to each other, with the edges that may be taken there. */
interface Component {
  readonly graph: Graph;
  readonly states: readonly number[];
}

/**
 * The shortest way into a cycle that counts, and once round it; undefined if there is none. `oneCpu`: the tasks share
 * a CPU, which a task that does not sleep keeps.
 */
export function lassoOf(
  search: Search,
  maxStates: number,
  oneCpu = false,
): Failure | "too-large" | undefined {
  const graph = graphOf(search, maxStates);
  if (graph === undefined) return "too-large";
  const { space } = search;
  const alone = (task: number): Graph => withMoves(graph, (move) => taskOf(space, move) === task);
  const graphs = oneCpu ? [graph, ...space.tasks.map(alone)] : [graph];
  const inside = new Map<number, Component>();
  for (const each of graphs) {
    for (const states of cyclicComponents(each)) {
      if (!isFair(each, space, states)) continue;
      for (const state of states) inside.set(state, { graph: each, states });
    }
  }
  if (inside.size === 0) return undefined;
  const stem = shortest(graph, 0, (state) => inside.has(state)) as Walked;
  const component = inside.get(stem.end) as Component;
  const loop = roundTrip(component.graph, space, new Set(component.states), stem.end);
  const movers = [...new Set(loop.map((move) => taskOf(space, move)))].sort((a, b) => a - b);
  return {
    path: [...stem.moves, ...loop],
    stem: stem.moves.length,
    finding: {
      rule: "no-progress",
      message: `task${movers.join(", task")} can go round for ever: the last ${loop.length} steps lead back to where they began.`,
    },
  };
}

/** Whether a space has a cycle at all; of a reduced space this is known as well. */
export function hasCycle(search: Search, maxStates: number): boolean | "too-large" {
  const graph = graphOf(search, maxStates);
  return graph === undefined ? "too-large" : cyclicComponents(graph).length > 0;
}

const taskOf = (space: Space, move: number): number =>
  space.tasks[space.moves[move]?.index as number] as number;

function edgesOf(graph: Graph, state: number): number[] {
  const first = graph.first(state);
  return Array.from({ length: graph.first(state + 1) - first }, (_, i) => first + i);
}

/** What each task needs: a state in which it cannot move, or an edge that is its own. */
function isFair(graph: Graph, space: Space, states: readonly number[]): boolean {
  const inside = new Set(states);
  return space.tasks.every((task) =>
    states.some(
      (state) => rests(graph, space, state, task) || steps(graph, space, inside, state, task) >= 0,
    ),
  );
}

function rests(graph: Graph, space: Space, state: number, task: number): boolean {
  return edgesOf(graph, state).every((edge) => taskOf(space, graph.move(edge)) !== task);
}

/** An edge of a task that stays inside, or -1. */
function steps(
  graph: Graph,
  space: Space,
  inside: ReadonlySet<number>,
  state: number,
  task: number,
): number {
  const edge = edgesOf(graph, state).find((at) => {
    return inside.has(graph.target(at)) && taskOf(space, graph.move(at)) === task;
  });
  return edge ?? -1;
}

interface Walked {
  readonly end: number;
  readonly moves: number[];
}

/** The shortest walk from a state to one that is wanted; `inside` are the states that it may use. */
function shortest(
  graph: Graph,
  from: number,
  wanted: (state: number) => boolean,
  inside?: ReadonlySet<number>,
): Walked | undefined {
  const via = new Map<number, { readonly state: number; readonly move: number } | undefined>();
  via.set(from, undefined);
  for (const state of via.keys()) {
    if (wanted(state)) {
      const moves: number[] = [];
      for (let step = via.get(state); step !== undefined; step = via.get(step.state)) {
        moves.push(step.move);
      }
      return { end: state, moves: moves.reverse() };
    }
    for (const edge of edgesOf(graph, state)) {
      const target = graph.target(edge);
      if (via.has(target) || inside?.has(target) === false) continue;
      via.set(target, { state, move: graph.move(edge) });
    }
  }
  return undefined;
}

/** A walk through a component that gives every task its due and ends where it began. */
function roundTrip(
  graph: Graph,
  space: Space,
  inside: ReadonlySet<number>,
  start: number,
): number[] {
  const moves: number[] = [];
  let at = start;
  const walk = (wanted: (state: number) => boolean): void => {
    const walked = shortest(graph, at, wanted, inside) as Walked;
    moves.push(...walked.moves);
    at = walked.end;
  };
  const take = (edge: number): void => {
    moves.push(graph.move(edge));
    at = graph.target(edge);
  };
  for (const task of space.tasks) {
    if (moves.some((move) => taskOf(space, move) === task)) continue;
    const canRest = [...inside].some((state) => rests(graph, space, state, task));
    if (canRest) walk((state) => rests(graph, space, state, task));
    else {
      walk((state) => steps(graph, space, inside, state, task) >= 0);
      take(steps(graph, space, inside, at, task));
    }
  }
  if (moves.length === 0) {
    const edge = edgesOf(graph, at).find((one) => inside.has(graph.target(one))) as number;
    take(edge);
  }
  walk((state) => state === start);
  return moves;
}
