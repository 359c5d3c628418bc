/**
 * What Perfetto's importer makes of a trace in Chrome's format, as far as it breaks silently: which slices lie across
 * each other, and to which slice each end of an arrow is tied.
 *
 * Records are sorted by time: at one time first those with a length, longer ones first, then the others in the order of
 * the file. A task's slices are a stack; whatever begins takes away those that have ended, and a slice is half-open.
 * An arrow's end is tied to the slice on top, be it over or not; an arrow whose target began before its source is turned
 * around.
 */

/** A record of the format. */
export interface TraceRecord {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number | string;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** The thread of a record. */
export const thread = ({ pid, tid }: TraceRecord): string => `${pid} ${tid}`;

/** Nanoseconds of a time of the format. */
const ns = (microseconds: number): number => Math.round(microseconds * 1000);
const endOf = ({ ts, dur = 0 }: TraceRecord): number => ns(ts) + ns(dur);

/** Whether a record lies in a slice of its thread, whose end does not belong to it. */
export const isInside = (record: TraceRecord, slice: TraceRecord): boolean =>
  thread(record) === thread(slice) && ns(slice.ts) <= ns(record.ts) && ns(record.ts) < endOf(slice);

/** What was imported. */
export interface Imported {
  /** Slices that lie partly inside another one of their thread. */
  readonly crossing: readonly TraceRecord[];
  /** To which slice each end of an arrow is tied. */
  readonly tied: ReadonlyMap<TraceRecord, TraceRecord | undefined>;
}

/** Imports slices, instants of threads, and arrows. */
export function imported(records: readonly TraceRecord[]): Imported {
  const isSlice = ({ ph, s }: TraceRecord): boolean => ph === "X" || (ph === "i" && s === "t");
  const used = records.filter((one) => isSlice(one) || one.ph === "s" || one.ph === "f");
  const length = ({ ph, dur = 0 }: TraceRecord): number => (ph === "X" ? ns(dur) : -1);
  const stacks = new Map<string, TraceRecord[]>();
  const crossing: TraceRecord[] = [];
  const tied = new Map<TraceRecord, TraceRecord | undefined>();
  for (const record of used.toSorted((a, b) => ns(a.ts) - ns(b.ts) || length(b) - length(a))) {
    const stack = stacks.get(thread(record)) ?? [];
    stacks.set(thread(record), stack);
    if (!isSlice(record)) {
      tied.set(record, stack.at(-1));
      continue;
    }
    const open = stack.filter((slice) => endOf(slice) > ns(record.ts));
    if (open.some((slice) => endOf(slice) < endOf(record))) crossing.push(record);
    stack.splice(0, stack.length, ...open, record);
  }
  return { crossing, tied };
}

/** What is wrong with a trace's arrows. */
export function wrongArrows(records: readonly TraceRecord[]): string[] {
  const { tied } = imported(records);
  const sources = new Map<string, TraceRecord | undefined>();
  const wrong: string[] = [];
  for (const flow of records.filter(({ ph }) => ph === "s" || ph === "f")) {
    const { ph, cat, name, id, bp, ts } = flow;
    const slice = tied.get(flow);
    const key = `${cat} ${name} ${id}`;
    const say = (what: string): void => void wrong.push(`${key} ${ph} at ${ts}: ${what}`);
    if (typeof id !== "number" && !/^0x[0-9a-f]+$/.test(id ?? "")) say("no id");
    if (slice === undefined || !isInside(flow, slice)) say("inside no slice");
    if (ph === "s") {
      if (sources.has(key)) say("begins twice");
      sources.set(key, slice);
      continue;
    }
    if (bp !== "e") say("not bound to what is around it");
    if (!sources.has(key)) say("ends before it begins");
    if ((sources.get(key)?.ts ?? 0) > (slice?.ts ?? 0)) say("points back");
    sources.delete(key);
  }
  for (const key of sources.keys()) wrong.push(`${key}: no end`);
  return wrong;
}

/** Beginnings without an end, and ends without a beginning: of slices and of asynchronous bands. */
export function unbalanced(records: readonly TraceRecord[]): string[] {
  const open = new Map<string, number>();
  const wrong: string[] = [];
  for (const record of records.filter(({ ph }) => "BEbe".includes(ph))) {
    const { ph, cat, id, name } = record;
    const key = "BE".includes(ph) ? `slice of ${thread(record)}` : `band ${cat} ${id} ${name}`;
    const depth = (open.get(key) ?? 0) + ("Bb".includes(ph) ? 1 : -1);
    open.set(key, depth);
    if (depth < 0) wrong.push(`${key} ends before it begins`);
    if (depth > 1 && ph === "b") wrong.push(`${key} begins twice`);
  }
  for (const [key, depth] of open) if (depth > 0) wrong.push(`${key} does not end`);
  return wrong;
}
