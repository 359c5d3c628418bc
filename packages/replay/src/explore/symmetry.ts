/**
 * Symmetry: tasks that are alike may change places, and of all states that differ by that one is kept.
 *
 * The one that is kept has what like tasks have of their own in ascending order of rank. What is
 * shared may name a task, as the holder of a lock; then the name changes with the places.
 */
import { likeTasks, namesTasks, type Part, type Scenario } from "@mmreplay/core";
import { ABSENT, createPairMap } from "./pair-map.ts";
import type { PartValues } from "./part-values.ts";
import type { Rows } from "./rows.ts";

/** Exchanges like tasks in a row until it is the one that is kept. */
export interface Merge {
  /** Whether there are like tasks at all. */
  readonly possible: boolean;
  /**
   * Changes the row; if tasks moved, `from[index]` is the place (index of a task) from which the one
   * at `index` came.
   */
  apply(row: Int32Array): readonly number[] | undefined;
}

/** An order of tasks. */
interface Order {
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
  const orders = createOrders(scenario, tasks);
  const renamed = renamingOf(layout, values, rows);
  const from = new Int32Array(tasks.length);
  const numbers = new Int32Array(tasks.length);

  /** Sorts the numbers of a group by insertion: groups are small and mostly in order. */
  function sort(group: readonly number[]): void {
    for (let i = 1; i < group.length; i++) {
      const number = numbers[group[i] as number] as number;
      const source = from[group[i] as number] as number;
      let to = i;
      for (; to > 0; to--) {
        const before = group[to - 1] as number;
        if (!rows.isBefore(before, number, numbers[before] as number)) break;
        numbers[group[to] as number] = numbers[before] as number;
        from[group[to] as number] = from[before] as number;
      }
      numbers[group[to] as number] = number;
      from[group[to] as number] = source;
    }
  }

  return {
    possible: groups.length > 0,
    apply(row) {
      if (isSorted(groups, rows, row)) return undefined;
      for (let index = 0; index < tasks.length; index++) {
        numbers[index] = rows.own(row, index);
        from[index] = index;
      }
      for (const group of groups) {
        sort(group);
        for (let i = 0; i < group.length; i++) {
          const index = group[i] as number;
          rows.setOwn(row, index, numbers[index] as number);
        }
      }
      const order = orders.of(from);
      row[0] = renamed(row[0] as number, order);
      return order.from;
    },
  };
}

/** The number of what is shared when tasks have changed places. */
function renamingOf(
  layout: readonly Part[],
  values: PartValues,
  rows: Rows,
): (number: number, order: Order) => number {
  const shared = createPairMap();
  const parts = new Int32Array(layout.length);
  const naming = layout.flatMap((part, place) =>
    namesTasks(part) ? [{ place, renamed: createPairMap() }] : [],
  );
  return (number, order) => {
    const known = shared.find(number, order.code);
    if (known !== ABSENT) return known;
    rows.loadShared(number, parts);
    for (let i = 0; i < naming.length; i++) {
      const { place, renamed: names } = naming[i] as (typeof naming)[number];
      const before = parts[place] as number;
      let after = names.find(before, order.code);
      if (after === ABSENT) {
        after = values.exchanged(place, before, order.to);
        names.set(before, order.code, after, 0);
      }
      parts[place] = after;
    }
    const found = rows.sharedOf(parts);
    shared.set(number, order.code, found, 0);
    return found;
  };
}

/** An order of more tasks is no whole number that is exact; then none are merged. */
const MERGED_TASKS_MAX = 13;

/** The orders that have come up, by a number that is made of their places. */
function createOrders(scenario: Scenario, tasks: readonly number[]) {
  const known = new Map<number, Order>();
  return {
    of(from: Int32Array): Order {
      let key = 0;
      for (let index = 0; index < from.length; index++) {
        key = key * from.length + (from[index] as number);
      }
      const order = known.get(key);
      if (order !== undefined) return order;
      const to = scenario.programs.map((_, task) => task);
      for (const [index, source] of from.entries()) {
        to[tasks[source] as number] = tasks[index] as number;
      }
      const made = { from: [...from], to, code: known.size };
      known.set(key, made);
      return made;
    },
  };
}

/** Indexes of tasks that are alike, two or more in a group. */
function groupsOf(scenario: Scenario, tasks: readonly number[]): number[][] {
  // The list of plain notifiers and SRCU name tasks in many places; they are left as they are.
  if (scenario.plainNotifiers > 0 || tasks.length > MERGED_TASKS_MAX) return [];
  const like = likeTasks(scenario);
  const groups = new Map<number, number[]>();
  for (const [index, task] of tasks.entries()) {
    const shape = like[task] as number;
    groups.set(shape, [...(groups.get(shape) ?? []), index]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function isSorted(groups: readonly (readonly number[])[], rows: Rows, row: Int32Array): boolean {
  for (let g = 0; g < groups.length; g++) {
    const group = groups[g] as readonly number[];
    let before = rows.own(row, group[0] as number);
    for (let i = 1; i < group.length; i++) {
      const number = rows.own(row, group[i] as number);
      if (rows.isBefore(group[i] as number, number, before)) return false;
      before = number;
    }
  }
  return true;
}
