/**
 * Read sections as slices of their tasks, with their outcomes, and a mark where a task is told to try again.
 *
 * A section that has stored or retried is over only if its task does something else next, and then it ended where it
 * stored or retried: its end is known one event later than its time. What a section is, and what made it retry, is
 * said in `timeline/read-sections.ts`.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import type { SectionStep } from "../timeline/read-sections.ts";
import type { TaskSlices } from "./task-slices.ts";

const SECTION = "read section";

/** The sections of all tasks. */
export class SectionSlices {
  readonly #slices: TaskSlices;
  /** Sections that have stored, or retried, and when: they end there unless they go on. */
  readonly #closing = new Map<TaskId, number>();

  /** @param slices Where they are drawn. */
  constructor(slices: TaskSlices) {
    this.#slices = slices;
  }

  /** Before anything else of an event is drawn: a section of its task ends, a new one begins around what follows. */
  before({ task }: MmEvent, step: SectionStep | undefined, atNs: number): void {
    if (step?.is !== "goes_on") this.#close(task);
    if (step?.is !== "begins") return;
    const { notifier, seq } = step.section;
    this.#slices.end(task, SECTION, atNs);
    const args = { notifier, seq };
    this.#slices.begin(task, { name: SECTION, category: "read", fromNs: atNs, args });
  }

  /** After the calls of an event are drawn: what it means for the section around them. */
  after({ type, task, index }: MmEvent, step: SectionStep | undefined, atNs: number): void {
    switch (step?.is) {
      case "goes_on":
        if (type === "device_map") this.#closing.set(task, atNs);
        break;
      case "kept":
        this.#slices.tell(task, SECTION, { outcome: "kept" });
        break;
      case "retried":
        if (step.section !== undefined) this.#slices.tell(task, SECTION, { outcome: "retried" });
        this.#slices.mark(task, "retry", atNs, { index, notifier: step.notifier });
        this.#closing.set(task, atNs);
        break;
      case "left":
        this.#slices.end(task, SECTION, atNs);
        break;
      default:
    }
  }

  /** No more events come: sections that have stored or retried are over. */
  end(): void {
    for (const task of [...this.#closing.keys()]) this.#close(task);
  }

  #close(task: TaskId): void {
    const atNs = this.#closing.get(task);
    if (atNs === undefined) return;
    this.#closing.delete(task);
    this.#slices.end(task, SECTION, atNs);
  }
}
