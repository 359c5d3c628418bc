/**
 * Lanes: the events of one task, one processor or one notifier, with their spans in rows that do not overlap.
 */
import type { Column } from "./column.ts";
import type { Recorded } from "./recorded.ts";
import type { Span } from "./span.ts";

/** What a lane stands for. */
export type LaneMode = "task" | "cpu" | "notifier";

/** Rows of spans in a lane at most; deeper ones share the last. */
const ROWS_MAX = 4;

/** Lanes without an mm come last. */
const NO_MM = Number.MAX_SAFE_INTEGER;

/** One lane. */
export interface Lane {
  readonly id: number;
  /** Where it lies among the others when none comes first. */
  readonly place: number;
  readonly label: string;
  /** Address spaces whose invalidations concern it. */
  readonly mms: ReadonlySet<number>;
  /** Spans by row, each row ascending and without overlap (but for the last one). */
  readonly rows: readonly (readonly Span[])[];
  /** Indexes of its events, ascending. */
  readonly events: Float64Array;
}

/** Names of tasks and pointers of objects, as the head has them. */
export type LaneNames = (mode: LaneMode, id: number) => string;

/** The lanes of a mode, those of an mm together. */
export function lanesOf(
  recorded: Recorded,
  spans: readonly Span[],
  mode: LaneMode,
  nameOf: LaneNames,
): Lane[] {
  const column = { task: recorded.tasks, cpu: recorded.cpus, notifier: recorded.notifiers }[mode];
  const own = new Map<number, Span[]>();
  for (const span of spans) {
    const list = own.get(span[mode]) ?? [];
    own.set(span[mode], list);
    list.push(span);
  }
  return [...eventsById(column)]
    .map(([id, events]): Omit<Lane, "place"> => {
      const mine = own.get(id) ?? [];
      return {
        id,
        label: nameOf(mode, id),
        mms: mmsOf(recorded, mode, id, mine),
        rows: rowsOf(mine),
        events,
      };
    })
    .sort((a, b) => Math.min(...a.mms, NO_MM) - Math.min(...b.mms, NO_MM) || a.id - b.id)
    .map((lane, place) => ({ ...lane, place }));
}

/**
 * Ascending indexes of the events of each id. Counted first: lists that grow by one took longer than a frame may, in
 * a recording of 100,000 events.
 */
function eventsById(column: Column): Map<number, Float64Array> {
  const counts: number[] = [];
  for (let index = 0; index < column.length; index += 1) {
    const id = column.at(index);
    if (id >= 0) counts[id] = (counts[id] ?? 0) + 1;
  }
  const lists = counts.map((count) => new Float64Array(count));
  const filled = counts.map(() => 0);
  for (let index = 0; index < column.length; index += 1) {
    const list = lists[column.at(index)];
    if (list === undefined) continue;
    const id = column.at(index);
    list[filled[id] as number] = index;
    filled[id] = (filled[id] as number) + 1;
  }
  // Ids without an event have left holes.
  return new Map([...lists.entries()].filter(([, list]) => list !== undefined));
}

function mmsOf(
  recorded: Recorded,
  mode: LaneMode,
  id: number,
  spans: readonly Span[],
): ReadonlySet<number> {
  const mms = new Set(spans.map(({ mm }) => mm));
  const known = mode === "task" ? recorded.mmOfTask.get(id) : recorded.mmOfNotifier.get(id);
  if (mode !== "cpu" && known !== undefined) mms.add(known);
  return mms;
}

/** Each span into the first row that is free. */
function rowsOf(spans: readonly Span[]): Span[][] {
  const rows: Span[][] = [];
  for (const span of spans) {
    const free = rows.findIndex((row) => (row.at(-1)?.end ?? -1) < span.start);
    if (free >= 0) rows[free]?.push(span);
    else if (rows.length < ROWS_MAX) rows.push([span]);
    else rows[ROWS_MAX - 1]?.push(span);
  }
  return rows;
}

/** Lanes with some of them first: those that a finding is about lie together. */
export function pinnedFirst(lanes: readonly Lane[], pinned: readonly number[]): Lane[] {
  const first = [...new Set(pinned)].flatMap((id) => lanes.find((lane) => lane.id === id) ?? []);
  return [...first, ...lanes.filter((lane) => !first.includes(lane))];
}
