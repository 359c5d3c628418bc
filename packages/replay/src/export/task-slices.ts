/**
 * Slices of the tasks: what each is in the middle of, properly nested, and marks on them.
 *
 * A trace viewer draws a slice only if it lies wholly inside the one around it. Calls nest by themselves; where
 * a recording has lost an end, the calls inside end with the one around them. Perfetto ties the end of an arrow to the
 * slice of the task that began last, and a slice is half-open, so what takes no time could hold none: it is drawn
 * one nanosecond long, the shortest that there is. Times are whole nanoseconds, so that crosses no other slice.
 */
import type { TaskId } from "@mmreplay/events";
import { type Arguments, microseconds, TASKS, type Write } from "./chrome-record.ts";

/** What has no length is drawn so long. */
const MOMENT_NS = 1;

/** A slice that has begun. */
interface OpenSlice {
  readonly name: string;
  readonly category: string;
  readonly fromNs: number;
  readonly args: Arguments;
}

/** The open slices of each task. */
export class TaskSlices {
  readonly #write: Write;
  readonly #open = new Map<TaskId, OpenSlice[]>();

  /** @param write Takes each slice when it has ended. */
  constructor(write: Write) {
    this.#write = write;
  }

  /** A slice begins inside those that are open. */
  begin(task: TaskId, slice: OpenSlice): void {
    const stack = this.#open.get(task);
    if (stack === undefined) this.#open.set(task, [slice]);
    else stack.push(slice);
  }

  /** Adds to what the innermost slice of a name says. */
  tell(task: TaskId, name: string, args: Arguments): void {
    const slice = this.#open.get(task)?.findLast((one) => one.name === name);
    if (slice !== undefined) Object.assign(slice.args, args);
  }

  /** The innermost slice of a name ends, and those inside it: the inner ones first. */
  end(task: TaskId, name: string, atNs: number): void {
    const stack = this.#open.get(task) ?? [];
    const place = stack.findLastIndex((slice) => slice.name === name);
    if (place < 0) return;
    for (const slice of stack.splice(place).reverse()) this.#ended(task, slice, atNs);
  }

  /** Something that takes no time. */
  mark(task: TaskId, name: string, atNs: number, args: Arguments): void {
    this.#ended(task, { name, category: "mark", fromNs: atNs, args }, atNs);
  }

  /** No more events come: what is open is cut off. */
  cut(atNs: number): void {
    for (const [task, stack] of this.#open) {
      for (const slice of stack.splice(0).reverse()) {
        this.#ended(task, { ...slice, args: { ...slice.args, cut: true } }, atNs);
      }
    }
  }

  #ended(tid: TaskId, { name, category: cat, fromNs, args }: OpenSlice, toNs: number): void {
    const dur = microseconds(Math.max(toNs - fromNs, MOMENT_NS));
    this.#write({ ph: "X", name, cat, ts: microseconds(fromNs), dur, pid: TASKS, tid, args });
  }
}
