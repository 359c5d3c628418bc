/**
 * The graph of a space: every state with its edges, and its strongly connected components.
 *
 * States are numbered in the order of breadth-first search; the edges of a state lie together.
 */
import { Expansion } from "./expansion.ts";
import type { Search } from "./search.ts";
import { createTupleTable } from "./tuple-table.ts";

/** A graph whose states are numbers from 0, the first one. */
export interface Graph {
  readonly size: number;
  /** Edges of a state: those from `first(state)` to `first(state + 1)`. */
  first(state: number): number;
  target(edge: number): number;
  move(edge: number): number;
}

/** All states and steps of a space; undefined if there are more states than `maxStates`. */
export function graphOf(search: Search, maxStates: number): Graph | undefined {
  const expansion = new Expansion(search);
  const { width } = search.space;
  const table = createTupleTable(width);
  const firsts: number[] = [0];
  const targets: number[] = [];
  const moves: number[] = [];
  const row = expansion.first();
  table.add(row);
  for (let state = 0; state < table.size; state++) {
    if (table.size > maxStates) return undefined;
    for (let i = 0; i < width; i++) row[i] = table.at(state, i);
    expansion.expand(row, (next, move) => {
      targets.push(table.add(next));
      moves.push(move);
    });
    firsts.push(targets.length);
  }
  return {
    size: table.size,
    first: (state) => firsts[state] as number,
    target: (edge) => targets[edge] as number,
    move: (edge) => moves[edge] as number,
  };
}

/** The graph with some of its edges: those whose move is wanted. */
export function withMoves(graph: Graph, wanted: (move: number) => boolean): Graph {
  const firsts: number[] = [0];
  const kept: number[] = [];
  for (let state = 0; state < graph.size; state++) {
    for (let edge = graph.first(state); edge < graph.first(state + 1); edge++) {
      if (wanted(graph.move(edge))) kept.push(edge);
    }
    firsts.push(kept.length);
  }
  return {
    size: graph.size,
    first: (state) => firsts[state] as number,
    target: (edge) => graph.target(kept[edge] as number),
    move: (edge) => graph.move(kept[edge] as number),
  };
}

/** Components with a cycle, each as its states (Tarjan 1972, without recursion). */
export function cyclicComponents(graph: Graph): number[][] {
  const { size } = graph;
  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const onStack = new Uint8Array(size);
  const edge = Int32Array.from({ length: size }, (_, state) => graph.first(state));
  const stack: number[] = [];
  const path: number[] = [];
  const found: number[][] = [];
  let count = 0;
  const enter = (state: number): void => {
    index[state] = count;
    low[state] = count;
    count += 1;
    onStack[state] = 1;
    stack.push(state);
    path.push(state);
  };
  const lower = (state: number, to: number): void => {
    if (to < (low[state] as number)) low[state] = to;
  };
  for (let root = 0; path.length > 0 || root < size; ) {
    const state = path.at(-1);
    if (state === undefined) {
      if (index[root] === -1) enter(root);
      root += 1;
      continue;
    }
    const at = edge[state] as number;
    if (at < graph.first(state + 1)) {
      edge[state] = at + 1;
      const target = graph.target(at);
      if (index[target] === -1) enter(target);
      else if (onStack[target] === 1) lower(state, index[target] as number);
      continue;
    }
    path.pop();
    const before = path.at(-1);
    if (before !== undefined) lower(before, low[state] as number);
    if (low[state] !== index[state]) continue;
    const component = stack.splice(stack.lastIndexOf(state));
    for (const member of component) onStack[member] = 0;
    if (component.length > 1 || hasLoop(graph, state)) found.push(component);
  }
  return found;
}

function hasLoop(graph: Graph, state: number): boolean {
  for (let edge = graph.first(state); edge < graph.first(state + 1); edge++) {
    if (graph.target(edge) === state) return true;
  }
  return false;
}
