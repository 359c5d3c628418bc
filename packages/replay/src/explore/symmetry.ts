/**
 * Symmetry: tasks that are alike may change places, and of all states that differ by that one is kept.
 *
 * The one that is kept has the numbers of like tasks in ascending order. What is shared may name a
 * task, as the holder of a lock; then the name changes with the places.
 */
import { likeTasks, type Part, type Scenario, taskOwning } from "@mmreplay/core";
import { ABSENT, createPairMap } from "./pair-map.ts";
import type { PartValues } from "./part-values.ts";
import type { Rows } from "./rows.ts";

/** Exchanges like tasks in a row until it is the one that is kept. */
export interface Merge {
  /** Whether there are like tasks at all. */
  readonly possible: boolean;
  /** Changes the row; the places (indexes of tasks) from which each task came, if any moved. */
  apply(row: Int32Array): readonly number[] | undefined;
}

/** An order of tasks, and what is shared under it. */
interface Order {
  /** `from[index]`: the index whose task is at `index` now. */
  readonly from: readonly number[];
  /** For each task of the scenario its new one. */
  readonly to: readonly number[];
  readonly code: number;
}

/** The merge of a scenario's like tasks; `tasks` are the scenario's tasks by their indexes in a row. */
export function mergeLikeTasks(
  scenario: Scenario,
  tasks: readonly number[],
  layout: readonly Part[],
  values: PartValues,
  rows: Rows,
): Merge {
  const groups = groupsOf(scenario, tasks);
  const orders = new Map<string, Order>();
  const shared = createPairMap();
  const parts = new Int32Array(layout.length);
  const sharedPlaces = layout.flatMap((part, place) =>
    taskOwning(scenario, part) === undefined ? [place] : [],
  );

  function renamed(number: number, order: Order): number {
    const known = shared.find(number, order.code);
    if (known !== ABSENT) return known;
    rows.loadShared(number, parts);
    for (const place of sharedPlaces) {
      parts[place] = values.exchanged(place, parts[place] as number, order.to);
    }
    const found = rows.sharedOf(parts);
    shared.set(number, order.code, found, 0);
    return found;
  }

  function orderOf(from: readonly number[]): Order {
    const key = from.join();
    const known = orders.get(key);
    if (known !== undefined) return known;
    const to = scenario.programs.map((_, task) => task);
    for (const [index, source] of from.entries())
      to[tasks[source] as number] = tasks[index] as number;
    const order = { from, to, code: orders.size };
    orders.set(key, order);
    return order;
  }

  const numbers = tasks.map(() => 0);
  return {
    possible: groups.length > 0,
    apply(row) {
      if (isSorted(groups, rows, row)) return undefined;
      for (let index = 0; index < tasks.length; index++) numbers[index] = rows.own(row, index);
      const from = tasks.map((_, index) => index);
      for (const group of groups) {
        const sorted = [...group].sort((a, b) => (numbers[a] as number) - (numbers[b] as number));
        for (const [i, index] of group.entries()) from[index] = sorted[i] as number;
      }
      const order = orderOf(from);
      for (const [index, source] of from.entries()) {
        if (index !== source) rows.setOwn(row, index, numbers[source] as number);
      }
      row[0] = renamed(row[0] as number, order);
      return order.from;
    },
  };
}

/** Indexes of tasks that are alike, two or more in a group. */
function groupsOf(scenario: Scenario, tasks: readonly number[]): number[][] {
  // The list of plain notifiers and SRCU name tasks in many places; they are left as they are.
  if (scenario.plainNotifiers > 0) return [];
  const like = likeTasks(scenario);
  const groups = new Map<number, number[]>();
  for (const [index, task] of tasks.entries()) {
    const shape = like[task] as number;
    groups.set(shape, [...(groups.get(shape) ?? []), index]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function isSorted(groups: readonly (readonly number[])[], rows: Rows, row: Int32Array): boolean {
  for (const group of groups) {
    let before = -1;
    for (const index of group) {
      const number = rows.own(row, index);
      if (number < before) return false;
      before = number;
    }
  }
  return true;
}
