/**
 * Which task of one file stands for which of the other.
 *
 * In runs of one scenario ids say it. In recordings ids come in the order in which threads were first seen, which
 * another schedule changes; there the k-th task of a name plays the part of the k-th of that name, and names that
 * only one file has are paired in their order.
 */
import type { TaskId } from "@mmreplay/events";
import type { Timeline } from "../timeline/timeline.ts";

/** The events of a file: all that is asked of its timeline. */
export type Events = Pick<Timeline, "length" | "eventAt">;

/** A task with its events. */
export interface TaskEvents {
  readonly task: TaskId;
  readonly name: string;
  readonly indexes: readonly number[];
}

/** Two tasks that play one part; null: nobody does in that file. */
export type Pair = readonly [TaskEvents | null, TaskEvents | null];

/** Each task's events that are compared, in order. */
export function tasksOf(timeline: Events, takes: (index: number) => boolean): TaskEvents[] {
  const tasks = new Map<TaskId, { task: TaskId; name: string; indexes: number[] }>();
  for (let index = 0; index < timeline.length; index += 1) {
    if (!takes(index)) continue;
    const event = timeline.eventAt(index);
    const own = tasks.get(event.task) ?? { task: event.task, name: "", indexes: [] };
    if (own.indexes.length === 0) tasks.set(event.task, own);
    own.indexes.push(index);
    if (event.type === "task_start") own.name = event.name;
  }
  return [...tasks.values()];
}

/** The tasks of two files, paired. */
export function paired(
  left: readonly TaskEvents[],
  right: readonly TaskEvents[],
  recorded: boolean,
): Pair[] {
  if (!recorded) return pairedBy(left, right, ({ task }) => String(task));
  const named = pairedBy(left, right, roleIn);
  const both = named.filter(([a, b]) => a !== null && b !== null);
  const alone = named.flatMap(([a, b]) => (b === null && a !== null ? [a] : []));
  const others = named.flatMap(([a, b]) => (a === null && b !== null ? [b] : []));
  return [...both, ...pairedBy(alone, others, (_, __, place) => String(place))];
}

type KeyOf = (task: TaskEvents, before: readonly TaskEvents[], place: number) => string;

const roleIn: KeyOf = ({ name }, before) =>
  `${before.filter((one) => one.name === name).length} ${name}`;

function pairedBy(left: readonly TaskEvents[], right: readonly TaskEvents[], keyOf: KeyOf): Pair[] {
  const keyed = (tasks: readonly TaskEvents[]): Map<string, TaskEvents> =>
    new Map(tasks.map((task, place) => [keyOf(task, tasks.slice(0, place), place), task]));
  const [ours, theirs] = [keyed(left), keyed(right)];
  const keys = new Set([...ours.keys(), ...theirs.keys()]);
  return [...keys].map((key) => [ours.get(key) ?? null, theirs.get(key) ?? null]);
}
