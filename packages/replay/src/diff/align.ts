/**
 * Two runs, aligned by happens-before: what each task did, and in which order tasks met.
 *
 * The k-th event of a task in one run stands beside the k-th event of that task in the other. Runs whose tasks
 * did the same may still differ in the order in which they touched one object; other orders mean nothing, and
 * runs that differ only there are equal.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import type { Timeline } from "../timeline/timeline.ts";

/** How two runs differ at one place. */
export interface Difference {
  /** `event`: a task did something else; `missing`: one run has no such event; `order`: two tasks changed places. */
  readonly kind: "event" | "missing" | "order";
  readonly task: TaskId;
  /** Index in the first run, and in the second; null: it is not there. */
  readonly a: number | null;
  readonly b: number | null;
  /** Of another order: the object that is touched, as `notifier0`. */
  readonly object?: string;
}

/** What an alignment found. */
export interface Alignment {
  readonly equal: boolean;
  /** The first difference in the order of the first run. */
  readonly first: Difference | null;
  readonly differences: readonly Difference[];
  /** There are more than `DIFFERENCES_MAX`. */
  readonly more: boolean;
}

/** Differences that are kept. */
export const DIFFERENCES_MAX = 1000;

/** Where and when an event was seen says nothing of what happened. */
const INCIDENTAL: ReadonlySet<string> = new Set([
  "index",
  "at",
  "evidence",
  "places",
  "cpu",
  "order",
]);

/** What an event says, apart from where and when. */
function content(event: MmEvent): string {
  const entries = Object.entries(event).filter(([key]) => !INCIDENTAL.has(key));
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The objects that an event names: two events of one object do not commute. */
function objectsOf(event: MmEvent): string[] {
  const fields = event as unknown as Record<string, unknown>;
  return ["mm", "notifier", "mirror", "plain"].flatMap((kind) =>
    typeof fields[kind] === "number" ? [`${kind}${fields[kind]}`] : [],
  );
}

/** Indexes of each task's events, in order. */
function byTask(timeline: Timeline): Map<TaskId, number[]> {
  const tasks = new Map<TaskId, number[]>();
  for (let index = 0; index < timeline.length; index += 1) {
    const { task } = timeline.eventAt(index);
    const own = tasks.get(task);
    if (own === undefined) tasks.set(task, [index]);
    else own.push(index);
  }
  return tasks;
}

/** Aligns two runs. */
export function align(a: Timeline, b: Timeline): Alignment {
  const [left, right] = [byTask(a), byTask(b)];
  const differences: Difference[] = [];
  /** Where the events of the first run are in the second. */
  const partner = new Map<number, number>();
  for (const task of new Set([...left.keys(), ...right.keys()])) {
    alignTask(
      a,
      b,
      { task, left: left.get(task) ?? [], right: right.get(task) ?? [] },
      partner,
      differences,
    );
  }
  orders(a, partner, differences);
  const place = ({ a: at, b: other }: Difference): number => at ?? other ?? 0;
  const sorted = differences.sort((one, other) => place(one) - place(other));
  return {
    equal: sorted.length === 0,
    first: sorted[0] ?? null,
    differences: sorted.slice(0, DIFFERENCES_MAX),
    more: sorted.length > DIFFERENCES_MAX,
  };
}

interface TaskEvents {
  readonly task: TaskId;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** One task's events side by side, up to where it goes another way. */
function alignTask(
  a: Timeline,
  b: Timeline,
  { task, left, right }: TaskEvents,
  partner: Map<number, number>,
  differences: Difference[],
): void {
  for (let k = 0; k < Math.max(left.length, right.length); k += 1) {
    const [one, other] = [left[k], right[k]];
    if (one === undefined || other === undefined) {
      differences.push({ kind: "missing", task, a: one ?? null, b: other ?? null });
      return;
    }
    if (content(a.eventAt(one)) !== content(b.eventAt(other))) {
      differences.push({ kind: "event", task, a: one, b: other });
      return;
    }
    partner.set(one, other);
  }
}

/** Where tasks did the same: events of one object that come in another order. */
function orders(a: Timeline, partner: ReadonlyMap<number, number>, found: Difference[]): void {
  const latest = new Map<string, number>();
  const most = found.length + DIFFERENCES_MAX;
  for (let index = 0; index < a.length && found.length < most; index += 1) {
    const event = a.eventAt(index);
    const other = partner.get(index);
    if (other === undefined) continue;
    const object = objectsOf(event).find((name) => (latest.get(name) ?? -1) > other);
    if (object !== undefined) {
      found.push({ kind: "order", task: event.task, a: index, b: other, object });
    }
    for (const name of objectsOf(event)) latest.set(name, Math.max(latest.get(name) ?? -1, other));
  }
}
