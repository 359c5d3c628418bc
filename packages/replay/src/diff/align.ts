/**
 * Two runs, aligned by happens-before: what each task did, and in which order tasks met.
 *
 * The steps of a task in one file stand beside those of the task that plays its part in the other, and after a
 * difference they are brought side by side again where both go on alike. Runs whose tasks did the same may still
 * differ in the order in which they touched one object; other orders mean nothing, and runs that differ only there
 * are equal.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import { Correspondence } from "./correspondence.ts";
import { goesOn, resume } from "./resume.ts";
import { type Events, type Pair, paired, tasksOf } from "./roles.ts";
import { fieldsBetween, isCompared, shapeOf } from "./shape.ts";

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
  /** Of two events of one type: the fields that differ. */
  readonly fields?: readonly string[];
  /** Events of the task, in the first run and in the second, until both go on alike. */
  readonly apart?: { readonly a: number; readonly b: number };
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

/** Differences that are kept; a task is followed no further after as many. */
export const DIFFERENCES_MAX = 1000;

/** A difference with its place in the order of the first run. */
type Placed = Difference & { readonly place: number };

/**
 * Aligns two runs, or two recordings.
 *
 * @param recorded One of them at least is a recording: names, ids and addresses are those of its boot.
 */
export function align(a: Events, b: Events, recorded = false): Alignment {
  const aligning = new Aligning(a, b, recorded);
  const tasks = [a, b].map((timeline) =>
    tasksOf(timeline, (index) => isCompared(timeline.eventAt(index), recorded)),
  );
  for (const pair of paired(tasks[0] ?? [], tasks[1] ?? [], recorded)) aligning.task(pair);
  aligning.orders();
  const sorted = aligning.found.toSorted((one, other) => one.place - other.place);
  const differences = sorted.slice(0, DIFFERENCES_MAX).map(({ place: _, ...rest }) => rest);
  return {
    equal: sorted.length === 0,
    first: differences[0] ?? null,
    differences,
    more: sorted.length > DIFFERENCES_MAX || aligning.gaveUp,
  };
}

/** The objects that an event names: two events of one object do not commute. */
function objectsOf(event: MmEvent): string[] {
  const fields = event as unknown as Record<string, unknown>;
  return ["mm", "notifier", "mirror", "plain"].flatMap((kind) =>
    typeof fields[kind] === "number" ? [`${kind}${fields[kind]}`] : [],
  );
}

/** One alignment while it is made. */
class Aligning {
  readonly found: Placed[] = [];
  /** A task had too many differences. */
  gaveUp = false;
  readonly #a: Events;
  readonly #b: Events;
  readonly #recorded: boolean;
  readonly #known: Correspondence;
  /** Where the events of the first run are in the second. */
  readonly #partner = new Map<number, number>();
  /** Numbers of the shapes' texts. */
  readonly #texts = new Map<string, number>();

  constructor(a: Events, b: Events, recorded: boolean) {
    this.#a = a;
    this.#b = b;
    this.#recorded = recorded;
    this.#known = new Correspondence(recorded);
  }

  /** Two tasks side by side. */
  task([left, right]: Pair): void {
    const task = (left?.task ?? right?.task) as TaskId;
    const [ours, theirs] = [left?.indexes ?? [], right?.indexes ?? []];
    const one = ours.map((index) => this.#numberOf(this.#a.eventAt(index)));
    const other = theirs.map((index) => this.#numberOf(this.#b.eventAt(index)));
    const most = this.found.length + DIFFERENCES_MAX;
    let [i, j] = [0, 0];
    while (i < ours.length || j < theirs.length) {
      if (this.found.length >= most) {
        this.gaveUp = true;
        return;
      }
      if (one[i] !== undefined && one[i] === other[j]) {
        this.#meet(task, ours[i] as number, theirs[j] as number);
        i += 1;
        j += 1;
        continue;
      }
      const place = { task, place: ours[i] ?? (ours[i - 1] ?? theirs[j] ?? 0) + 0.5 };
      const [a, b] = [ours[i] ?? null, theirs[j] ?? null];
      const isOne = this.#fields(a, b) !== undefined && goesOn(one, i + 1, other, j + 1);
      const skipped = isOne ? { a: 1, b: 1 } : resume(one, i, other, j);
      const apart = skipped ?? { a: ours.length - i, b: theirs.length - j };
      this.found.push({ ...place, ...this.#difference(a, b, apart) });
      i += apart.a;
      j += apart.b;
    }
  }

  /** Where tasks did the same: events of one object that come in another order. */
  orders(): void {
    const latest = new Map<string, number>();
    const most = this.found.length + DIFFERENCES_MAX;
    for (let index = 0; index < this.#a.length && this.found.length <= most; index += 1) {
      const other = this.#partner.get(index);
      if (other === undefined) continue;
      const event = this.#a.eventAt(index);
      const objects = objectsOf(event);
      const object = objects.find((name) => (latest.get(name) ?? -1) > other);
      if (object !== undefined) {
        const { task } = event;
        this.found.push({ kind: "order", task, a: index, b: other, object, place: index });
      }
      for (const name of objects) latest.set(name, Math.max(latest.get(name) ?? -1, other));
    }
  }

  /** Two events of one shape: their numbers may still differ. */
  #meet(task: TaskId, a: number, b: number): void {
    const [one, other] = [this.#a.eventAt(a), this.#b.eventAt(b)];
    const [left, right] = [shapeOf(one, this.#recorded), shapeOf(other, this.#recorded)];
    const begins = one.type === "mmu_notifier_invalidate_range_start";
    const fields = this.#known.meet(task, left, right, begins);
    if (fields.length === 0) this.#partner.set(a, b);
    else this.found.push({ kind: "event", task, a, b, fields, place: a });
  }

  #difference(
    a: number | null,
    b: number | null,
    apart: { readonly a: number; readonly b: number },
  ): Pick<Difference, "kind" | "a" | "b" | "fields" | "apart"> {
    const fields = this.#fields(a, b);
    if (fields !== undefined) return { kind: "event", a, b, fields, apart };
    if (apart.a > 0 && apart.b > 0) return { kind: "event", a, b, apart };
    return { kind: "missing", a: apart.a > 0 ? a : null, b: apart.b > 0 ? b : null, apart };
  }

  /** The fields in which events of one type differ; undefined: they are not of one type. */
  #fields(a: number | null, b: number | null): readonly string[] | undefined {
    if (a === null || b === null) return undefined;
    const [one, other] = [this.#a.eventAt(a), this.#b.eventAt(b)];
    return one.type === other.type ? fieldsBetween(one, other, this.#recorded) : undefined;
  }

  #numberOf(event: MmEvent): number {
    const { text } = shapeOf(event, this.#recorded);
    const known = this.#texts.get(text) ?? this.#texts.size;
    this.#texts.set(text, known);
    return known;
  }
}
