/**
 * Events by their tasks: each lane draws its own, and skips those that fall on one pixel.
 */
import type { Column } from "./column.ts";

/** Ascending indexes of events by their tasks. */
export function byTask(indexes: Float64Array, tasks: Column): ReadonlyMap<number, Float64Array> {
  const own = new Map<number, number[]>();
  for (const index of indexes) {
    const list = own.get(tasks.at(index));
    if (list === undefined) own.set(tasks.at(index), [index]);
    else list.push(index);
  }
  return new Map([...own].map(([task, list]) => [task, Float64Array.from(list)]));
}
