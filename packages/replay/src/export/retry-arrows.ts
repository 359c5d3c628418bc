/**
 * An arrow from the callback that told a notifier to the retry that it caused.
 *
 * Perfetto ties either end to the slice of that task that began last, whatever its time, and turns an arrow around whose
 * target began before its source. A section has begun before the callback that makes it retry, so an arrow to the section
 * would point at the callback. Both ends therefore have the time at which a slice begins: the mark `set_seq`, or the
 * callback where no set_seq was seen, and the mark `retry`.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import type { Callback, SectionStep } from "../timeline/read-sections.ts";
import { microseconds, TASKS, type Write } from "./chrome-record.ts";
import type { TaskSlices } from "./task-slices.ts";

/** The arrows of a trace. */
export class RetryArrows {
  readonly #write: Write;
  readonly #slices: TaskSlices;
  /** When a callback told its notifier; before that is seen, when it was called. Only what is exported is here. */
  readonly #told = new WeakMap<Callback, number>();
  /** The callback that each task is in. */
  readonly #callbacks = new Map<TaskId, Callback>();
  #arrows = 0;

  /** @param slices Where the marks are drawn from which arrows lead. */
  constructor(write: Write, slices: TaskSlices) {
    this.#write = write;
    this.#slices = slices;
  }

  /** Is told of each event that is exported; `lastOf` answers the last callback of a notifier. */
  saw(event: MmEvent, lastOf: (notifier: number) => Callback | undefined, atNs: number): void {
    const { type, task, index } = event;
    if (type === "invalidate") {
      const made = lastOf(event.notifier);
      if (made === undefined) return;
      this.#callbacks.set(task, made);
      this.#told.set(made, atNs);
    }
    if (type === "invalidate_return") this.#callbacks.delete(task);
    if (type !== "mmu_interval_set_seq") return;
    const { notifier, seq } = event;
    this.#slices.mark(task, "set_seq", atNs, { index, notifier, seq });
    const callback = this.#callbacks.get(task);
    if (callback !== undefined) this.#told.set(callback, atNs);
  }

  /** A task was told to try again: the mark is drawn already. */
  draw({ task }: MmEvent, step: SectionStep | undefined, atNs: number): void {
    const cause = step?.is === "retried" ? step.cause : undefined;
    const toldNs = cause === undefined ? undefined : this.#told.get(cause);
    if (cause === undefined || toldNs === undefined) return;
    this.#arrows += 1;
    const arrow = { name: "retry", cat: "flow", id: this.#arrows, pid: TASKS };
    this.#write({ ...arrow, ph: "s", ts: microseconds(toldNs), tid: cause.task });
    this.#write({ ...arrow, ph: "f", bp: "e", ts: microseconds(atNs), tid: task });
  }
}
