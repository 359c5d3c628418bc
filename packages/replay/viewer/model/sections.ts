/**
 * Read sections as spans, and their retries as arrows.
 *
 * What a section is, how it comes out and what made it retry is said in `timeline/read-sections.ts`.
 */
import type { MmEvent } from "@mmreplay/events";
import {
  type ReadSection,
  ReadSections,
  type SectionStep,
} from "../../src/timeline/read-sections.ts";
import type { Arrow, Span } from "./span.ts";

/** Follows the sections of all tasks. */
export class Sections {
  readonly spans: Span[] = [];
  readonly arrows: Arrow[] = [];
  readonly #sections = new ReadSections();
  /** The span of the section that each task is in. */
  readonly #open = new Map<number, Span>();
  readonly #mmOf: (notifier: number) => number;

  /** @param mmOf The mm of a notifier. */
  constructor(mmOf: (notifier: number) => number) {
    this.#mmOf = mmOf;
  }

  /** Is told of every event, in order. */
  saw(event: MmEvent): void {
    const step = this.#sections.saw(event);
    if (step === undefined) return;
    if (step.is === "begins") this.#begin(event, step.section);
    const span = step.section === undefined ? undefined : this.#open.get(event.task);
    if (span !== undefined && step.is !== "left") span.end = event.index;
    if (step.is === "kept" && span !== undefined) span.outcome = "kept";
    if (step.is === "left") this.#open.delete(event.task);
    if (step.is === "retried") this.#retried(event, step, span);
  }

  /** The sections of each task; none begins before the one before it has ended. */
  byTask(): ReadonlyMap<number, readonly Span[]> {
    const own = new Map<number, Span[]>();
    for (const span of this.spans) {
      const list = own.get(span.task);
      if (list === undefined) own.set(span.task, [span]);
      else list.push(span);
    }
    return own;
  }

  /** Nothing that was open is known any more. */
  forget(): void {
    this.#sections.forget();
  }

  #begin(event: MmEvent, { start, task, notifier, seq }: ReadSection): void {
    const span: Span = {
      kind: "section",
      start,
      end: start,
      task,
      cpu: event.cpu ?? -1,
      notifier,
      mm: this.#mmOf(notifier),
      label: `seq ${seq}`,
      outcome: "unknown",
    };
    this.spans.push(span);
    this.#open.set(task, span);
  }

  #retried(
    event: MmEvent,
    { cause, notifier }: SectionStep & { readonly is: "retried" },
    span: Span | undefined,
  ): void {
    if (span !== undefined) span.outcome = "retried";
    this.#open.delete(event.task);
    if (cause === undefined) return;
    this.arrows.push({
      from: cause.index,
      to: event.index,
      fromTask: cause.task,
      toTask: event.task,
      fromCpu: cause.cpu,
      toCpu: event.cpu ?? -1,
      notifier,
    });
  }
}
