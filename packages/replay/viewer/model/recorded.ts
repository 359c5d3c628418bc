/**
 * All that is drawn of a file, gathered in the one pass in which its events are read.
 *
 * It only arranges what events say; what they mean is the state, which the timeline folds.
 */
import type { MmEvent } from "@mmreplay/events";
import { Column, firstWhere } from "./column.ts";
import { Invalidations } from "./invalidations.ts";
import { Sections } from "./sections.ts";
import { type Gap, numberIn, type Span } from "./span.ts";

/** Columns by event, and spans. */
export class Recorded {
  /** Time since the base; never falls: an event lies where it was ordered. */
  readonly times = new Column();
  readonly types = new Column();
  readonly tasks = new Column();
  readonly cpus = new Column();
  readonly notifiers = new Column();
  readonly invalidations = new Invalidations();
  readonly sections: Sections;
  readonly gaps: Gap[] = [];
  readonly typeNames: string[] = [];
  /** The mm that each task has to do with, as last seen. */
  readonly mmOfTask = new Map<number, number>();
  readonly mmOfNotifier = new Map<number, number>();
  readonly #typeIds = new Map<string, number>();
  /** Greatest place of a line so far, to find where a loss began. */
  readonly #places = new Column();
  #time = 0;
  #place = 0;

  constructor() {
    this.sections = new Sections((notifier) => this.mmOfNotifier.get(notifier) ?? -1);
  }

  /** Events so far. */
  get length(): number {
    return this.times.length;
  }

  /** Is told of every event, in order. */
  saw(event: MmEvent): void {
    this.#time = Math.max(this.#time, event.at ?? 0);
    this.#place = Math.max(this.#place, ...(event.places ?? event.evidence ?? [0]));
    this.times.push(this.#time);
    this.#places.push(this.#place);
    this.types.push(this.#typeId(event.type));
    this.tasks.push(event.task);
    this.cpus.push(event.cpu ?? -1);
    this.notifiers.push(numberIn(event, "notifier"));
    this.#learn(event);
    this.invalidations.saw(event);
    this.sections.saw(event);
    if (event.type === "lost_events") this.#lost(event, event.cpu, event.since);
    else if (event.type === "buffer_started") this.#lost(event, event.cpu, 0);
  }

  /** All spans, when the last event was seen; `violating`: indexes of events that violate a rule. */
  finish(violating: Iterable<number>): readonly Span[] {
    this.invalidations.end(this.length - 1);
    const sections = this.sections.spans;
    const own = this.sections.byTask();
    for (const index of violating) {
      const mine = own.get(this.tasks.at(index)) ?? [];
      const after = firstWhere(0, mine.length, (place) => (mine[place]?.start ?? 0) > index);
      const last = mine[after - 1];
      if (last !== undefined && index <= last.end) last.outcome = "stale";
    }
    for (const span of sections) {
      const torn = this.gaps.some(({ from, to }) => from < span.end && to > span.start);
      if (torn && span.outcome === "kept") span.outcome = "unknown";
    }
    return [...sections, ...this.invalidations.spans].sort((a, b) => a.start - b.start);
  }

  /** The name of an event's type. */
  typeAt(index: number): string {
    return this.typeNames[this.types.at(index)] ?? "";
  }

  #typeId(type: string): number {
    const known = this.#typeIds.get(type);
    if (known !== undefined) return known;
    this.typeNames.push(type);
    this.#typeIds.set(type, this.typeNames.length - 1);
    return this.typeNames.length - 1;
  }

  #learn(event: MmEvent): void {
    const mm = numberIn(event, "mm");
    const notifier = numberIn(event, "notifier");
    if (notifier >= 0 && mm >= 0) this.mmOfNotifier.set(notifier, mm);
    const own = mm >= 0 ? mm : this.mmOfNotifier.get(notifier);
    if (own !== undefined) this.mmOfTask.set(event.task, own);
  }

  /** Events are missing between a processor's last line before the loss and this event. */
  #lost({ index }: MmEvent, cpu: number, since: number): void {
    const from = since === 0 ? 0 : firstWhere(0, index, (place) => this.#places.at(place) >= since);
    this.gaps.push({ from, to: index, cpu });
    this.sections.forget();
    this.invalidations.forget();
  }
}
